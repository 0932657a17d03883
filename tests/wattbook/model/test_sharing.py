# SPDX-License-Identifier: MIT
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.model.sharing import cumulative_floor, default_energies, share_difference

SHARED = json.loads((Path(__file__).parents[2] / "vectors" / "sharing.json").read_text("utf-8"))
energies = st.lists(st.integers(0, 5_000), min_size=1, max_size=20)


@pytest.mark.parametrize("vector", SHARED["shares"], ids=lambda vector: vector["source"])
def test_a_difference_is_shared_as_in_the_vector(vector: dict[str, Any]) -> None:
    limits = [vector["limit"]] * len(vector["substitutes"])
    assert share_difference(vector["substitutes"], vector["difference"], limits) == vector["shares"]


@pytest.mark.parametrize("vector", SHARED["defaults"])
def test_a_default_goes_to_the_missing_points_as_in_the_vector(vector: dict[str, Any]) -> None:
    assert default_energies(vector["defaults"], vector["limits"], vector["wanted"]) == vector["energies"]


@given(st.integers(0, 10**9), energies)
def test_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    parts = cumulative_floor(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0


@given(energies, st.integers(0, 10_000), st.integers(0, 100_000))
def test_shares_keep_to_their_limits_and_lose_nothing_that_fits(
    substitutes: list[int], limit: int, difference: int
) -> None:
    shares = share_difference(substitutes, difference, [limit] * len(substitutes))
    assert all(0 <= share <= limit for share in shares)
    assert sum(shares) == min(difference, limit * len(substitutes))
