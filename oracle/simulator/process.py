# SPDX-License-Identifier: MIT
"""Runs all meters of a plan in one process, at the clock's pace."""

import asyncio
import contextlib
import signal
from pathlib import Path

from oracle.simulator.ledger import Ledger
from oracle.simulator.meter import SimulatedMeter
from oracle.simulator.plan import Plan, load_plan
from oracle.simulator.server import MeterServer
from oracle.simulator.settings import PROCESS, SimulatorSettings
from wattbook.clock import Clock, open_clock
from wattbook.processes import announce_ready


class Simulation:
    """All meters of a plan. `ports` maps a point to its port once started."""

    def __init__(self, plan: Plan, ledger: Path) -> None:
        self.meters = [SimulatedMeter(meter, plan) for meter in plan.meters]
        self._servers = _servers(self.meters)
        self._plan, self._ledger_path = plan, ledger
        self._ledger: Ledger | None = None
        self.ports: dict[int, int] = {}

    async def start(self) -> None:
        """Raises PortTaken."""
        for server, meters in self._servers:
            await server.start()
            self.ports |= {meter.planned.point: server.port for meter in meters}
        # Only now: a simulation that can't start leaves an earlier one's ledger alone.
        plan = self._plan
        self._ledger = Ledger(self._ledger_path, self.meters, plan.first_period, plan.period_seconds)

    def set_instant(self, now: int) -> None:
        """Every meter shows what it has counted at UTC second `now`; what is over goes to the ledger."""
        for meter in self.meters:
            meter.set_instant(now)
        if self._ledger is not None:
            self._ledger.write_until(now)

    async def stop(self) -> None:
        for server, _ in self._servers:
            await server.stop()
        if self._ledger is not None:
            self._ledger.close()


async def run(settings: SimulatorSettings) -> None:
    """Until SIGTERM or the clock's end. Raises SimulationInvalid, PortTaken, ClockLost."""
    simulation = Simulation(load_plan(settings.meters), settings.ledger)
    clock = await open_clock(settings.clock, PROCESS)
    await simulation.start()
    simulation.set_instant(clock.now())
    following = asyncio.create_task(_follow(clock, simulation))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, following.cancel)
    announce_ready(ports={str(point): port for point, port in simulation.ports.items()})
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await following
    finally:
        await simulation.stop()
        await clock.close()


async def _follow(clock: Clock, simulation: Simulation) -> None:
    async for now in clock.ticks(1.0):
        simulation.set_instant(now)


def _servers(meters: list[SimulatedMeter]) -> list[tuple[MeterServer, list[SimulatedMeter]]]:
    """Meters of one bus share a port; the others have one each."""
    buses: dict[str, list[SimulatedMeter]] = {}
    for meter in meters:
        name = meter.planned.bus or f"point {meter.planned.point}"
        buses.setdefault(name, []).append(meter)
    return [(MeterServer(bus, bus[0].planned.port), bus) for bus in buses.values()]
