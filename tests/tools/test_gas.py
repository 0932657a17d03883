# SPDX-License-Identifier: MIT
"""What `make gas` says of figures: changes, reaches, the table. `make test` measures as a job of its own."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.gas import results, table
from bench.gas.reaches import reach_of
from bench.gas.results import Measured

PLACE = Measured("place, existing level, third there", "recycled", 64_000)


def sentences(pinned: list[Measured], found: list[Measured]) -> list[str]:
    return list(results.differences(pinned, found))


def test_equal_figures_are_no_difference() -> None:
    assert sentences([PLACE], [PLACE]) == []


@pytest.mark.parametrize("gas", [63_999, 64_001])
def test_one_unit_of_gas_is_a_difference_either_way(gas: int) -> None:
    changed = Measured(PLACE.operation, PLACE.state, gas)
    assert sentences([PLACE], [changed]) == [f"{PLACE.name}: 64,000 → {gas:,} gas ({gas - 64_000:+,})"]


def test_new_and_missing_lines_are_differences() -> None:
    other = Measured(PLACE.operation, "first use", 98_000)
    assert sentences([PLACE], [other]) == [
        f"{other.name}: 98,000 gas, not in the snapshot",
        f"{PLACE.name}: in the snapshot, but no longer measured",
    ]


def test_a_shared_figure_is_rounded_up() -> None:
    line = Measured("settle a member, of 1,000", "recycled", 10_000_001, 1_000)
    assert line.each == 10_001
    assert table.is_above(line)
    assert "1.01" in table.cells(line)


def test_a_figure_at_its_reach_is_within() -> None:
    assert not table.is_above(PLACE)
    assert "1.00" in table.cells(PLACE)


def test_a_snapshot_is_read_as_it_was_written(tmp_path: Path) -> None:
    lines = [PLACE, Measured("claim fills, 100 makers' entries", "recycled", 1_300_000, 100)]
    results.write(lines, tmp_path / "snapshot.json")
    assert results.read(tmp_path / "snapshot.json") == lines


def test_every_line_of_the_snapshot_has_a_reach_in_some_state() -> None:
    lines = results.read()
    held = {line.operation for line in lines if reach_of(line).gas}
    # What the operator's preparation spares is shown, and nothing else is without a reach.
    assert {line.operation for line in lines} - held == {"place, first in a market, not prepared"}


def test_the_table_in_the_docs_is_the_snapshot() -> None:
    text = table.DOCUMENT.read_text()
    assert table.with_table(text, results.read()) == text
