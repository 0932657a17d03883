# SPDX-License-Identifier: MIT
"""Everything that runs during the demo, and where its files lie.

out/demo/  deployment.json run.json points.json meters.json notes.json  what the processes are told
           chain.db relay.db oracle.db …                                their databases
           ledger.jsonl                                                 the simulators' own account of the day
           logs/  keys/  statements/  report.html  checks.json
"""

import asyncio
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts import people
from scripts.brownie_run import run_brownie
from scripts.demo.calendar import CALENDAR, TERMS
from scripts.demo.options import Options
from scripts.device_types import shipped_device_types
from scripts.request import Request
from wattbook.chain.launch import RunningChain, start_chain
from wattbook.chain.profiles import load_profile
from wattbook.crash import FOLDER_VARIABLE, PROCESS_VARIABLE
from wattbook.files import write_atomically
from wattbook.keys import create_keystore, demo_key
from wattbook.processes import Child, Supervisor, claim_port

CHAIN = "anvil"
PASSWORD = "demo"


@dataclass(frozen=True)
class Files:
    """The demo's folder."""

    out: Path

    def __getattr__(self, name: str) -> Path:
        return self.out / FILES[name]

    def prepare(self) -> None:
        """An empty folder: nothing of an earlier run is left to be taken for this one's."""
        shutil.rmtree(self.out, ignore_errors=True)
        for folder in (self.logs, self.keys, self.statements):
            folder.mkdir(parents=True)

    def write(self, path: Path, data: Any) -> None:
        write_atomically(path, json.dumps(data, indent=2) + "\n")


FILES = {
    "logs": "logs",
    "keys": "keys",
    "statements": "statements",
    "deployment": "deployment.json",
    "run": "run.json",
    "points": "points.json",
    "meters": "meters.json",
    "notes": "notes.json",
    "devices": "devices",
    "ledger": "ledger.jsonl",
    "report": "report.html",
    "checks": "checks.json",
    "chain_db": "chain.db",
    "relay_db": "relay.db",
    "relay_journal": "relay-journal.db",
    "oracle_db": "oracle.db",
    "oracle_journal": "oracle-journal.db",
    "keeper_journal": "keeper-journal.db",
    "admit_journal": "admit-journal.db",
    "password": "keys/password",
    "gateway_key": "keys/gateway.json",
    "relay_key": "keys/relay.json",
    "receipt_key": "keys/receipts.json",
}


class Stage:
    """Starts the demo's processes. `clock_url` is the conductor's."""

    def __init__(self, options: Options, files: Files, supervisor: Supervisor, clock_url: str) -> None:
        self._options = options
        self.supervisor = supervisor
        self._clock_url = clock_url
        self.files = files
        self.profile = load_profile(CHAIN)
        self.chain: RunningChain | None = None

    def start_chain(self, genesis: int) -> RunningChain:
        self.chain = start_chain(self.profile, self.supervisor, self._options.chain_port, now=genesis)
        return self.chain

    def deploy(self) -> None:
        """Contracts, roles, terms and the gateway, by Brownie."""
        assert self.chain is not None
        faulty = {"Settlement": "CreditingSettlement"} if self._options.fault == "credit" else {}
        request = Request(
            chain=CHAIN,
            chain_id=self.profile.chain_id,
            gas_price=self.profile.fees.price,
            name="demo",
            deployment=self.files.deployment.resolve(),
            calendar=CALENDAR,
            holders=people.local_holders(self.profile.chain_id),
            areas=(TERMS,),
            gateways=(demo_key(people.GATEWAY, self.profile.chain_id).address,),
            device_types=shipped_device_types(),
            artifacts=faulty,
        )
        run_brownie("establish", request, self.chain.url, self.files.logs)

    def write_keys(self) -> None:
        """Keystores for the processes that sign; of published keys, so a weak password loses nothing."""
        write_atomically(self.files.password, PASSWORD + "\n")
        for path, person in (
            (self.files.gateway_key, people.GATEWAY),
            (self.files.relay_key, people.RELAY),
            (self.files.receipt_key, people.RECEIPTS),
        ):
            create_keystore(path, PASSWORD, demo_key(person, self.profile.chain_id), iterations=2)

    async def start_page(self) -> str:
        """Indexer and API: the page is up from here on. Answers its address."""
        await self._start_at_chain("indexer", "api.indexer", database=url(self.files.chain_db))
        child = await self._start_at_chain(
            "api",
            "api",
            database=url(self.files.relay_db),
            chain_database=url(self.files.chain_db),
            port=claim_port(
                self._options.port
            ),  # a fixed one: an API that is started again keeps its address
            receipt_keystore=self.files.receipt_key,
            password_file=self.files.password,
            demo_notes=self.files.notes,
        )
        return f"http://127.0.0.1:{child.port}"

    async def start_meters(self) -> dict[str, Any]:
        """The simulators; answers their ready line, which has the meters' ports."""
        child = await self._start(
            "simulator", "oracle.simulator", meters=self.files.meters, ledger=self.files.ledger
        )
        return child.facts

    async def start_workers(self) -> None:
        """Oracle, relay and keeper, side by side."""
        await asyncio.gather(self._start_oracle(), self._start_relay(), self._start_keeper())

    async def _start_oracle(self) -> None:
        devices = {"devices": self.files.devices} if self._options.fault == "decode" else {}
        await self._start_at_chain(
            "oracle",
            "oracle",
            points=self.files.points,
            keystore=self.files.gateway_key,
            password_file=self.files.password,
            gateway=1,
            journal=self.files.oracle_db,
            sender_journal=self.files.oracle_journal,
            # The clock stands still while a slow machine answers: no reading becomes an estimate for that.
            timeout_seconds=30,
            chain_patience=60,
            drop_after_ack=str(self._options.fault == "drop").lower(),
            **devices,
        )

    async def _start_relay(self) -> None:
        await self._start_at_chain(
            "relay",
            "api.relay",
            database=url(self.files.relay_db),
            chain_database=url(self.files.chain_db),
            journal=self.files.relay_journal,
            keystore=self.files.relay_key,
            password_file=self.files.password,
        )

    async def _start_keeper(self) -> None:
        await self._start_at_chain(
            "keeper", "wattbook.keeper", demo_key=people.KEEPER, journal=self.files.keeper_journal
        )

    def describe(self, page: str) -> dict[str, Any]:
        """run.json: where everything listens, for whoever wants to look."""
        children = self.supervisor.children.items()
        return {
            "page": page,
            "rpc": self.rpc(),
            "deployment": str(self.files.deployment.resolve()),
            "processes": {name: {"pid": child.pid, **child.facts} for name, child in children},
        }

    async def _start(self, name: str, module: str, **settings: Any) -> Child:
        """In a thread: a child that becomes ready asks the conductor for the time, who lives in ours."""
        environment = self._environment(name, **settings)
        return await asyncio.to_thread(
            self.supervisor.start, name, [sys.executable, "-m", module], environment
        )

    async def _start_at_chain(self, name: str, module: str, **settings: Any) -> Child:
        return await self._start(name, module, deployment=self.files.deployment, rpc=self.rpc(), **settings)

    def _environment(self, name: str, **settings: Any) -> dict[str, str]:
        """WATTBOOK_<PROCESS>_<SETTING> for each setting, the clock included."""
        given = {"clock": f"{self._clock_url}?name={name}", **settings}
        variables = {f"WATTBOOK_{name}_{key}".upper(): str(value) for key, value in given.items()}
        if self._options.kills is None:
            return variables
        return {**variables, FOLDER_VARIABLE: str(self.files.out.resolve()), PROCESS_VARIABLE: name}

    def rpc(self) -> str:
        assert self.chain is not None
        return self.chain.url


def url(path: Path) -> str:
    return f"sqlite:///{path.resolve()}"
