# SPDX-License-Identifier: MIT
"""Where the knocking is done: a chain with a neighbourhood that has traded, and indexer, relay and API as
processes beside it. Nothing here makes a block unless a test does.

At the town's time the gate of period `closed` has closed and period `open` is traded.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal

from oracle.journal import open_database as open_journal
from tests.api.stage import (
    AREA,
    AUTHORITY,
    CALENDAR,
    CHAIN_ID,
    FIRST_KEY,
    MEMBERS,
    RELAY,
    Stage,
    account_of,
    key_of,
    lay,
    market_of,
)
from tests.api.street import Street, opened_street
from tests.contracts.live_chain import LiveChain
from tests.oracle.support import a_meter, a_plan, plan_json, points_json
from wattbook.deployments import DeployedContract, save_deployment
from wattbook.keys import create_keystore, demo_key, sign_digest, sign_digest_65
from wattbook.orders import Order, pack_order, pack_signed
from wattbook.typeddata import Admission, Domain, Permit, Session
from wattbook.typeddata.permit import token_domain

PASSWORD = "correct horse"
NOBODY = AREA << 16 | 4_000  # an account that no admission opened
EVAS_REF, DANS_REF = 1_950 << 16, 2_050 << 16
Signed = tuple[int, list[int], bytes]


@dataclass
class Town:
    """`street` has the processes. What a replay needs was used once already: `taken` (Cem's order, relayed by
    somebody else), `session` and `permit` (Ben's), the cancel of Dan's order.
    """

    stage: Stage
    street: Street
    taken: Signed
    permit: tuple[Any, ...]
    session: dict[str, Any]
    token: str

    @property
    def chain(self) -> LiveChain:
        return self.stage.chain

    @property
    def folder(self) -> Path:
        return self.street.folder

    @property
    def closed(self) -> int:
        return self.stage.period

    @property
    def open(self) -> int:
        return self.stage.period + 1

    @property
    def market(self) -> int:
        return market_of(self.open)

    @property
    def past(self) -> int:
        return self.chain.now - 60

    def file(self, name: str) -> str:
        return str(self.folder / name)

    def order(
        self, name: str, side: str = "offer", wh: int = 500, price: int = 1_900, **changed: Any
    ) -> Order:
        return self.stage.order(name, side, wh, price, **({"period": self.open, "nonce": 9} | changed))

    def signed(self, order: Order, name: str, chain_id: int = CHAIN_ID) -> Signed:
        return signed(self.stage, order, name, chain_id)

    def person(self, name: str) -> str:
        return key_of(name).address

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.request(method, self.street.api + path, json=body, headers=headers, timeout=30)


def signed(stage: Stage, order: Order, name: str, chain_id: int = CHAIN_ID) -> Signed:
    """As `pack_signed` takes it."""
    domain = Domain(chain_id, stage.chain.at["OrderBook"])
    return pack_order(order), [], sign_digest(key_of(name), order.digest(domain))


def admission(stage: Stage, number: int, valid_until: int, **changed: Any) -> tuple[tuple[Any, ...], bytes]:
    """For the stranger; `signer` and `chain_id` may be others."""
    fields = (key_of("stranger").address, AREA, True, True, number, valid_until)
    domain = Domain(changed.get("chain_id", CHAIN_ID), stage.chain.at["Registry"])
    signer = demo_key(changed.get("signer", AUTHORITY), CHAIN_ID)
    return fields, sign_digest_65(signer, Admission(*fields).digest(domain))


def permit(stage: Stage, name: str, deadline: int) -> tuple[Any, ...]:
    """depositWithPermit's arguments, for 1 currency unit."""
    token, owner = stage.chain.at["TestEuro"], key_of(name).address
    label, nonce = stage.chain.read_all([("TestEuro", "name", ()), ("TestEuro", "nonces", (owner,))])
    message = Permit(owner, stage.chain.at["PaymentVault"], 1_000_000, nonce, deadline)
    whole = sign_digest_65(key_of(name), message.digest(token_domain(CHAIN_ID, token, label)))
    return account_of(name), 1_000_000, deadline, whole[64], whole[:32], whole[32:64]


@contextmanager
def opened_town(chain: LiveChain, folder: Path) -> Iterator[Town]:
    """A town that has traded, its processes ready and its index at the head."""
    stage = lay(chain)
    taken, permitted = live(stage)
    write_files(stage, folder)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(opened_street(stage, folder)) as street,
    ):
        town = Town(stage, street, taken, permitted, {}, "")
        town.session, town.token = open_session(town, "Ben")
        yield town


def live(stage: Stage) -> tuple[Signed, tuple[Any, ...]]:
    """Trades in the first period until its gate closes, then in the next; Fay is revoked."""
    chain, operator = stage.chain, stage.operate
    stage.place("Ana", "offer", 2_000, 1_900)
    stage.place("Ben", "bid", 500, 2_200)
    operator("Registry", "admit", *admission(stage, 50, chain.now + 3_600))
    chain.go_to(CALENDAR.gate_at(stage.period))
    following = {"period": stage.period + 1}
    stage.place("Eva", "offer", 1_000, 1_900, **following)
    stage.place("Dan", "offer", 1_000, 2_000, **following)
    place = replace(stage.cancellation("Dan", DANS_REF), period=stage.period + 1)
    signature = sign_digest(key_of("Dan"), place.digest(stage.domain))
    cancel = (account_of("Dan"), market_of(stage.period + 1), DANS_REF, 0, signature)
    chain.send(chain.people[RELAY], "OrderBook", "cancelSigned", [cancel])
    taken = signed(stage, stage.order("Cem", "offer", 700, 2_100, **following), "Cem")
    chain.send(chain.people[RELAY], "OrderBook", "placeSigned", pack_signed(*taken), 100)
    permitted = permit(stage, "Ben", chain.now + 3_600)
    chain.send(key_of("Ben").address, "PaymentVault", "depositWithPermit", *permitted)
    operator("Registry", "revokeAdmission", MEMBERS.index("Fay") + 1)
    return taken, permitted


def write_files(stage: Stage, folder: Path) -> None:
    """What the rows name: keystores, deployments that don't fit, signed admissions."""
    create_keystore(folder / "ana.json", PASSWORD, demo_key(FIRST_KEY, CHAIN_ID), iterations=2)
    create_keystore(folder / "gateway.json", PASSWORD, iterations=2)
    # A gateway that has run before: even an empty journal would be something new.
    open_journal(folder / "oracle.db").close()
    meter = a_meter(1)
    (folder / "points.json").write_text(json.dumps(points_json(a_plan([meter]), {1: 9})))
    (folder / "password").write_text(PASSWORD + "\n")
    (folder / "wrong-password").write_text("battery staple\n")
    found = stage.deployment
    save_deployment(folder / "other-chain.json", replace(found, chain_id=1))
    book = found.contracts["OrderBook"]
    for name, changed in (
        ("no-code.json", DeployedContract("0x" + "99" * 20, book.code_hash)),
        ("other-code.json", DeployedContract(found.address("Registry"), book.code_hash)),
    ):
        save_deployment(folder / name, replace(found, contracts={**found.contracts, "OrderBook": changed}))
    later, past = stage.chain.now + 3_600, stage.chain.now - 60
    for name, (fields, signature) in (
        ("used-admission.json", admission(stage, 50, later)),
        ("late-admission.json", admission(stage, 51, past)),
        ("forged-admission.json", admission(stage, 52, later, signer=RELAY)),
    ):
        text = {"admission": Admission(*fields).message_json(), "signature": "0x" + signature.hex()}
        (folder / name).write_text(json.dumps(text))
    write_broken(folder / "broken")


def write_broken(folder: Path) -> None:
    """Files that nobody can read, and one that names a meter nobody knows."""
    folder.mkdir()
    (folder / "anvil.yaml").write_text("name: [anvil\nchain_id: 1\n")
    (folder / "wattbook.toml").write_text("[api\nport = 1\n")
    point = {"point": 1, "device": "acme", "host": "127.0.0.1", "port": 9, "unit": 1}
    point |= {"firstPeriod": 0, "maxImportWh": 1, "maxExportWh": 1}
    (folder / "points.json").write_text(json.dumps({"points": [point]}))
    plan = json.dumps(plan_json(a_plan([a_meter(1)])))
    (folder / "meters.json").write_text(plan.replace("schneider-iem3155", "acme"))


def open_session(town: Town, name: str) -> tuple[dict[str, Any], str]:
    """(what opened it, the token)."""
    body = sign_in(town, name, name)
    return body, str(town.ask("POST", "/v1/sessions", body).json()["token"])


def sign_in(town: Town, name: str, signer: str, **changed: Any) -> dict[str, Any]:
    wish = town.ask("POST", "/v1/typed-data/session", {"address": key_of(name).address}).json()["session"]
    wish |= changed
    digest = Session.from_json(wish).digest(town.stage.domain)
    return {"session": wish, "signature": "0x" + sign_digest_65(key_of(signer), digest).hex()}
