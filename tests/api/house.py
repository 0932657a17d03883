# SPDX-License-Identifier: MIT
"""Indexer, relay and API in the test's own process, over one stage; and as processes that can be killed."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from api.app import create_app
from api.context import Context
from api.database import open_database, upgrade
from api.indexer.follow import Follower, prepare
from api.process import build_context
from api.relay.process import open_relay
from api.relay.relay import Relay
from api.settings import ApiSettings, RelaySettings
from tests.api.stage import CHAIN_ID, Stage, account_of, key_of
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.clock import SystemClock
from wattbook.keys import Key, demo_key, sign_digest_65
from wattbook.typeddata import Session

RELAY_KEY, RECEIPT_KEY = 30, 31
ORIGIN = "http://wattbook.test"


def secret_of(key: Key) -> str:
    return key._private.to_bytes().hex()


class StageClock(SystemClock):
    """The system's clock, set to the stage's time."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage

    def now(self) -> int:
        return self._stage.chain.now


@dataclass
class House:
    """`index` and `relay` do one step each; `http` asks the API."""

    stage: Stage
    folder: Path
    contracts: Contracts
    context: Context
    follower: Follower
    relay: Relay
    http: httpx.AsyncClient

    async def index(self) -> None:
        """Reads the chain to its head."""
        await self.follower.step()

    async def relay_and_mine(self) -> None:
        """What waits goes into a block, and the index sees it."""
        await self.relay.step(self.stage.chain.now)
        self.stage.chain.mine()
        await self.relay.step(self.stage.chain.now)
        await self.index()

    async def get(self, path: str, status: int = 200, **options: Any) -> Any:
        """JSON of a route; `name=` asks as that member."""
        return await self.ask("GET", path, status, **options)

    async def post(self, path: str, body: Any, status: int = 200, **options: Any) -> Any:
        return await self.ask("POST", path, status, json=body, **options)

    async def ask(self, method: str, path: str, status: int, name: str = "", **options: Any) -> Any:
        if name:
            options["headers"] = {"Authorization": f"Bearer {await self.token_of(name)}"}
        response = await self.http.request(method, path, **options)
        assert response.status_code == status, (path, response.status_code, response.text)
        return response.json() if response.content else None

    async def refused(self, method: str, path: str, status: int, **options: Any) -> str:
        """The problem's code."""
        answer = await self.ask(method, path, status, **options)
        assert answer.keys() == {"type", "title", "status", "detail", "code", "facts"}
        assert answer["status"] == status
        assert answer["type"] == f"urn:wattbook:problem:{answer['code']}"
        return str(answer["code"])

    async def token_of(self, name: str) -> str:
        """A new session."""
        key = key_of(name)
        wish = await self.post("/v1/typed-data/session", {"address": key.address})
        message = Session.from_json(wish["session"])
        signature = "0x" + sign_digest_65(key, message.digest(self.stage.domain)).hex()
        opened = await self.post("/v1/sessions", {"session": wish["session"], "signature": signature}, 201)
        return str(opened["token"])

    async def send_order(self, name: str, status: int = 202, **wish: Any) -> Any:
        """Asks for typed data, signs it, sends it."""
        body = {"account": account_of(name), "market": self.stage.market, **wish}
        asked = await self.post("/v1/typed-data/order", body)
        digest = bytes.fromhex(asked["hash"][2:])
        signature = "0x" + sign_digest_65(key_of(name), digest).hex()
        return await self.post("/v1/orders", {"order": asked["order"], "signature": signature}, status)


def relay_settings(stage: Stage, folder: Path, url: str, **changed: Any) -> RelaySettings:
    settings = RelaySettings(
        deployment=stage.save(folder),
        rpc=url,
        database=f"sqlite:///{folder}/relay.db",
        chain_database=f"sqlite:///{folder}/chain.db",
        journal=folder / "journal.db",
        private_key=secret_of(demo_key(RELAY_KEY, CHAIN_ID)),
    )
    return replace(settings, **changed)


def api_settings(stage: Stage, folder: Path, url: str, **changed: Any) -> ApiSettings:
    settings = ApiSettings(
        deployment=stage.save(folder),
        rpc=url,
        database=f"sqlite:///{folder}/relay.db",
        chain_database=f"sqlite:///{folder}/chain.db",
        receipt_key=secret_of(demo_key(RECEIPT_KEY, CHAIN_ID)),
        static=folder / "static",
        origin=ORIGIN,
        poll=0.01,
    )
    return replace(settings, **changed)


@asynccontextmanager
async def opened(
    stage: Stage, template: Path, folder: Path, relayed: dict[str, Any] | None = None, **changed: Any
) -> AsyncIterator[House]:
    """All three in this process, on copies of the template's databases; the index is at the head.

    `relayed` and `changed` are other settings of relay and API.
    """
    for name in ("chain.db", "relay.db"):
        shutil.copy(template / name, folder / name)
    url, clock = stage.chain.url, StageClock(stage)
    async with ChainClient(url, clock) as client:
        contracts = Contracts(stage.deployment, client)
        engine = open_database(f"sqlite:///{folder}/chain.db")
        prepare(engine, contracts)
        follower = Follower(engine, client, contracts, page=40)
        await follower.step()
        relay = await open_relay(relay_settings(stage, folder, url, **(relayed or {})), contracts)
        context = build_context(api_settings(stage, folder, url, **changed), clock, contracts)
        transport = httpx.ASGITransport(create_app(context), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
            yield House(stage, folder, contracts, context, follower, relay, http)
        engine.dispose()
        context.chain_engine.dispose()


async def make_template(stage: Stage, folder: Path) -> None:
    """Both databases, the index at the head."""
    async with ChainClient(stage.chain.url, StageClock(stage)) as client:
        contracts = Contracts(stage.deployment, client)
        engine = open_database(f"sqlite:///{folder}/chain.db")
        prepare(engine, contracts)
        await Follower(engine, client, contracts).step()
        engine.dispose()
    engine = open_database(f"sqlite:///{folder}/relay.db")
    upgrade(engine, "relay")
    engine.dispose()
