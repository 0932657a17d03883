# SPDX-License-Identifier: MIT
"""Conducts the day: one instant after another, one process after another, so that a run repeats to the byte.

At each instant the clock stands still for everybody, the chain gets a block of that second, and then the processes act in a
fixed order: meters, oracle, indexer, agents, relay, keeper; what they sent goes into a second block.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scripts.demo.agents import Neighbourhood
from wattbook.calendar import Calendar
from wattbook.chain.client import ChainClient
from wattbook.clock_server import Conductor

# Seconds before and after an instant at which the clock stops.
AROUND = 10
LEAD, TAIL = 8, 9


@dataclass(frozen=True)
class Score:
    """Which periods the day has, and when their life begins and ends."""

    calendar: Calendar
    periods: range

    def boundaries(self) -> range:
        """UTC seconds of all period boundaries, lead and tail included."""
        step = self.calendar.period_seconds
        first = self.calendar.starts_at(self.periods.start - LEAD)
        return range(first, self.calendar.starts_at(self.periods.stop + TAIL) + 1, step)


class Day:
    def __init__(
        self,
        score: Score,
        conductor: Conductor,
        client: ChainClient,
        neighbourhood: Neighbourhood,
        simulators: str = "simulator",
    ) -> None:
        self._score = score
        self._conductor = conductor
        self._client = client
        self._neighbourhood = neighbourhood
        self._simulators = simulators

    async def run(self, after_period: Callable[[int], Awaitable[None]]) -> None:
        """Every instant from the lead's first boundary to the tail's last; `after_period` gets each finished period."""
        calendar = self._score.calendar
        for boundary in self._score.boundaries():
            period = calendar.period_of(boundary)
            await self._poll(boundary - AROUND)
            await self._poll(boundary + AROUND, lambda p=period: self._neighbourhood.opening_round(p + 2))
            gate = calendar.gate_at(period + 1)
            await self._trade(gate - AROUND, lambda p=period: self._neighbourhood.closing_round(p + 1))
            await self._trade(gate + AROUND)
            await after_period(period)

    async def _poll(self, instant: int, agents: Callable[[], Awaitable[None]] | None = None) -> None:
        """An instant at which meters are read."""
        await self._begin(instant)
        await self._conductor.step(self._simulators, instant)
        await self._conductor.step("oracle", instant)
        await self._act(instant, agents)

    async def _trade(self, instant: int, agents: Callable[[], Awaitable[None]] | None = None) -> None:
        await self._begin(instant)
        await self._act(instant, agents)

    async def _begin(self, instant: int) -> None:
        await self._conductor.set_time(instant)
        await self.mine(instant)

    async def _act(self, instant: int, agents: Callable[[], Awaitable[None]] | None) -> None:
        await self._conductor.step("indexer", instant)
        if agents is not None:
            await agents()
        await self._conductor.step("relay", instant)
        await self._conductor.step("keeper", instant)
        await self.mine(instant + 1)
        await self._conductor.step("indexer", instant)

    async def mine(self, timestamp: int) -> None:
        """One block of that second, with whatever the pool holds."""
        await self._client.rpc.request("evm_mine", {"timestamp": timestamp})
