# SPDX-License-Identifier: MIT
"""A neighbourhood that lives while a browser looks at it: Anvil, indexer, relay and API as in production.

A thread of its own lets its clock go on a second at a time; what a test wants done in between, it hands over.
"""

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.api.house import RECEIPT_KEY, RELAY_KEY, secret_of
from tests.api.stage import CALENDAR, CHAIN_ID, START, Stage, account_of, key_of, lay
from tests.contracts.live_chain import anvil
from wattbook.clock_server import Conductor
from wattbook.keys import demo_key, sign_digest_65
from wattbook.processes import Supervisor, claim_port

ROOT = Path(__file__).parents[2]
BEAT_SECONDS = 0.4
MORE_PERIODS = 6
STARTING_SECONDS = 60
PATIENCE_SECONDS = 30
NOTE = "A neighbourhood for tests: six members, one solar roof each."

T = TypeVar("T")


class Village:
    """`url` is the page's address."""

    def __init__(self, stage: Stage, folder: Path, supervisor: Supervisor) -> None:
        self.stage = stage
        self.url = f"http://127.0.0.1:{claim_port(0)}"
        self._folder = folder
        self._supervisor = supervisor
        self._tasks: list[tuple[Callable[[Stage], Any], Future[Any]]] = []
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    def __enter__(self) -> "Village":
        self._thread.start()
        assert self._started.wait(STARTING_SECONDS), "the village didn't start"
        self._check()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(PATIENCE_SECONDS)
        self._http.close()

    # --- what tests do ----------------------------------------------------------------------------------

    def between(self, task: Callable[[Stage], T]) -> T:
        """Does something on the chain between two seconds, and waits until the index has seen it."""
        future: Future[T] = Future()
        self._tasks.append((task, future))
        result = future.result(PATIENCE_SECONDS)
        self._check()
        return result

    def get(self, path: str, **query: Any) -> Any:
        response = self._http.get(path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def open_market(self, later: int = 0) -> dict[str, Any]:
        """An open market, the first or a later one, that leaves time for a test."""
        now = self.stage.chain.now
        items = self.get("/v1/markets", area=1, carrier=0)["items"]
        fit = [item for item in items if item["state"] == "open" and item["gateAt"] > now + 120]
        return dict(fit[later])

    def order(self, name: str, market: int, side: str, kwh: str, per_kwh: str) -> str:
        """Another member's order, by the API as a bot would send it; answers its hash."""
        wish = {
            "account": account_of(name),
            "market": market,
            "side": side,
            "kind": "limit",
            "energyKwh": kwh,
            "pricePerKwh": per_kwh,
        }
        asked = self._post("/v1/typed-data/order", wish, 200)
        signature = sign_digest_65(key_of(name), bytes.fromhex(asked["hash"][2:]))
        signed = {"order": asked["order"], "signature": "0x" + signature.hex()}
        return str(self._post("/v1/orders", signed, 202)["hash"])

    def stop_api(self) -> None:
        self._supervisor.stop_child("api")

    def start_api(self) -> None:
        self._supervisor.start("api", self._command("api", self._api_flags()))

    def _post(self, path: str, body: Any, status: int) -> Any:
        response = self._http.post(path, json=body)
        assert response.status_code == status, response.text
        return response.json()

    # --- its life ---------------------------------------------------------------------------------------

    def _live(self) -> None:
        try:
            asyncio.run(self._run())
        except BaseException as failure:  # noqa: BLE001 - told to the test that waits
            self._failure = failure
        self._started.set()
        for _, future in self._tasks:
            future.set_exception(self._failure or RuntimeError("the village has ended"))

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    async def _run(self) -> None:
        async with Conductor(self.stage.chain.now) as conductor:
            self._clock = conductor
            await asyncio.to_thread(self._start_processes)
            await conductor.wait_for(["indexer", "relay", "api"])
            await self._beat()
            self._started.set()
            while not self._stopping.is_set():
                await self._beat()
                await asyncio.to_thread(self._stopping.wait, BEAT_SECONDS)
            # They hang up before the conductor does.
            await asyncio.to_thread(self._supervisor.stop)

    async def _beat(self) -> None:
        """One second: tasks, relay, block, index; then the tasks' answers."""
        tasks, self._tasks = self._tasks, []
        answers = [await asyncio.to_thread(_attempt, task, self.stage) for task, _ in tasks]
        chain = self.stage.chain
        chain.now += 1
        await self._clock.set_time(chain.now)
        await self._clock.step("relay", chain.now)
        await asyncio.to_thread(chain.rpc, "evm_mine", {"timestamp": chain.now})
        await self._clock.step("relay", chain.now)
        await self._clock.step("indexer", chain.now)
        for (_, future), (result, failure) in zip(tasks, answers, strict=True):
            future.set_exception(failure) if failure else future.set_result(result)

    def _start_processes(self) -> None:
        self._shared = ["--deployment", str(self.stage.save(self._folder)), "--rpc", self.stage.chain.url]
        relay_key = ["--private-key", secret_of(demo_key(RELAY_KEY, CHAIN_ID))]
        index, relayed = f"sqlite:///{self._folder}/chain.db", f"sqlite:///{self._folder}/relay.db"
        self._databases = ["--chain-database", index, "--database", relayed]
        journal = ["--journal", str(self._folder / "journal.db")]
        start = self._supervisor.start
        start("indexer", self._command("indexer", ["--database", index]))
        start("relay", self._command("relay", [*self._databases, *journal, *relay_key]))
        self.start_api()

    def _command(self, name: str, flags: list[str]) -> list[str]:
        module = "api" if name == "api" else f"api.{name}"
        return [sys.executable, "-m", module, *self._shared, "--clock", self._clock.url_for(name), *flags]

    def _api_flags(self) -> list[str]:
        notes = self._folder / "notes.json"
        accounts = [demo_account(name) for name in ("Eva", "Fay")]
        notes.write_text(json.dumps({"isDemo": True, "note": NOTE, "accounts": accounts}))
        receipts = ["--receipt-key", secret_of(demo_key(RECEIPT_KEY, CHAIN_ID))]
        page = ["--static", str(ROOT / "web" / "dist"), "--demo-notes", str(notes)]
        return [*self._databases, *receipts, *page, "--port", self.url.rpartition(":")[2]]


def demo_account(name: str) -> dict[str, Any]:
    key = key_of(name)
    return {
        "name": name,
        "address": key.address,
        "account": account_of(name),
        "role": "sells solar power",
        "privateKey": "0x" + secret_of(key),
    }


def _attempt(task: Callable[[Stage], Any], stage: Stage) -> tuple[Any, BaseException | None]:
    try:
        return task(stage), None
    except Exception as failure:  # noqa: BLE001 - it is the waiting test's
        return None, failure


@contextmanager
def village(folder: Path) -> Iterator[Village]:
    """A chain with six members, and all processes, until the block ends."""
    with anvil(START) as chain:
        stage = lay(chain)
        chain.go_to(CALENDAR.opens_at(stage.period + MORE_PERIODS) + 60)
        with Supervisor(folder / "logs") as supervisor, Village(stage, folder, supervisor) as living:
            yield living
