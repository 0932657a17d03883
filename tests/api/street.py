# SPDX-License-Identifier: MIT
"""Indexer, relay and API as processes of their own on the stepped clock, to be watched and killed."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.api.house import RECEIPT_KEY, RELAY_KEY, secret_of
from tests.api.stage import CHAIN_ID, Stage
from wattbook.clock_server import Conductor
from wattbook.crash import FOLDER_VARIABLE, PROCESS_VARIABLE
from wattbook.keys import demo_key
from wattbook.processes import Supervisor

NAMES = ("indexer", "relay", "api")
# A process that compiles all its imports anew takes seconds to start; these tests start many.
BYTECODE = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path(__file__).parents[2] / ".cache" / "bytecode"),
}


@dataclass
class Street:
    """`step` lets one process act at the chain's present time."""

    stage: Stage
    folder: Path
    conductor: Conductor
    supervisor: Supervisor
    http: httpx.AsyncClient

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.supervisor.children['api'].port}"

    async def step(self, name: str) -> None:
        await self.conductor.set_time(self.stage.chain.now)
        await self.conductor.step(name, self.stage.chain.now)

    async def mine(self) -> None:
        self.stage.chain.mine()
        await self.conductor.set_time(self.stage.chain.now)

    async def round(self) -> None:
        """Relay, block, indexer."""
        await self.step("relay")
        await self.mine()
        await self.step("indexer")

    async def get(self, path: str, **options: Any) -> Any:
        answer = await self.http.get(self.api + path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any) -> Any:
        answer = await self.http.post(self.api + path, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def start(self, name: str) -> None:
        if name in self.supervisor.children:
            self.supervisor.restart(name)
            return
        module = "api" if name == "api" else f"api.{name}"
        config = str(self.folder / "wattbook.toml")
        env = {**BYTECODE, FOLDER_VARIABLE: str(self.folder), PROCESS_VARIABLE: name}
        self.supervisor.start(name, [sys.executable, "-m", module, "--config", config], env)

    def kill(self, name: str) -> None:
        """kill -9."""
        self.supervisor.children[name].kill()


def write_config(stage: Stage, folder: Path, conductor: Conductor) -> None:
    chain = {"deployment": str(stage.save(folder)), "rpc": stage.chain.url}
    chain_db, relay_db = f"sqlite:///{folder}/chain.db", f"sqlite:///{folder}/relay.db"
    tables: dict[str, dict[str, Any]] = {
        "indexer": {**chain, "database": chain_db},
        "relay": {
            **chain,
            "database": relay_db,
            "chain_database": chain_db,
            "journal": str(folder / "journal.db"),
            "private_key": secret_of(demo_key(RELAY_KEY, CHAIN_ID)),
        },
        "api": {
            **chain,
            "database": relay_db,
            "chain_database": chain_db,
            "receipt_key": secret_of(demo_key(RECEIPT_KEY, CHAIN_ID)),
            "static": str(folder / "static"),
            "poll": 0.05,
        },
    }
    lines = []
    for name, table in tables.items():
        lines += [f"[{name}]", f'clock = "{conductor.url_for(name)}"']
        lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    (folder / "wattbook.toml").write_text("\n".join(lines) + "\n")


@asynccontextmanager
async def opened_street(stage: Stage, folder: Path) -> AsyncIterator[Street]:
    """All three, ready; the index at the head."""
    async with Conductor(stage.chain.now) as conductor, httpx.AsyncClient(timeout=30) as http:
        write_config(stage, folder, conductor)
        with Supervisor(folder / "logs") as supervisor:
            street = Street(stage, folder, conductor, supervisor, http)
            for name in NAMES:
                await asyncio.to_thread(street.start, name)
            await conductor.wait_for(NAMES)
            await street.step("indexer")
            yield street
