# SPDX-License-Identifier: MIT
"""Amounts are exact at the edges, or refused."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook import units
from wattbook.errors import AmountInexact, AmountNegative, AmountUnreadable, EnergyOutOfRange, PriceOutOfRange


@pytest.mark.parametrize(
    ("text", "wh"),
    [("1.5", 1500), ("0", 0), ("0.010", 10), (" 2 ", 2000), (".5", 500), ("8388.607", 8_388_607)],
)
def test_kilowatt_hours_become_watt_hours(text: str, wh: int):
    assert units.parse_energy(text) == wh


def test_prices_become_ticks_and_come_back():
    assert units.parse_price("0.1900") == 1900
    assert units.format_price(1900) == "0.1900"
    assert units.parse_price(Decimal("5.7599")) == units.MAX_PRICE_TICKS


def test_money_becomes_cash_units_and_comes_back():
    assert units.parse_cash("1.2345") == 12_345_000
    assert units.format_cash(12_345_000) == "1.2345000"
    assert units.format_cash(-1) == "-0.0000001"


def test_the_worked_example_of_the_design_is_0_3260():
    cash = units.value_of(1500, 1900) + units.value_of(500, 2100) - units.value_of(200, 3200)
    assert units.format_cash_rounded(cash, 4, ROUND_HALF_EVEN) == "0.3260"


@pytest.mark.parametrize("text", ["1.0001", "0.00001"])
def test_energy_finer_than_a_watt_hour_is_refused(text: str):
    with pytest.raises(AmountInexact, match=r"multiple of 0\.001"):
        units.parse_energy(text)


def test_a_named_rounding_allows_what_is_inexact():
    assert units.parse_energy("1.0009", rounding=ROUND_FLOOR) == 1000
    assert units.parse_price("0.19001", rounding=ROUND_CEILING) == 1901
    assert units.parse_cash("-0.00000001", rounding=ROUND_FLOOR) == -1


@pytest.mark.parametrize(
    "text", ["", "-", ".", "1e3", "1,5", "0x10", "NaN", "inf", "1.2.3", "٣", "1_000", "9" * 41]
)
def test_what_is_not_a_plain_number_is_refused(text: str):
    with pytest.raises(AmountUnreadable):
        units.parse_cash(text)


@pytest.mark.parametrize(
    "amount", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e99999"), Decimal("1e-99999")]
)
def test_decimals_that_are_no_amount_are_refused(amount: Decimal):
    with pytest.raises(AmountUnreadable):
        units.parse_cash(amount)


@pytest.mark.parametrize("amount", [1.5, True, None, b"1"])
def test_floats_and_other_types_are_no_amounts(amount: object):
    with pytest.raises(TypeError):
        units.parse_energy(amount)  # type: ignore[arg-type]


def test_energy_below_0_is_refused():
    with pytest.raises(AmountNegative):
        units.parse_energy("-0.001")


@pytest.mark.parametrize("ticks", [-1, 57_600])
def test_a_price_out_of_range_says_its_ticks(ticks: int):
    with pytest.raises(PriceOutOfRange) as refused:
        units.check_price(ticks)
    assert refused.value.facts == {"ticks": ticks}


@pytest.mark.parametrize("wh", [9, 8_388_608])
def test_an_order_out_of_range_says_its_energy(wh: int):
    with pytest.raises(EnergyOutOfRange) as refused:
        units.check_order_energy(wh)
    assert refused.value.facts == {"wh": wh}


def test_a_negative_order_is_out_of_range():
    with pytest.raises(EnergyOutOfRange):
        units.parse_order_energy("-1")


@given(st.integers(-(10**25), 10**25))
def test_what_is_formatted_parses_back(value: int):
    assert units.parse_cash(units.format_cash(value)) == value
    assert units.parse_energy(units.format_energy(abs(value))) == abs(value)


@given(st.decimals(-(10**9), 10**9, places=9), st.sampled_from([ROUND_FLOOR, ROUND_CEILING, ROUND_HALF_EVEN]))
def test_rounding_moves_by_less_than_a_unit(amount: Decimal, rounding: str):
    assert abs(units.parse_cash(amount, rounding) - amount * 10**7) < 1
