# SPDX-License-Identifier: MIT
"""Money in and out with payment tokens of other decimals than the test euro's."""

from collections.abc import Iterator

import pytest

from tests.api.house import House
from tests.api.stage import START, Stage, account_of, key_of, lay
from tests.contracts.live_chain import anvil
from wattbook.payment_token import PaymentToken

ANA = account_of("Ana")
MONEY = f"/v1/accounts/{ANA}/money"


@pytest.fixture(scope="session", params=[0, 2, 18])
def laid(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with anvil(START) as chain:
        yield lay(chain, PaymentToken("FEUR", request.param))


async def send(house: House, name: str, **wish: object) -> None:
    """A transaction as the API prepares it, sent by Ana."""
    prepared = await house.post(f"/v1/transactions/{name}", {"account": ANA, **wish})
    house.stage.chain._transact({key: prepared[key] for key in ("from", "to", "data")})
    await house.index()


async def test_the_deployment_tells_the_token(house: House) -> None:
    token, known = house.stage.deployment.token, (await house.get("/v1/deployment"))["token"]
    vault = [
        house.stage.chain.read("PaymentVault", name)
        for name in ("cashUnitsPerTokenUnit", "tokenUnitsPerCashUnit")
    ]
    assert (known["symbol"], known["decimals"]) == ("FEUR", token.decimals)
    assert [known["cashUnitsPerTokenUnit"], known["tokenUnitsPerCashUnit"]] == vault


async def test_deposits_and_withdrawals_are_the_same_money_in_any_token(house: House) -> None:
    one = 10**house.stage.deployment.token.decimals
    await send(house, "deposit", amountCurrency="12")
    await send(house, "withdraw", amountCurrency="5", to=key_of("Ben").address)
    found = await house.get(f"/v1/accounts/{ANA}", name="Ana")
    assert (found["balanceCurrency"], found["walletTokens"]) == ("107.0000000", str(888 * one))
    moves = (await house.get(MONEY, name="Ana"))["items"]
    assert [(move["kind"], move["amountCurrency"]) for move in moves] == [
        ("withdrawal", "-5.0000000"),
        ("deposit", "12.0000000"),
        ("deposit", "100.0000000"),
    ]


async def test_the_wallet_says_what_it_sends(house: House) -> None:
    wish = {"account": ANA, "amountCurrency": "3"}
    prepared = await house.post("/v1/transactions/approve", wish)
    assert prepared["description"] == "Let the vault take 3.0000000 of the payment token"
    permit = await house.post("/v1/typed-data/permit", wish)
    assert permit["amountTokens"] == str(3 * 10**house.stage.deployment.token.decimals)


async def test_amounts_finer_than_token_or_vault_are_refused(house: House) -> None:
    decimals, path = house.stage.deployment.token.decimals, "/v1/transactions/deposit"
    finer = f"1.{'0' * min(decimals, 7)}1"
    wish = {"account": ANA, "amountCurrency": finer}
    assert await house.refused("POST", path, 422, json=wish) == "amount-inexact"
    if decimals > 7:
        odd = {"account": ANA, "amountTokens": "1" + "0" * (decimals - 8) + "1"}
        assert await house.refused("POST", path, 422, json=odd) == "not-whole-cash-units"
    beyond = {"account": ANA, "amountTokens": str(2 * 10 ** (decimals + 12))}
    assert await house.refused("POST", path, 422, json=beyond) == "request-invalid"
