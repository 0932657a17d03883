# SPDX-License-Identifier: MIT
"""Listing, pages, prices; transactions for wallets that send themselves; the page; OpenAPI."""

from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import api.tables.book
import api.tables.metering
import api.tables.money
from api.database import open_database, upgrade
from api.tables import chain, relay
from tests.api.house import House, opened
from tests.api.stage import AREA, CALENDAR, CHAIN_ID, Stage, account_of, key_of, market_of
from wattbook.keys import sign_digest_65
from wattbook.typeddata import Permit, token_domain

assert api.tables.book
assert api.tables.metering
assert api.tables.money


async def pages(house: House, path: str, **options: Any) -> list[list[Any]]:
    """All pages of a route."""
    params = options.pop("params", {})
    found: list[list[Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await house.get(path, params=params | cursor, **options)
        found.append(page["items"])
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


async def test_pages_hold_every_trade_once_and_none_shifts(house: House) -> None:
    stage = house.stage
    for number in range(3):
        stage.place("Ana", "offer", 100 + number, 1_900)
        stage.place("Ben", "offer", 200 + number, 1_900)
    stage.place("Cem", "bid", 700, 2_200)
    await house.index()
    path = f"/v1/markets/{stage.market}/trades"
    whole = (await house.get(path))["items"]
    assert sum(int(trade["energyWh"]) for trade in whole) == 700
    first = await house.get(path, params={"limit": 2})
    stage.place("Dan", "bid", 50, 2_200)
    await house.index()
    rest = await house.get(path, params={"limit": 200, "cursor": first["next"]})
    assert first["items"] + rest["items"] == whole
    found = await pages(house, path, params={"limit": 1})
    assert {len(page) for page in found} == {1}
    assert [page[0] for page in found] == (await house.get(path))["items"]


async def test_pages_of_orders_hold_waiting_and_placed_ones_once(house: House) -> None:
    stage = house.stage
    placed = [stage.place("Ana", "offer", 100 + n, 1_900) for n in range(3)]
    await house.index()
    waiting = [
        (await house.send_order("Ana", side="offer", energyWh=str(500 + n), priceTicks="1800"))["hash"]
        for n in range(3)
    ]
    path = f"/v1/accounts/{account_of('Ana')}/orders"
    found = await pages(house, path, name="Ana", params={"limit": 2})
    assert [[item["hash"] for item in page] for page in found] == [
        [waiting[2], waiting[1]],
        [waiting[0], placed[2]],
        [placed[1], placed[0]],
    ]
    live = await house.get(path, name="Ana", params={"live": "true", "market": stage.market})
    assert len(live["items"]) == 6
    assert (await house.get(path, name="Ana", params={"live": "false"}))["items"] == []


async def test_markets_are_listed_by_period_with_their_state(house: House) -> None:
    stage = house.stage
    params = {"area": AREA, "from": stage.period, "to": stage.period + 2, "limit": 2}
    found = [item for page in await pages(house, "/v1/markets", params=params) for item in page]
    assert [item["period"] for item in found] == [stage.period, stage.period + 1, stage.period + 2]
    assert [item["state"] for item in found] == ["open", "upcoming", "upcoming"]
    for instant, state in (
        (CALENDAR.gate_at(stage.period), "gateClosed"),
        (CALENDAR.starts_at(stage.period), "delivering"),
        (CALENDAR.ends_at(stage.period), "metering"),
    ):
        stage.chain.now = instant
        assert (await house.get(f"/v1/markets/{stage.market}"))["state"] == state
    listed = await house.get("/v1/markets", params=params | {"state": "metering"})
    assert [item["market"] for item in listed["items"]] == [stage.market]


async def test_a_voided_market_says_so_and_its_trades_count_no_more(house: House) -> None:
    stage = house.stage
    stage.place("Ana", "offer", 500, 1_900)
    stage.place("Ben", "bid", 500, 2_200)
    stage.operate("GridOversight", "voidMarket", stage.chain.at["OrderBook"], stage.market, "a fault")
    await house.index()
    assert (await house.get(f"/v1/markets/{stage.market}"))["state"] == "void"
    account = await house.get(f"/v1/accounts/{account_of('Ben')}", name="Ben")
    assert account["lockedUnits"] == str(500 * 2_050)
    stage.chain.go_to(CALENDAR.starts_at(stage.period))
    accounts = [account_of(name) for name in ("Ana", "Ben")]
    stage.anyone("OrderBook", "claim", stage.market, [1_950 << 16], accounts)
    await house.index()
    for name in ("Ana", "Ben"):
        account = await house.get(f"/v1/accounts/{account_of(name)}", name=name)
        assert (account["lockedUnits"], account["balanceUnits"]) == ("0", "1000000000")
        statement = await house.get(f"/v1/accounts/{account_of(name)}/statement", name=name)
        assert statement["rows"] == []


async def test_prices_come_in_buckets_of_time(house: House) -> None:
    stage = house.stage
    start = stage.chain.now - stage.chain.now % 300 + 300
    for number, price in enumerate((1_900, 1_950, 1_850)):
        stage.chain.go_to(start + 10 + 20 * number)
        stage.place("Ana", "offer", 100, price)
        stage.place("Ben", "bid", 100, 2_300)
    await house.index()
    found = await house.get(f"/v1/markets/{stage.market}/prices")
    assert [item["at"] for item in found["items"]] == [start]
    bucket = found["items"][0]
    names = ("openTicks", "highTicks", "lowTicks", "closeTicks", "volumeWh")
    assert [bucket[name] for name in names] == ["1950", "2000", "1900", "1900", "300"]


async def test_hot_answers_are_never_older_than_the_database(house: House) -> None:
    stage, path = house.stage, f"/v1/markets/{house.stage.market}/depth"
    assert (await house.get(path))["offers"] == []
    stage.place("Ana", "offer", 500, 1_900)
    assert (await house.get(path))["offers"] == []
    await house.index()
    assert len((await house.get(path))["offers"]) == 1
    ticker = await house.get("/v1/ticker", params={"area": AREA})
    assert [row["bestOfferTicks"] for row in ticker["markets"] if row["market"] == stage.market] == ["1950"]


async def sent(house: House, name: str, body: dict[str, Any]) -> None:
    """Asks for a transaction and sends it as it came."""
    found = await house.post(f"/v1/transactions/{name}", body)
    assert found["chainId"] == CHAIN_ID
    stage = house.stage
    stage.chain._transact({"from": found["from"], "to": found["to"], "data": found["data"]})
    await house.index()


async def test_transactions_work_as_they_come(house: House) -> None:
    account, stage = account_of("Ana"), house.stage
    await sent(house, "mint-test-tokens", {"account": account, "amountCurrency": "50"})
    await sent(house, "approve", {"account": account, "amountCurrency": "30"})
    await sent(house, "deposit", {"account": account, "amountCurrency": "30"})
    await sent(house, "withdraw", {"account": account, "amountTokens": "10000000"})
    found = await house.get(f"/v1/accounts/{account}", name="Ana")
    assert found["balanceCurrency"] == "120.0000000"
    order = await house.post(
        "/v1/typed-data/order",
        {
            "account": account,
            "market": stage.market,
            "side": "offer",
            "energyKwh": "1",
            "pricePerKwh": "0.19",
        },
    )
    await sent(house, "place-order", {"order": order["order"]})
    placed = await house.get(f"/v1/orders/{order['hash']}")
    assert (placed["state"], placed["relayed"]) == ("resting", False)
    await sent(house, "cancel-order", {"account": account, "market": stage.market, "ref": placed["ref"]})
    assert (await house.get(f"/v1/orders/{order['hash']}"))["state"] == "cancelled"


async def test_a_page_of_own_orders_is_cancelled_in_one_transaction(house: House) -> None:
    account, stage = account_of("Ana"), house.stage
    for price in (1_900, 1_910, 1_920):
        stage.place("Ana", "offer", 500, price)
    await house.index()
    path, live = f"/v1/accounts/{account}/orders", {"market": stage.market, "live": "true"}
    refs = [order["ref"] for order in (await house.get(path, name="Ana", params=live))["items"]]
    assert len(refs) == 3
    body = {"account": account, "market": stage.market, "refs": refs}
    stage.cancel("Ana", refs[0])  # what is gone meanwhile is passed over
    await sent(house, "cancel-all", body)
    assert (await house.get(path, name="Ana", params=live))["items"] == []
    empty = {**body, "refs": []}
    assert await house.refused("POST", "/v1/transactions/cancel-all", 422, json=empty) == "request-invalid"


async def test_a_signed_permit_spares_the_approval(house: House) -> None:
    account = account_of("Ana")
    asked = await house.post("/v1/typed-data/permit", {"account": account, "amountCurrency": "5"})
    message = Permit.from_json(asked["typedData"]["message"])
    domain = token_domain(CHAIN_ID, house.contracts.address("TestEuro"))
    assert asked["typedData"]["domain"] == domain.to_json()
    signature = "0x" + sign_digest_65(key_of("Ana"), message.digest(domain)).hex()
    body = {"account": account, "amountTokens": asked["amountTokens"], "deadline": asked["deadline"]}
    await sent(house, "deposit-with-permit", body | {"signature": signature})
    assert (await house.get(f"/v1/accounts/{account}", name="Ana"))["balanceCurrency"] == "105.0000000"
    code = await house.refused(
        "POST", "/v1/transactions/deposit-with-permit", 422, json=body | {"signature": "0x12"}
    )
    assert code == "signature-malformed"


async def test_own_orders_in_the_way_are_named_before_signing(house: House) -> None:
    stage = house.stage
    stage.place("Ana", "offer", 500, 1_900)
    stage.place("Ana", "offer", 500, 3_000)
    await house.index()
    body = {"account": account_of("Ana"), "market": stage.market, "side": "bid", "energyKwh": "1"}
    asked = await house.post("/v1/typed-data/order", body | {"pricePerKwh": "0.25"})
    assert asked["summary"]["cancelsOwn"] == [1_950 << 16, 3_050 << 16]
    low = await house.post("/v1/typed-data/order", body | {"pricePerKwh": "0.15"})
    assert low["summary"]["cancelsOwn"] == []


async def test_the_page_is_served_at_the_root(stage: Stage, template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "index.html").write_text("<title>Wattbook</title>")
    async with opened(stage, template, tmp_path) as house:
        answer = await house.http.get("/")
        assert (answer.status_code, answer.text) == (200, "<title>Wattbook</title>")
        assert await house.refused("GET", "/nothing.js", 404) == "route-unknown"


async def test_the_deployment_carries_the_demo_notes(stage: Stage, template: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.json"
    notes.write_text('{"note": "A street.", "accounts": [{"name": "Ana", "address": "0x%s"}]}' % ("11" * 20))
    async with opened(stage, template, tmp_path, demo_notes=notes) as house:
        found = await house.get("/v1/deployment")
        assert (found["demo"]["note"], found["demo"]["isDemo"]) == ("A street.", True)
        assert found["areas"] == [{"area": AREA, "carriers": [0]}]


async def test_openapi_describes_every_route_with_its_answer(house: House) -> None:
    document = await house.get("/openapi.json")
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            assert route["summary"], path
            good = route["responses"].keys() & {"200", "201", "202", "204"}
            assert good, (method, path)
    schemas = document["components"]["schemas"]
    assert schemas["Market"]["properties"]["retailTicks"]["examples"] == ["1900"]
    assert (
        "application/problem+json" in document["paths"]["/v1/orders"]["post"]["responses"]["409"]["content"]
    )


async def test_metrics_name_routes_never_accounts(house: House) -> None:
    await house.get(f"/v1/accounts/{account_of('Ana')}", 401)
    text = (await house.http.get("/metrics")).text
    assert 'route="/v1/accounts/{account}",status="401"' in text
    assert str(account_of("Ana")) not in text
    assert "wattbook_api_indexed_block" in text


def test_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    for schema, metadata in (("chain", chain.metadata), ("relay", relay.metadata)):
        engine = open_database(f"sqlite:///{tmp_path}/{schema}.db")
        upgrade(engine, schema)  # type: ignore[arg-type]
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        engine.dispose()


def test_a_market_id_holds_its_parts(laid: Stage) -> None:
    assert laid.market == market_of(laid.period) == 1 << 40 | laid.period
