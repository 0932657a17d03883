# SPDX-License-Identifier: MIT
"""Ids pack and unpack without loss; what no contract can hold is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook import ids
from wattbook.errors import IdOutOfRange

AREAS = st.integers(0, 255)


@given(AREAS, st.sampled_from(ids.Carrier), st.integers(0, 2**32 - 1))
def test_a_market_unpacks_to_what_was_packed(area: int, carrier: ids.Carrier, period: int):
    market = ids.pack_market(area, carrier, period)
    assert market < 2**48
    assert ids.unpack_market(market) == (area, carrier, period)


@given(AREAS, st.integers(1, 65_535))
def test_an_account_unpacks_to_what_was_packed(area: int, number: int):
    account = ids.pack_account(area, number)
    assert account < 2**24
    assert ids.unpack_account(account) == (area, number)


def test_markets_sort_by_area_then_carrier_then_period():
    keys = [(0, 0, 9), (0, 1, 0), (1, 0, 0)]
    assert sorted(keys) == [
        tuple(ids.unpack_market(m)) for m in sorted(ids.pack_market(*key) for key in keys)
    ]


def test_the_first_accounts_of_an_area_are_not_members():
    assert ids.backstop_of(3) == 3 << 16 | 1
    assert ids.fee_account_of(3) == 3 << 16 | 2
    assert not ids.is_member(ids.pack_account(3, 15))
    assert ids.is_member(ids.pack_account(3, 16))


def test_a_boundary_belongs_to_the_period_that_starts_there():
    assert ids.period_of(1800, 900) == 2
    assert ids.period_of(1799, 900) == 1
    assert ids.starts_at(2, 900) == 1800


def test_four_points_share_a_word():
    assert [ids.point_word(point) for point in (1, 3, 4, 5)] == [(0, 1), (0, 3), (1, 0), (1, 1)]


@pytest.mark.parametrize(
    "call",
    [
        lambda: ids.pack_market(256, 0, 0),
        lambda: ids.pack_market(0, 0, 2**32),
        lambda: ids.unpack_market(2**48),
        lambda: ids.pack_account(0, 0),
        lambda: ids.unpack_account(-1),
        lambda: ids.period_of(-1, 900),
        lambda: ids.point_word(0),
    ],
)
def test_an_id_out_of_range_is_refused(call):
    with pytest.raises(IdOutOfRange, match="does not exist: give"):
        call()
