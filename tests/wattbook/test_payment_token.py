# SPDX-License-Identifier: MIT
"""The payment token's units, from 0 to 18 decimals, beside cash units of 1e-7."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.errors import AmountInexact
from wattbook.payment_token import PaymentToken

DECIMALS = range(19)


@pytest.mark.parametrize("decimals", DECIMALS)
def test_one_unit_of_currency_is_the_same_in_both(decimals: int):
    token = PaymentToken("T", decimals)
    assert token.to_cash(10**decimals) == 10**7
    assert token.from_cash(10**7) == (10**decimals, 0)
    assert 1 in (token.cash_units_per_token_unit, token.token_units_per_cash_unit)


@given(st.sampled_from(DECIMALS), st.integers(0, 2**64 - 1))
def test_nothing_is_lost_between_cash_and_tokens(decimals: int, cash: int):
    token = PaymentToken("T", decimals)
    tokens, rest = token.from_cash(cash)
    assert token.is_whole(tokens)
    assert token.to_cash(tokens) + rest == cash
    assert 0 <= rest < token.cash_units_per_token_unit


@pytest.mark.parametrize(
    ("decimals", "text", "tokens"),
    [(0, "12", 12), (2, "12.5", 1250), (6, "0.000001", 1), (18, "0.0000001", 10**11), (18, "3", 3 * 10**18)],
)
def test_amounts_are_read_exactly(decimals: int, text: str, tokens: int):
    assert PaymentToken("T", decimals).parse(text) == tokens


@pytest.mark.parametrize(
    ("decimals", "text", "step"),
    [(0, "12.5", "1"), (2, "0.125", "0.01"), (6, "0.0000001", "0.000001"), (18, "0.00000001", "0.0000001")],
)
def test_an_amount_that_can_not_be_paid_is_refused(decimals: int, text: str, step: str):
    with pytest.raises(AmountInexact) as refused:
        PaymentToken("T", decimals).parse(text)
    assert refused.value.facts["step"] == step


def test_token_units_below_a_cash_unit_are_no_whole_cash_units():
    token = PaymentToken("T", 18)
    assert not token.is_whole(10**11 - 1)
    assert token.is_whole(10**11)


@pytest.mark.parametrize("decimals", [-1, 19])
def test_no_other_token_can_be_one(decimals: int):
    with pytest.raises(ValueError, match="0 to 18 decimals"):
        PaymentToken("T", decimals)
