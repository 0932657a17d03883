# SPDX-License-Identifier: MIT
"""Signed orders and cancels through the queue into the book."""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import select

from api.database import open_database
from api.tables.relay import batches
from tests.api.house import RECEIPT_KEY, House, opened
from tests.api.stage import CHAIN_ID, Stage, account_of
from wattbook.keys import demo_key, recover
from wattbook.orders import Order, pack_order
from wattbook.typeddata import Receipt


def signed(house: House, name: str, order: Order) -> dict[str, str]:
    return {"order": f"0x{pack_order(order):064x}", "signature": house.stage.sign(name, order)}


async def state_of(house: House, order_hash: str) -> str:
    return str((await house.get(f"/v1/orders/{order_hash}"))["state"])


async def test_the_receipt_is_signed_over_hash_sequence_and_time(house: House) -> None:
    first = await house.send_order("Ana", side="offer", energyKwh="1", pricePerKwh="0.19")
    second = await house.send_order("Ben", side="bid", energyKwh="1", pricePerKwh="0.15")
    for number, answer in enumerate((first, second), 1):
        receipt = answer["receipt"]
        message = Receipt(bytes.fromhex(answer["hash"][2:]), receipt["sequence"], receipt["acceptedAt"])
        digest = message.digest(house.stage.domain)
        assert receipt["sequence"] == number
        assert recover(digest, bytes.fromhex(receipt["signature"][2:])) == receipt["signer"]
        assert receipt["signer"] == demo_key(RECEIPT_KEY, CHAIN_ID).address


async def test_the_same_order_again_gets_the_same_receipt(house: House) -> None:
    body = signed(house, "Ana", house.stage.order("Ana", "offer", 500, 1_900))
    first = await house.post("/v1/orders", body, 202)
    assert await house.post("/v1/orders", body, 202) == first
    await house.relay_and_mine()
    assert await house.post("/v1/orders", body, 202) == first
    await house.relay_and_mine()
    depth = await house.get(f"/v1/markets/{house.stage.market}/depth")
    assert [level["energyWh"] for level in depth["offers"]] == ["500"]


async def test_orders_enter_the_book_in_their_sequence(house: House) -> None:
    orders = [house.stage.order("Ana", "offer", 100 + n, 1_900, nonce=n) for n in range(5)]
    answers = [await house.post("/v1/orders", signed(house, "Ana", order), 202) for order in orders]
    assert [answer["receipt"]["sequence"] for answer in answers] == [1, 2, 3, 4, 5]
    await house.relay_and_mine()
    refs = [(await house.get(f"/v1/orders/{answer['hash']}"))["ref"] for answer in answers]
    assert [ref & 0xFFFF for ref in refs] == [0, 1, 2, 3, 4]


async def test_many_at_once_get_one_sequence_each(house: House) -> None:
    names = ["Ana", "Ben", "Cem", "Dan", "Eva", "Fay"]
    bodies = [signed(house, name, house.stage.order(name, "offer", 100, 1_900)) for name in names]
    answers = await asyncio.gather(*(house.post("/v1/orders", body, 202) for body in bodies))
    assert sorted(answer["receipt"]["sequence"] for answer in answers) == [1, 2, 3, 4, 5, 6]


async def test_an_order_waits_for_the_own_opposite_one_ahead_of_it(house: House) -> None:
    stage = house.stage
    offer = stage.order("Ana", "offer", 500, 1_900)
    bid = stage.order("Ana", "bid", 500, 2_300, nonce=1)
    other = stage.order("Ben", "offer", 300, 1_800)
    hashes = []
    for name, order in (("Ana", offer), ("Ana", bid), ("Ben", other)):
        hashes.append((await house.post("/v1/orders", signed(house, name, order), 202))["hash"])
    await house.relay_and_mine()
    assert [await state_of(house, h) for h in hashes] == ["resting", "accepted", "accepted"]
    await house.relay_and_mine()
    found = [await house.get(f"/v1/orders/{h}") for h in hashes]
    assert found[0]["cancelReason"] == "ownOpposite"
    # The bid of 500 Wh, at 2200 in the book, rested first; Ben's offer then took 300 of it.
    assert [order["state"] for order in found] == ["cancelled", "resting", "filled"]
    assert found[1]["restWh"] == "200"


async def test_what_the_book_skips_is_told_with_its_reason(house: House) -> None:
    stage = house.stage
    order = stage.order("Ana", "bid", 100_000, 3_000)
    answer = await house.post("/v1/orders", signed(house, "Ana", order), 202)
    balance = stage.chain.read("PaymentVault", "balanceOf", account_of("Ana"))
    stage.chain.send(
        stage.chain.people[6],
        "PaymentVault",
        "withdraw",
        account_of("Ana"),
        balance // 10,
        stage.chain.people[6],
    )
    await house.relay_and_mine()
    found = await house.get(f"/v1/orders/{answer['hash']}")
    assert found["state"] == "skipped"
    assert found["error"]["code"] == "insufficient-balance"
    listed = await house.get(f"/v1/accounts/{account_of('Ana')}/orders", name="Ana")
    assert [item["state"] for item in listed["items"]] == ["skipped"]


async def test_what_comes_too_late_never_reaches_the_chain(house: House) -> None:
    stage = house.stage
    soon = stage.chain.now + 60
    first = await house.post(
        "/v1/orders", signed(house, "Ana", stage.order("Ana", "offer", 500, 1_900, valid_until=soon)), 202
    )
    second = await house.post(
        "/v1/orders", signed(house, "Ben", stage.order("Ben", "offer", 500, 1_900)), 202
    )
    stage.chain.go_to(soon + 10)
    stage.chain.rpc("evm_mine", {"timestamp": soon + 10})
    stage.chain.now = soon + 10
    await house.relay_and_mine()
    found = await house.get(f"/v1/orders/{first['hash']}")
    assert (found["state"], found["error"]["code"]) == ("failed", "order-expired")
    assert await state_of(house, second["hash"]) == "resting"


async def test_a_signed_cancel_returns_the_rest(house: House) -> None:
    stage = house.stage
    answer = await house.send_order("Ana", side="offer", energyKwh="1", pricePerKwh="0.19")
    await house.relay_and_mine()
    ref = (await house.get(f"/v1/orders/{answer['hash']}"))["ref"]
    asked = await house.post(
        "/v1/typed-data/cancel", {"account": account_of("Ana"), "market": stage.market, "ref": ref}
    )
    message = stage.cancellation("Ana", ref, asked["cancel"]["validUntil"])
    assert "0x" + message.digest(stage.domain).hex() == asked["hash"]
    body = {**asked["cancel"], "signature": stage.sign("Ana", message)}
    accepted = await house.post("/v1/cancels", body, 202)
    assert await house.post("/v1/cancels", body, 202) == accepted
    assert (await house.get(f"/v1/cancels/{asked['hash']}"))["state"] == "accepted"
    await house.relay_and_mine()
    cancel = await house.get(f"/v1/cancels/{asked['hash']}")
    assert (cancel["state"], cancel["restWh"]) == ("cancelled", "1000")
    assert await state_of(house, answer["hash"]) == "cancelled"


async def test_a_cancel_of_what_was_filled_meanwhile_is_skipped(house: House) -> None:
    stage = house.stage
    answer = await house.send_order("Ana", side="offer", energyKwh="1", pricePerKwh="0.19")
    await house.relay_and_mine()
    ref = (await house.get(f"/v1/orders/{answer['hash']}"))["ref"]
    message = stage.cancellation("Ana", ref, stage.chain.now + 600)
    body = {"account": account_of("Ana"), "market": stage.market, "ref": ref}
    body |= {"validUntil": message.valid_until, "signature": stage.sign("Ana", message)}
    accepted = await house.post("/v1/cancels", body, 202)
    stage.place("Ben", "bid", 1_000, 2_200)
    await house.relay_and_mine()
    cancel = await house.get(f"/v1/cancels/{accepted['hash']}")
    assert (cancel["state"], cancel["error"]["code"]) == ("skipped", "order-not-live")


async def test_orders_and_cancels_alternate_without_losing_their_order(house: House) -> None:
    stage = house.stage
    answer = await house.send_order("Ana", side="offer", energyKwh="1", pricePerKwh="0.19")
    await house.relay_and_mine()
    ref = (await house.get(f"/v1/orders/{answer['hash']}"))["ref"]
    await house.send_order("Ben", side="offer", energyKwh="2", pricePerKwh="0.20")
    message = stage.cancellation("Ana", ref)
    body = {"account": account_of("Ana"), "market": stage.market, "ref": ref, "validUntil": 0}
    await house.post("/v1/cancels", {**body, "signature": stage.sign("Ana", message)}, 202)
    last = await house.send_order("Cem", side="bid", energyKwh="1", pricePerKwh="0.25")
    await house.relay_and_mine()
    # Cem met Ben's offer: Ana's better one was cancelled before.
    assert (await house.get(f"/v1/orders/{last['hash']}"))["averagePriceTicks"] == "2050"
    rows = read(house, batches)
    assert [row.kind for row in rows] == ["order", "order", "cancel", "order"]


async def test_a_batch_that_fails_whole_is_tried_one_by_one(house: House) -> None:
    stage = house.stage
    hashes = []
    for name in ("Ana", "Ben", "Cem"):
        body = signed(house, name, stage.order(name, "offer", 500, 1_900))
        hashes.append((await house.post("/v1/orders", body, 202))["hash"])
    # Too little gas for the batch's own loop: the transaction reverts as a whole.
    house.relay._batches._gas_each = 1_000
    await house.relay.step(stage.chain.now)
    stage.chain.mine()
    house.relay._batches._gas_each = 500_000
    await house.relay_and_mine()
    assert [await state_of(house, h) for h in hashes] == ["resting"] * 3
    assert [row.open for row in read(house, batches)] == [False] * 4


async def test_a_reorganised_batch_goes_in_again(stage: Stage, template: Path, tmp_path: Path) -> None:
    stage.chain.rpc("anvil_mine", hex(3))
    stage.chain.now += 3
    async with opened(stage, template, tmp_path, relayed={"confirmations": 3}) as house:
        answer = await house.send_order("Ana", side="offer", energyKwh="1", pricePerKwh="0.19")
        await house.relay_and_mine()
        assert await state_of(house, answer["hash"]) == "resting"
        stage.chain.rpc("anvil_reorg", 2, [])
        await house.index()
        assert await state_of(house, answer["hash"]) == "sent"
        for _ in range(3):
            await house.relay_and_mine()
        assert await state_of(house, answer["hash"]) == "resting"
        depth = await house.get(f"/v1/markets/{stage.market}/depth")
        assert [level["energyWh"] for level in depth["offers"]] == ["1000"]


def read(house: House, table: Any) -> list[Any]:
    engine = open_database(f"sqlite:///{house.folder}/relay.db", writes=False)
    with engine.connect() as connection:
        rows = list(connection.execute(select(table)))
    engine.dispose()
    return rows
