# SPDX-License-Identifier: MIT
"""Every code that a route can answer with, at the door it comes in by; and nothing is changed by any."""

from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from api.errors import ApiError
from api.tables.relay import queue
from tests.api.house import House, opened
from tests.api.stage import CALENDAR, MEMBERS, Stage, account_of, market_of
from wattbook.orders import Kind, Order, pack_order

NOWHERE = market_of(7)
ORDER = "/v1/typed-data/order"
HASH = "0x" + "ab" * 32


def wish(stage: Stage, name: str = "Ana", **changed: Any) -> dict[str, Any]:
    body = {"account": account_of(name), "market": stage.market, "side": "offer"}
    return body | {"energyKwh": "1", "pricePerKwh": "0.19"} | changed


def signed(stage: Stage, name: str, order: Order, signer: str = "") -> dict[str, str]:
    return {"order": f"0x{pack_order(order):064x}", "signature": stage.sign(signer or name, order)}


def queued(house: House) -> int:
    with house.context.queue._engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(queue)).scalar_one())


async def test_amounts_that_no_order_can_have(house: House) -> None:
    stage = house.stage
    for code, changed in (
        ("amount-unreadable", {"energyKwh": "many"}),
        ("amount-inexact", {"energyKwh": "1.0001"}),
        ("amount-inexact", {"pricePerKwh": "0.19001"}),
        ("energy-out-of-range", {"energyKwh": "0.009"}),
        ("energy-out-of-range", {"energyKwh": "8388.608"}),
        ("price-out-of-range", {"pricePerKwh": "5.76"}),
        ("request-invalid", {"energyWh": "1000"}),
        ("request-invalid", {"energyKwh": None}),
        ("request-invalid", {"energyKwh": None, "energyWh": "1e3"}),
        ("request-invalid", {"side": "ask"}),
        ("request-invalid", {"account": -1}),
        ("request-invalid", {"colour": "red"}),
        ("price-above-retail", {"side": "bid", "pricePerKwh": "0.33"}),
        ("fee-above-price", {"side": "bid", "pricePerKwh": "0.005"}),
    ):
        assert await house.refused("POST", ORDER, 422, json=wish(stage, **changed)) == code, changed


async def test_orders_that_the_book_would_refuse(house: House) -> None:
    stage = house.stage
    for status, code, changed in (
        (404, "account-unknown", {"account": 1}),
        (404, "market-unknown", {"market": NOWHERE}),
        (409, "trading-not-open", {"market": market_of(stage.period + 40)}),
        (409, "insufficient-balance", {"side": "bid", "energyKwh": "8000", "pricePerKwh": "0.3"}),
        (409, "order-expired", {"validUntil": stage.chain.now - 1}),
    ):
        assert await house.refused("POST", ORDER, status, json=wish(stage, **changed)) == code, changed


async def test_signed_orders_that_the_relay_refuses(house: House) -> None:
    stage, path = house.stage, "/v1/orders"
    order = stage.order("Ana", "offer", 500, 1_900)
    good = signed(stage, "Ana", order)
    malformed = {"order": "0x" + "ff" * 32, "signature": good["signature"]}
    at_once = stage.order("Ana", "offer", 500, 1_900, kind=Kind.FILL_OR_KILL)
    tampered = signed(stage, "Ana", stage.order("Ana", "offer", 600, 1_900))["order"]
    for status, code, body in (
        (422, "order-malformed", malformed),
        (409, "not-filled", signed(stage, "Ana", at_once)),
        (422, "energy-out-of-range", signed(stage, "Ana", stage.order("Ana", "offer", 9, 1_900))),
        (422, "price-out-of-range", signed(stage, "Ana", stage.order("Ana", "offer", 50, 60_000))),
        (422, "signature-malformed", good | {"signature": "0x1234"}),
        (422, "signature-malformed", good | {"signature": "0x123"}),
        (422, "request-invalid", good | {"signature": "hello"}),
        (403, "signature-invalid", signed(stage, "Ana", order, signer="Ben")),
        (403, "signature-invalid", good | {"order": tampered}),
        (404, "account-unknown", signed(stage, "Ana", stage.order("Ana", "offer", 50, 1, account=1))),
        (409, "order-expired", signed(stage, "Ana", stage.order("Ana", "offer", 50, 1, valid_until=1))),
        (409, "gate-closed", signed(stage, "Ana", stage.order("Ana", "offer", 50, 1, period=9))),
        (409, "fee-too-high", signed(stage, "Ana", stage.order("Ana", "offer", 50, 1, max_fee_ticks=1))),
        (409, "no-terms", signed(stage, "Ana", stage.order("Ana", "offer", 50, 1, area=2))),
    ):
        assert await house.refused("POST", path, status, json=body) == code, code
    assert queued(house) == 0


async def test_a_nonce_counts_once(house: House) -> None:
    stage, path = house.stage, "/v1/orders"
    await house.post(path, signed(stage, "Ana", stage.order("Ana", "offer", 500, 1_900, nonce=4)), 202)
    again = signed(stage, "Ana", stage.order("Ana", "offer", 600, 1_900, nonce=4))
    # While the first waits in the queue, and once the chain has seen it.
    assert await house.refused("POST", path, 409, json=again) == "nonce-used"
    await house.relay_and_mine()
    assert await house.refused("POST", path, 409, json=again) == "nonce-used"
    assert (await house.post(ORDER, wish(stage)))["summary"]["nonce"] == 5


async def test_closed_gate_halt_and_revocation(house: House) -> None:
    stage = house.stage
    body = signed(stage, "Ana", stage.order("Ana", "offer", 500, 1_900))
    stage.operate("Registry", "revokeAdmission", MEMBERS.index("Ana") + 1)
    assert await house.refused("POST", "/v1/orders", 403, json=body) == "not-seller"
    until = stage.chain.now + 3_600
    stage.operate("GridOversight", "haltTrading", stage.chain.at["OrderBook"], 1, 0, until, "a storm")
    await house.index()
    other = signed(stage, "Ben", stage.order("Ben", "offer", 500, 1_900))
    assert await house.refused("POST", "/v1/orders", 409, json=other) == "market-halted"
    assert (await house.get(f"/v1/markets/{stage.market}"))["halted"]
    stage.chain.now = CALENDAR.gate_at(stage.period)
    assert await house.refused("POST", "/v1/orders", 409, json=other) == "gate-closed"
    assert (await house.get(f"/v1/markets/{stage.market}"))["state"] == "gateClosed"
    assert queued(house) == 0


async def test_cancels_of_what_is_not_there_or_not_yours(house: House) -> None:
    stage = house.stage
    stage.place("Ana", "offer", 500, 1_900)
    await house.index()
    ref = 1_950 << 16
    where = {"market": stage.market, "ref": ref}
    ask = "/v1/typed-data/cancel"
    code = await house.refused("POST", ask, 409, json={"account": account_of("Ana"), **where, "ref": ref + 1})
    assert code == "order-not-live"
    assert await house.refused("POST", ask, 403, json={"account": account_of("Ben"), **where}) in (
        "not-your-order",
        "not-account-owner",
    )
    body = {"account": account_of("Ana"), **where, "validUntil": 1}
    body["signature"] = stage.sign("Ana", stage.cancellation("Ana", ref, 1))
    assert await house.refused("POST", "/v1/cancels", 409, json=body) == "order-expired"
    body["signature"] = stage.sign("Ben", stage.cancellation("Ana", ref, 1))
    assert await house.refused("POST", "/v1/cancels", 403, json=body) == "signature-invalid"
    assert queued(house) == 0


async def test_what_does_not_exist(house: House) -> None:
    for path, code in (
        ("/v1/nothing", "route-unknown"),
        (f"/v1/markets/{NOWHERE}", "market-unknown"),
        (f"/v1/orders/{HASH}", "order-unknown"),
        (f"/v1/cancels/{HASH}", "cancel-unknown"),
    ):
        assert await house.refused("GET", path, 404) == code
    assert await house.refused("GET", "/v1/accounts/5", 404, name="Ana") == "account-unknown"
    assert await house.refused("POST", "/v1/transactions/steal", 404, json={}) == "transaction-unknown"
    assert await house.refused("DELETE", "/v1/markets", 405) == "method-not-allowed"


async def test_parameters_out_of_form(house: House) -> None:
    market = house.stage.market
    for path, code in (
        ("/v1/markets?cursor=xx", "cursor-invalid"),
        (f"/v1/markets/{market}/trades?cursor=W10", "cursor-invalid"),
        ("/v1/markets?limit=0", "request-invalid"),
        ("/v1/markets?from=0&to=4000000000", "request-invalid"),
        ("/v1/days/yesterday/prices?area=1", "request-invalid"),
        ("/v1/ticker", "request-invalid"),
        ("/v1/orders/0x12", "request-invalid"),
        (f"/v1/markets/{1 << 48}", "request-invalid"),
    ):
        assert await house.refused("GET", path, 422) == code, path
    headers = {"Last-Event-ID": "seven"}
    assert await house.refused("GET", "/v1/stream", 422, headers=headers) == "request-invalid"
    assert await house.refused("POST", ORDER, 422, content=b"{") == "request-invalid"
    assert await house.refused("POST", ORDER, 413, content=b" " * 300_001) == "body-too-large"


async def test_transactions_that_would_fail(house: House) -> None:
    account = account_of("Ana")
    for name, status, code, body in (
        ("deposit", 422, "request-invalid", {"account": account}),
        ("deposit", 422, "amount-inexact", {"account": account, "amountCurrency": "0.00000001"}),
        ("deposit", 422, "amount-inexact", {"account": account, "amountCurrency": "0.0000001"}),
        ("deposit", 422, "request-invalid", {"account": account, "amountCurrency": "-1"}),
        ("deposit", 404, "account-unknown", {"account": 9, "amountCurrency": "1"}),
        ("withdraw", 422, "request-invalid", {"amountCurrency": "1"}),
        ("cancel-order", 409, "order-not-live", {"account": account, "market": house.stage.market, "ref": 1}),
    ):
        assert await house.refused("POST", f"/v1/transactions/{name}", status, json=body) == code, body


async def test_one_account_cannot_fill_the_queue(stage: Stage, template: Path, tmp_path: Path) -> None:
    async with opened(stage, template, tmp_path, waiting_limit=2) as house:
        for nonce in range(2):
            body = signed(stage, "Ana", stage.order("Ana", "offer", 500, 1_900, nonce=nonce))
            await house.post("/v1/orders", body, 202)
        body = signed(stage, "Ana", stage.order("Ana", "offer", 500, 1_900, nonce=2))
        assert await house.refused("POST", "/v1/orders", 429, json=body) == "too-many-waiting"
        other = signed(stage, "Ben", stage.order("Ben", "offer", 500, 1_900))
        await house.post("/v1/orders", other, 202)


def remove_index(folder: Path) -> None:
    for path in folder.glob("chain.db*"):
        path.unlink()


async def test_doors_that_are_closed(stage: Stage, template: Path, tmp_path: Path) -> None:
    async with opened(stage, template, tmp_path, receipt_key="", streams=0) as house:
        body = signed(stage, "Ana", stage.order("Ana", "offer", 500, 1_900))
        assert await house.refused("POST", "/v1/orders", 503, json=body) == "relay-closed"
        assert await house.refused("GET", "/v1/stream", 503) == "stream-full"
        remove_index(tmp_path)
        house.context.chain_engine.dispose()
        assert await house.refused("GET", "/v1/markets", 503) == "index-behind"
        assert await house.refused("GET", f"/v1/markets/{stage.market}/depth", 503) == "index-behind"


async def test_a_node_that_is_away(stage: Stage, template: Path, tmp_path: Path) -> None:
    async with opened(stage, template, tmp_path) as house:
        house.contracts.client.rpc.url = "http://127.0.0.1:9"
        house.contracts.client.rpc._attempts = 1
        body = signed(stage, "Ana", stage.order("Ana", "offer", 500, 1_900))
        assert await house.refused("POST", "/v1/orders", 503, json=body) == "chain-unreachable"
        answer = await house.post("/rpc", {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"})
        assert answer["error"]["data"]["code"] == "chain-unreachable"
        health = await house.get("/health", 503)
        assert (health["ok"], health["chain"]["reachable"]) == (False, False)


def all_errors(kind: type[ApiError]) -> set[type[ApiError]]:
    return {kind}.union(*(all_errors(sub) for sub in kind.__subclasses__()))


def test_every_error_has_a_code_of_its_own_and_one_sentence() -> None:
    errors = all_errors(ApiError)
    assert len({error.code for error in errors}) == len(errors)
    for error in errors:
        said = str(error(**dict.fromkeys(error.fact_names(), "it")))
        assert said.endswith(".")
        assert 400 <= error.http_status < 600
