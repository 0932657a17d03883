# SPDX-License-Identifier: MIT
"""Contract wallets (EIP-1271) trade through the API as keys do."""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.database import open_database
from api.relay.batches import BASE_GAS
from api.tables.relay import batches
from tests.api.house import House, opened
from tests.api.stage import AREA, AUTHORITY, CHAIN_ID, DEPOSIT, MEMBERS, RELAY, Stage
from wattbook.chain.profiles import load_profile
from wattbook.keys import demo_key, sign_digest
from wattbook.orders import Order, pack_order
from wattbook.typeddata import Admission, Domain, Message, Session

# As long as three owners' signatures together: no key's has this length.
THREE_OWNERS = "0x" + "a5" * 195


class Mood(IntEnum):
    """Of contracts/mocks/HostileWallet.sol."""

    BURN_GAS = 0
    ANSWER_MUCH = 1
    REVERT = 2
    ANSWER_SHORT = 3


@dataclass(frozen=True)
class Wallet:
    """A contract that owns an account with money."""

    stage: Stage
    kind: str
    address: str
    account: int

    def agree(self, message: Message) -> str:
        """The signature that it takes for its own from now on."""
        return self.agree_to("0x" + message.digest(self.stage.domain).hex())

    def agree_to(self, digest: str) -> str:
        words = [bytes.fromhex(text[2:]) for text in (digest, THREE_OWNERS)]
        self.stage.anyone(self.kind, "agree", *words)
        return THREE_OWNERS

    def order(self, nonce: int = 0, **changed: Any) -> Order:
        fields = {"account": self.account, **changed}
        return self.stage.order("Ana", "offer", 500, 1_900, nonce, **fields)


def wallet_of(stage: Stage, kind: str = "SigningWallet") -> Wallet:
    people, chain = stage.chain.people, stage.chain
    address = chain.create_mock(people[RELAY], kind)
    fields = (address, AREA, True, True, 900, chain.now + 3_600)
    digest = Admission(*fields).digest(Domain(CHAIN_ID, chain.at["Registry"]))
    stage.anyone("Registry", "admit", fields, sign_digest(demo_key(AUTHORITY, CHAIN_ID), digest))
    account = AREA << 16 | 16 + len(MEMBERS)
    stage.operate("TestEuro", "mint", people[RELAY], DEPOSIT)
    stage.anyone("TestEuro", "approve", chain.at["PaymentVault"], DEPOSIT)
    stage.anyone("PaymentVault", "deposit", account, DEPOSIT)
    return Wallet(stage, kind, address, account)


def sent(order: Order, signature: str) -> dict[str, str]:
    return {"order": f"0x{pack_order(order):064x}", "signature": signature}


async def test_a_wallets_order_is_asked_for_signed_placed_and_cancelled(house: House) -> None:
    wallet = wallet_of(house.stage)
    await house.index()
    wish = {"account": wallet.account, "market": house.stage.market, "side": "offer"}
    asked = await house.post("/v1/typed-data/order", {**wish, "energyKwh": "1", "pricePerKwh": "0.19"})
    house.stage.anyone(
        wallet.kind, "agree", bytes.fromhex(asked["hash"][2:]), bytes.fromhex(THREE_OWNERS[2:])
    )
    body = {"order": asked["order"], "signature": THREE_OWNERS}
    accepted = await house.post("/v1/orders", body, 202)
    assert await house.post("/v1/orders", body, 202) == accepted
    await house.relay_and_mine()
    placed = await house.get(f"/v1/orders/{asked['hash']}")
    assert (placed["state"], placed["restWh"]) == ("resting", "1000")

    cancel = {"account": wallet.account, "market": house.stage.market, "ref": placed["ref"]}
    wanted = await house.post("/v1/typed-data/cancel", cancel)
    house.stage.anyone(
        wallet.kind, "agree", bytes.fromhex(wanted["hash"][2:]), bytes.fromhex(THREE_OWNERS[2:])
    )
    await house.post("/v1/cancels", {**wanted["cancel"], "signature": THREE_OWNERS}, 202)
    await house.relay_and_mine()
    assert (await house.get(f"/v1/cancels/{wanted['hash']}"))["state"] == "cancelled"
    assert (await house.get(f"/v1/orders/{asked['hash']}"))["state"] == "cancelled"


async def test_orders_of_keys_and_wallets_share_a_batch(house: House) -> None:
    wallet = wallet_of(house.stage)
    await house.index()
    orders = [wallet.order(nonce) for nonce in range(3)]
    for order in orders:
        await house.post("/v1/orders", sent(order, wallet.agree(order)), 202)
    await house.send_order("Ben", side="offer", energyKwh="0.5", pricePerKwh="0.19")
    await house.relay_and_mine()
    (level,) = (await house.get(f"/v1/markets/{house.stage.market}/depth"))["offers"]
    assert (level["energyWh"], len(rows_of(house))) == ("2000", 1)


async def test_a_batch_asks_for_no_more_gas_than_a_block_gives(
    stage: Stage, template: Path, tmp_path: Path
) -> None:
    # Seven orders of keys would fit into a block to the unit, so seven of wallets don't.
    seventh = (load_profile("anvil").block_gas_limit - BASE_GAS) // 7
    async with opened(stage, template, tmp_path, {"gas_each": seventh}) as house:
        wallet = wallet_of(stage)
        await house.index()
        for nonce in range(7):
            order = wallet.order(nonce)
            await house.post("/v1/orders", sent(order, wallet.agree(order)), 202)
        await house.relay_and_mine()
        await house.relay_and_mine()
        (level,) = (await house.get(f"/v1/markets/{stage.market}/depth"))["offers"]
        assert level["energyWh"] == "3500"
        assert len(rows_of(house)) == 2


async def test_what_the_wallet_does_not_know_is_refused(house: House) -> None:
    wallet = wallet_of(house.stage)
    await house.index()
    order = wallet.order()
    for signature in (THREE_OWNERS, "0x12", house.stage.sign("Ana", order)):
        body = sent(order, signature)
        assert await house.refused("POST", "/v1/orders", 403, json=body) == "wallet-disagrees"
    for malformed in ("0x", "0x" + "ab" * 2_049, "0x123"):
        await house.refused("POST", "/v1/orders", 422, json=sent(order, malformed))
    shorter = sent(order, wallet.agree(order)[:-2])
    assert await house.refused("POST", "/v1/orders", 403, json=shorter) == "wallet-disagrees"
    assert house.context.queue.counts() == {}


@pytest.mark.parametrize("mood", [Mood.BURN_GAS, Mood.REVERT, Mood.ANSWER_SHORT])
async def test_a_hostile_wallet_is_refused_at_the_door(house: House, mood: Mood) -> None:
    wallet = wallet_of(house.stage, "HostileWallet")
    house.stage.anyone(wallet.kind, "feel", mood)
    await house.index()
    order = wallet.order()
    code = await house.refused("POST", "/v1/orders", 403, json=sent(order, THREE_OWNERS))
    assert code == "wallet-disagrees"


async def test_a_wallet_that_changes_its_mind_is_skipped_and_harms_nobody(house: House) -> None:
    wallet = wallet_of(house.stage, "HostileWallet")
    house.stage.anyone(wallet.kind, "feel", Mood.ANSWER_MUCH)
    await house.index()
    first = await house.post("/v1/orders", sent(wallet.order(), THREE_OWNERS), 202)
    other = await house.send_order("Ben", side="offer", energyKwh="1", pricePerKwh="0.19")
    house.stage.anyone(wallet.kind, "feel", Mood.BURN_GAS)
    await house.relay_and_mine()
    skipped = await house.get(f"/v1/orders/{first['hash']}")
    assert (skipped["state"], skipped["error"]["code"]) == ("skipped", "signature-invalid")
    assert (await house.get(f"/v1/orders/{other['hash']}"))["state"] == "resting"


async def test_a_wallet_opens_a_session_for_its_account(house: House) -> None:
    wallet = wallet_of(house.stage)
    await house.index()
    wish = await house.post("/v1/typed-data/session", {"address": wallet.address})
    body = {"session": wish["session"], "signature": THREE_OWNERS}
    assert await house.refused("POST", "/v1/sessions", 403, json=body) == "wallet-disagrees"
    wallet.agree(Session.from_json(wish["session"]))
    opened_session = await house.post("/v1/sessions", body, 201)
    assert opened_session["accounts"] == [wallet.account]
    headers = {"Authorization": f"Bearer {opened_session['token']}"}
    found = await house.get(f"/v1/accounts/{wallet.account}", headers=headers)
    assert found["owner"] == wallet.address


def rows_of(house: House) -> list[Any]:
    engine = open_database(f"sqlite:///{house.folder}/relay.db")
    with engine.connect() as connection:
        found = list(connection.execute(select(batches)).all())
    engine.dispose()
    return found
