# SPDX-License-Identifier: MIT
"""The index against the chain: implied fills, depth, reorganisations, rebuilding."""

import random
from typing import Any

import pytest
from sqlalchemy import select, update

from api.database import open_database
from api.indexer.follow import Follower, prepare
from api.reads.accounts import locked
from api.tables import book, chain
from tests.api.house import House
from tests.api.next_door import join_from_next_door
from tests.api.stage import (
    DEPOSIT,
    MEMBERS,
    Stage,
    account_of,
    key_of,
    market_of,
)
from tests.api.tables import contents, index_anew
from tests.contracts.live_chain import Reverted
from wattbook.orders import Kind, pack_order


async def depth_of(house: House, stage: Stage | None = None) -> dict[str, list[tuple[int, int]]]:
    found = await house.get(f"/v1/markets/{(stage or house.stage).market}/depth")
    return {
        side: [(int(level["priceTicks"]), int(level["energyWh"])) for level in found[side]]
        for side in ("bids", "offers")
    }


def chain_depth(stage: Stage) -> dict[str, list[tuple[int, int]]]:
    found = {}
    for side, offers in (("bids", False), ("offers", True)):
        ticks, energies = stage.chain.read("OrderBook", "depth", stage.market, offers, 100)
        found[side] = list(zip(ticks, energies, strict=True))
    return found


async def test_a_take_gives_every_maker_its_part_oldest_first(house: House) -> None:
    stage = house.stage
    makers = [stage.place(name, "offer", 400, 1_900) for name in ("Ana", "Ben", "Cem")]
    taker = stage.place("Dan", "bid", 1_000, 2_200)
    await house.index()
    items = (await house.get(f"/v1/accounts/{account_of('Dan')}/trades", name="Dan"))["items"]
    assert [item["energyWh"] for item in items] == ["200", "400", "400"]
    assert {item["orderHash"] for item in items} == {taker}
    assert {item["role"] for item in items} == {"taker"}
    states = [await house.get(f"/v1/orders/{order}") for order in makers]
    assert [state["state"] for state in states] == ["filled", "filled", "resting"]
    assert [state["filledWh"] for state in states] == ["400", "400", "200"]


async def test_each_side_pays_its_own_fee(house: House) -> None:
    house.stage.place("Ana", "offer", 1_000, 1_900)
    house.stage.place("Ben", "bid", 1_000, 2_200)
    await house.index()
    sale = (await house.get(f"/v1/accounts/{account_of('Ana')}/trades", name="Ana"))["items"][0]
    purchase = (await house.get(f"/v1/accounts/{account_of('Ben')}/trades", name="Ben"))["items"][0]
    assert (sale["priceTicks"], sale["feeTicks"], sale["cashUnits"]) == ("1950", "50", "1900000")
    assert (purchase["priceTicks"], purchase["feeTicks"], purchase["cashUnits"]) == (
        "1950",
        "100",
        "-2050000",
    )


async def test_an_order_that_may_not_rest_is_dropped(house: House) -> None:
    order = house.stage.place("Ana", "offer", 1_000, 1_900, kind=Kind.IMMEDIATE_OR_CANCEL)
    await house.index()
    found = await house.get(f"/v1/orders/{order}")
    assert (found["state"], found["restWh"], found["ref"]) == ("dropped", "0", None)


async def test_a_cancelled_rest_leaves_the_depth(house: House) -> None:
    stage = house.stage
    order = stage.place("Ana", "offer", 1_000, 1_900)
    stage.place("Ben", "bid", 300, 2_200)
    await house.index()
    stage.cancel("Ana", (await house.get(f"/v1/orders/{order}"))["ref"])
    await house.index()
    found = await house.get(f"/v1/orders/{order}")
    assert (found["state"], found["cancelReason"]) == ("cancelled", "owner")
    assert (found["filledWh"], found["restWh"]) == ("300", "0")
    assert await depth_of(house) == {"bids": [], "offers": []}


async def test_own_opposite_orders_are_told_from_others(house: House) -> None:
    stage = house.stage
    order = stage.place("Ana", "offer", 1_000, 1_900)
    await house.index()
    ref = (await house.get(f"/v1/orders/{order}"))["ref"]
    stage.place("Ana", "bid", 500, 2_200, own=[ref])
    await house.index()
    found = await house.get(f"/v1/orders/{order}")
    assert (found["state"], found["cancelReason"]) == ("cancelled", "ownOpposite")
    assert await depth_of(house, stage) == chain_depth(stage) == {"bids": [(2_100, 500)], "offers": []}


def act_at_random(stage: Stage, rng: random.Random, count: int) -> list[int]:
    """Orders and cancels at five prices; answers the places that may hold a rest."""
    refs: list[int] = []
    for _ in range(count):
        name = rng.choice(MEMBERS)
        try:
            if refs and rng.random() < 0.2:
                stage.cancel(name, rng.choice(refs))
            else:
                side = rng.choice(("bid", "offer"))
                price = 2_000 + 10 * rng.randrange(5) + (150 if side == "bid" else 0)
                kind = rng.choice((Kind.LIMIT, Kind.LIMIT, Kind.IMMEDIATE_OR_CANCEL))
                stage.place(name, side, rng.randrange(10, 900), price, kind=kind, own=sorted(set(refs)))
        except Reverted:
            continue
        for tick in range(2_050, 2_091, 10):
            tail = stage.chain.read("OrderBook", "level", stage.market, tick)["tail"]
            refs += [tick << 16 | index for index in range(tail)]
    return sorted(set(refs))


async def test_the_index_equals_the_chain_after_a_random_session(house: House) -> None:
    stage = house.stage
    rng = random.Random(7)
    for _ in range(4):
        refs = act_at_random(stage, rng, 15)
        await house.index()
        assert await depth_of(house) == chain_depth(stage)
    entries = stage.chain.read_all([("OrderBook", "entry", (stage.market, ref)) for ref in refs])
    with house.context.index() as connection:
        rows = {row.ref: row for row in connection.execute(select(book.orders)) if row.ref is not None}
    for ref, entry in zip(refs, entries, strict=True):
        row = rows[ref]
        if entry["live"]:
            assert (row.account, row.rested_wh) == (entry["account"], entry["energyWh"])
            assert row.filled_wh == entry["filledWh"]
        else:
            assert row.state in (1, 2)


async def test_what_is_locked_is_what_the_vault_took(house: House) -> None:
    act_at_random(house.stage, random.Random(11), 30)
    await house.index()
    for name in MEMBERS:
        found = await house.get(f"/v1/accounts/{account_of(name)}", name=name)
        assert int(found["balanceUnits"]) + int(found["lockedUnits"]) == 1_000_000_000


async def test_the_same_database_comes_of_any_page_size(house: House) -> None:
    act_at_random(house.stage, random.Random(3), 20)
    small = await index_anew(house.contracts, house.folder, page=3)
    large = await index_anew(house.contracts, house.folder, page=500)
    # A page's summary of a market stands at the page's end.
    assert contents(small, "stream") == contents(large, "stream")
    small.dispose()
    large.dispose()


def blocks_of(house: House) -> list[Any]:
    with house.context.index() as connection:
        return list(connection.execute(select(chain.blocks.c.number, chain.blocks.c.hash)))


async def test_a_reorganisation_is_undone_to_the_common_block(house: House) -> None:
    stage = house.stage
    act_at_random(stage, random.Random(5), 8)
    await house.index()
    before = blocks_of(house)
    act_at_random(stage, random.Random(6), 12)
    await house.index()
    stage.chain.rpc("anvil_reorg", 9, [])
    await house.index()
    after = blocks_of(house)
    assert len({row.hash for row in after} - {row.hash for row in before}) > 0
    anew = await index_anew(house.contracts, house.folder)
    follower = open_database(f"sqlite:///{house.folder}/chain.db")
    assert contents(follower, "stream") == contents(anew, "stream")
    assert await depth_of(house) == chain_depth(stage)
    anew.dispose()
    follower.dispose()


async def test_a_chain_that_got_shorter_is_followed_too(house: House) -> None:
    stage = house.stage
    snapshot = stage.chain.snapshot()
    stage.place("Ana", "offer", 1_000, 1_900)
    await house.index()
    assert (await depth_of(house))["offers"]
    stage.chain.revert(snapshot)
    await house.index()
    assert await depth_of(house) == {"bids": [], "offers": []}


@pytest.mark.parametrize(("fact", "value"), [("orderBook", "0x00"), ("schema", "0007")])
async def test_a_database_of_another_deployment_or_an_older_schema_is_emptied(
    house: House, fact: str, value: str
) -> None:
    engine = open_database(f"sqlite:///{house.folder}/chain.db")
    with engine.begin() as connection:
        connection.execute(update(chain.facts).where(chain.facts.c.name == fact).values(value=value))
    prepare(engine, house.contracts)
    with engine.connect() as connection:
        assert connection.execute(select(chain.blocks)).first() is None
    await Follower(engine, house.contracts.client, house.contracts).step()
    assert blocks_of(house)[-1].number == int(house.stage.chain.rpc("eth_blockNumber"), 16)
    engine.dispose()


async def test_markets_of_other_periods_keep_apart(house: House) -> None:
    stage = house.stage
    stage.place("Ana", "offer", 1_000, 1_900)
    stage.chain.go_to(stage.chain.now + 900)
    stage.place("Ben", "bid", 700, 2_000, period=stage.period + 1)
    await house.index()
    page = await house.get("/v1/markets", params={"area": 1, "from": stage.period, "to": stage.period + 1})
    assert [item["market"] for item in page["items"]] == [stage.market, market_of(stage.period + 1)]
    assert [item["bestOfferTicks"] for item in page["items"]] == ["1950", None]
    assert [item["bestBidTicks"] for item in page["items"]] == [None, "1900"]


async def test_an_order_from_another_area_pays_the_network_fee_and_locks_its_own_retail(house: House) -> None:
    gus, stage = join_from_next_door(house.stage)
    stage.place("Ana", "offer", 1_000, 1_900)
    bid = stage.order("Ana", "bid", 600, 2_300, account=gus, max_fee_ticks=400)
    offer = stage.order("Ana", "offer", 300, 2_500, account=gus, max_fee_ticks=400)
    for order in (bid, offer):
        stage.chain.send(key_of("stranger").address, "OrderBook", "placeOrder", pack_order(order), [], 100)
    await house.index()
    assert (
        await depth_of(house, stage)
        == chain_depth(stage)
        == {"bids": [], "offers": [(1_950, 400), (2_750, 300)]}
    )
    with house.context.index() as connection:
        fees = select(book.trades.c.buyer_fee_ticks, book.trades.c.seller_fee_ticks)
        assert [tuple(row) for row in connection.execute(fees)] == [(300, 50)]
        taken = stage.chain.read("PaymentVault", "balanceOf", gus)
        assert locked(connection, gus, house.context.venue) == 10 * DEPOSIT - taken
