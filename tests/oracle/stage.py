# SPDX-License-Identifier: MIT
"""The whole way on stage: Anvil with our contracts, simulated meters, the oracle, one stepped clock."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from oracle.gateway import Gateway
from oracle.journal import Boundaries, open_database
from oracle.process import build
from oracle.settings import OracleSettings
from oracle.simulator.plan import Plan
from oracle.simulator.process import Simulation
from scripts import plan as deployment_plan
from tests.contracts.live_chain import LiveChain
from tests.oracle.support import PERIOD, a_meter, points_json
from wattbook.calendar import Calendar
from wattbook.clock_server import Conductor
from wattbook.deployments import DeployedContract, Deployment, save_deployment
from wattbook.ids import device_type_of
from wattbook.keys import create_keystore, demo_key, sign_digest
from wattbook.processes import Supervisor
from wattbook.typeddata import Admission, Domain, Quality

CHAIN_ID = 31_337
START = 1_800_000_000
AREA = 1
CARRIER = 0
CALENDAR = Calendar(PERIOD, 7_200, 300, 1_800, 3_600, 7_200, 10_800, 64)
OPERATOR, BACKSTOP, FEES, AUTHORITY, GATEWAY, MEMBER = range(6)
GATEWAY_ID = 1
ACCOUNT = AREA << 16 | 16
PASSWORD = "stage"
MODELS = ("eastron-sdm630", "schneider-iem3155", "janitza-b23", "sunspec-203", "sma-inverter", "sunspec-701")
DAY = ((100, 0), (0, 80), (951, 333), (17, 5), (0, 0), (640, 2))


@dataclass(frozen=True)
class Ground:
    """Chain and registrations; tests begin from a snapshot. `first` is the points' first period."""

    chain: LiveChain
    first: int
    deployment: Deployment

    def operate(self, function: str, *arguments: Any) -> None:
        """A call of the registry's operator."""
        self.chain.send(self.chain.people[OPERATOR], "Registry", function, *arguments)

    def reading(self, point: int, period: int) -> dict[str, int]:
        return dict(self.chain.read("MeterReadings", "reading", point, period))

    def energy(self, point: int, period: int) -> tuple[int, int] | None:
        """(import, export) of a period as the chain has it; None while it isn't known."""
        known, imported, exported = self.chain.read("MeterReadings", "energyOf", point, period)
        return (imported, exported) if known else None


def lay_ground(chain: LiveChain) -> Ground:
    """Contracts, a gateway, a member with a metering point for each model."""
    operator, people = chain.people[OPERATOR], chain.people
    times = astuple(CALENDAR)
    for name in deployment_plan.CONTRACTS:
        chain.create(operator, name, deployment_plan.constructor_arguments(name, operator, times, chain.at))
    holders = deployment_plan.Holders(
        operator, operator, operator, people[AUTHORITY], people[BACKSTOP], people[FEES]
    )

    def operate(contract: str, function: str, *arguments: Any) -> None:
        chain.send(operator, contract, function, *arguments)

    for role, holder in deployment_plan.role_holders(holders, chain.at):
        operate("Administration", "grantRole", role, holder, 0)
    for name, by_role in deployment_plan.RESTRICTED.items():
        for role, functions in by_role.items():
            selectors = [chain.abis[name].functions[function].selector for function in functions]
            operate("Administration", "setTargetFunctionRole", chain.at[name], selectors, role)
    operate("MeterReadings", "connectSettlement", chain.at["Settlement"])
    first = (chain.now + CALENDAR.opens_before) // PERIOD + 1
    operate("GridOversight", "scheduleTerms", AREA, CARRIER, first, (3_200, 800, 0, 0, 100_000, 0, 0))
    operate("Registry", "openArea", AREA, people[BACKSTOP], people[FEES])
    operate("Registry", "setAdmissionAuthority", people[AUTHORITY])
    operate("Registry", "registerGateway", people[GATEWAY])
    fields = (people[MEMBER], AREA, True, True, 1, chain.now + 3_600)
    digest = Admission(*fields).digest(Domain(CHAIN_ID, chain.at["Registry"]))
    operate("Registry", "admit", fields, sign_digest(demo_key(AUTHORITY, CHAIN_ID), digest))
    for model in MODELS:
        operate("Registry", "approveDeviceType", model, 1, False)
        fields = (ACCOUNT, CARRIER, 4_000, 4_000, 100, 1, GATEWAY_ID, 0, device_type_of(model), False)
        operate("Registry", "registerPoint", fields)
    return Ground(chain, chain.read("Registry", "point", 1)["firstPeriod"], deployment_of(chain))


def deployment_of(chain: LiveChain) -> Deployment:
    contracts = {
        name: DeployedContract(
            address, "0x" + keccak(bytes.fromhex(chain.rpc("eth_getCode", address, "latest")[2:])).hex()
        )
        for name, address in chain.at.items()
    }
    return Deployment("anvil", CHAIN_ID, "stage", 0, CALENDAR, contracts)


class Stage:
    """Steps meters, oracle and chain through instants, in seconds from the first period's start."""

    def __init__(self, ground: Ground, folder: Path, rpc: str) -> None:
        self.ground = ground
        self.folder = folder
        self.starts = ground.first * PERIOD
        self.conductor = Conductor(self.starts - 100)
        self.plan = Plan(PERIOD, ground.first, 7, tuple(planned_meters()))
        self.simulation = Simulation(self.plan, folder / "ledger.jsonl")
        self.rpc = rpc
        self.clocks = ["oracle"]
        self.gateway: Gateway | None = None
        self._running: asyncio.Task[None] | None = None

    async def set_up(self, **changed: Any) -> None:
        """Meters and keys; the points file may be changed afterwards."""
        await self.conductor.start()
        await self.simulation.start()
        save_deployment(self.folder / "deployment.json", self.ground.deployment)
        create_keystore(self.folder / "gateway.json", PASSWORD, demo_key(GATEWAY, CHAIN_ID), iterations=2)
        (self.folder / "password").write_text(PASSWORD + "\n")
        points = points_json(self.plan, self.simulation.ports)
        (self.folder / "points.json").write_text(json.dumps(points | changed))

    def settings(self, **changed: Any) -> OracleSettings:
        settings = OracleSettings(
            deployment=self.folder / "deployment.json",
            points=self.folder / "points.json",
            keystore=self.folder / "gateway.json",
            gateway=GATEWAY_ID,
            journal=self.folder / "oracle.db",
            sender_journal=self.folder / "sender.db",
            password_file=self.folder / "password",
            rpc=self.rpc,
            clock=self.conductor.url_for("oracle"),
            timeout_seconds=5.0,
            chain_patience=30.0,
        )
        return replace(settings, **changed)

    async def start(self, **changed: Any) -> None:
        """The oracle, in this process."""
        self.gateway = await build(self.settings(**changed))
        self._running = asyncio.create_task(self.gateway.run(10))
        await self.conductor.wait_for(["oracle"])

    async def stop(self) -> None:
        if self._running is not None and self.gateway is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
            await self.gateway.close()
            self._running = None

    async def tear_down(self) -> None:
        await self.stop()
        await self.simulation.stop()
        await self.conductor.close()

    def mine(self, instant: int) -> None:
        self.ground.chain.rpc("evm_mine", {"timestamp": instant})
        self.ground.chain.now = instant

    async def step(self, seconds: int, forget: bool = False) -> None:
        """Meters, every oracle, a block: at `seconds` after the first period's start.

        With `forget` the node loses what waits before it makes the block.
        """
        instant = self.starts + seconds
        await self.conductor.set_time(instant)
        self.simulation.set_instant(instant)
        for name in self.clocks:
            await self.conductor.step(name, instant)
        if forget:
            self.ground.chain.rpc("anvil_dropAllTransactions")
        self.mine(instant)

    async def live(self, first: int, periods: int) -> None:
        """10 s before and after each boundary, from the start of period `first` on (counted from 0)."""
        for boundary in range(first, first + periods + 1):
            await self.step(boundary * PERIOD - 10)
            await self.step(boundary * PERIOD + 10)

    def truth(self) -> dict[tuple[int, int], tuple[int, int]]:
        """(point, period) → (import, export) Wh, from the ledger."""
        lines = [json.loads(line) for line in (self.folder / "ledger.jsonl").read_text().splitlines()]
        return {(it["point"], it["period"]): (it["importWh"], it["exportWh"]) for it in lines}


def planned_meters() -> Iterator[Any]:
    for number, model in enumerate(MODELS, start=1):
        exports_only = model == "sma-inverter"
        yield a_meter(
            number,
            model,
            start_import_wh=0 if exports_only else 5_000_000 + number,
            energy=tuple((0 if exports_only else imported, exported) for imported, exported in DAY),
        )


@asynccontextmanager
async def staged(ground: Ground, folder: Path, rpc: str, **changed: Any) -> AsyncIterator[Stage]:
    """A stage that is set up, and torn down with the block."""
    stage = Stage(ground, folder, rpc)
    await stage.set_up(**changed)
    try:
        yield stage
    finally:
        await stage.tear_down()


class OracleProcess:
    """An oracle as a process of its own, to be killed; `name` is its clock's, too."""

    def __init__(self, stage: Stage, supervisor: Supervisor, name: str = "oracle", **changed: Any) -> None:
        settings = stage.settings(clock=stage.conductor.url_for(name), **changed)
        names = ("deployment", "points", "keystore", "gateway", "journal", "sender_journal")
        names += ("password_file", "rpc", "clock", "timeout_seconds", "chain_patience")
        self._flags = [
            part for it in names for part in (f"--{it.replace('_', '-')}", str(getattr(settings, it)))
        ]
        self._name = name
        self._stage = stage
        self._supervisor = supervisor

    def beside(self, name: str = "oracle", **changed: Any) -> "OracleProcess":
        """Another oracle of the stage, or this one with other settings."""
        return OracleProcess(self._stage, self._supervisor, name, **changed)

    async def start(self) -> None:
        argv = [sys.executable, "-m", "oracle", *self._flags]
        await asyncio.to_thread(self._supervisor.start, self._name, argv)

    async def kill_and_restart(self) -> None:
        self._supervisor.children[self._name].kill()
        await asyncio.to_thread(self._supervisor.restart, self._name)

    async def stop(self) -> None:
        await asyncio.to_thread(self._supervisor.stop_child, self._name)


@asynccontextmanager
async def with_oracle(ground: Ground, folder: Path, rpc: str) -> AsyncIterator[tuple[Stage, OracleProcess]]:
    """A stage, and on it an oracle as a process, which waits for its first step."""
    with Supervisor(folder / "logs") as supervisor:
        async with staged(ground, folder, rpc) as stage:
            oracle = OracleProcess(stage, supervisor)
            await oracle.start()
            await stage.conductor.wait_for(["oracle"])
            yield stage, oracle


def require_truth(stage: Stage, periods: Iterable[int], quality: Quality | None = None) -> None:
    """Chain = ledger for each point and period (counted from 0)."""
    ground, truth = stage.ground, stage.truth()
    for k in periods:
        for point in range(1, len(MODELS) + 1):
            period = ground.first + k
            assert ground.energy(point, period) == truth[point, period], (point, k)
            if quality is not None:
                assert ground.reading(point, period)["quality"] == quality


def lane_states(journal: Path) -> dict[str, int]:
    """How many readings of an oracle's journal are in each state."""
    database = open_database(journal, read_only=True)
    with database.read() as connection:
        counts = Boundaries(connection).counts()
    database.close()
    return counts
