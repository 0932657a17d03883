# SPDX-License-Identifier: MIT
"""Conducts the day: one instant after another, one process after another, so that a run repeats to the byte.

At each instant the clock stands still for everybody, the chain gets a block of that second, and then the
processes act in a fixed order: meters, oracle, indexer, agents, relay, keeper; what they sent goes into a
second block.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scripts.demo.agents import Neighbourhood
from scripts.demo.killer import Killer
from wattbook.calendar import Calendar
from wattbook.chain.client import ChainClient
from wattbook.clock_server import Conductor
from wattbook.errors import ChainUnreachable

# Seconds before and after an instant at which the clock stops.
AROUND = 10
LEAD, TAIL = 8, 9


@dataclass(frozen=True)
class Score:
    """Which periods the day has, and when their life begins and ends."""

    calendar: Calendar
    periods: range

    def instants(self) -> int:
        """How often the clock stops."""
        return 4 * len(self.boundaries())

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
        killer: Killer,
    ) -> None:
        self._score = score
        self._conductor = conductor
        self._client = client
        self._neighbourhood = neighbourhood
        self._killer = killer

    async def run(self, after_period: Callable[[int], Awaitable[None]]) -> None:
        """Every instant from the lead's first boundary to the tail's last; `after_period` gets each finished
        period.
        """
        calendar = self._score.calendar
        async with self._killer.watching():
            for boundary in self._score.boundaries():
                for instant in self._instants(boundary - AROUND, boundary - AROUND + calendar.period_seconds):
                    await self._live(instant)
                await after_period(calendar.period_of(boundary))

    def kills(self) -> list[str]:
        """Which processes were killed, in order."""
        return self._killer.kills

    async def reopen(self, periods: range) -> None:
        """After the day: the neighbours trade these periods too; the next ones at once."""
        self._neighbourhood.reopen(periods)
        now = self._conductor.now
        for period in list(self._score.calendar.open_periods(now))[1:4]:
            await self._neighbourhood.opening_round(period)

    async def live(self, then: int, now: int) -> None:
        """Real time: whatever the clock should have stopped at between `then` (gone) and `now` (included)."""
        for instant in [*self._instants(then + 1, now), now]:
            await self._live(instant)

    def _instants(self, first: int, last: int) -> list[int]:
        """Seconds from `first` until before `last` that lie just before or after a boundary or a gate."""
        calendar = self._score.calendar
        periods = range(calendar.period_of(first), calendar.period_of(last) + 2)
        named = [calendar.starts_at(p) + a for p in periods for a in (-AROUND, AROUND)]
        named += [calendar.gate_at(p) + a for p in periods for a in (-AROUND, AROUND)]
        return sorted(i for i in named if first <= i < last)

    async def _live(self, instant: int) -> None:
        """One instant: what happens at it follows from the time alone."""
        calendar = self._score.calendar
        period = calendar.period_of(instant)
        since = instant - calendar.starts_at(period)
        if since == calendar.period_seconds - AROUND:
            await self._poll(instant)
        elif since == AROUND:
            await self._poll(instant, lambda: self._neighbourhood.opening_round(period + 2))
        elif instant == calendar.gate_at(period + 1) - AROUND:
            await self._close(instant, period + 1)
        else:
            await self._trade(instant)

    async def _poll(self, instant: int, agents: Callable[[], Awaitable[None]] | None = None) -> None:
        """An instant at which meters are read."""
        await self._begin(instant)
        await self._conductor.step("simulator", instant)
        await self._conductor.step("oracle", instant)
        await self._act(instant, agents)

    async def _trade(self, instant: int, agents: Callable[[], Awaitable[None]] | None = None) -> None:
        await self._begin(instant)
        await self._act(instant, agents)

    async def _close(self, instant: int, period: int) -> None:
        """The last ten seconds before a gate: first back with what rests, then the closing round."""
        await self._begin(instant)
        await self._act(instant, lambda: self._neighbourhood.taking_back(period))
        await self._act(instant + 1, lambda: self._neighbourhood.closing_round(period))

    async def _begin(self, instant: int) -> None:
        self._killer.strike()
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
        try:
            await self._client.rpc.request("evm_mine", {"timestamp": timestamp})
        except ChainUnreachable:
            # Whether the block was made before the answer got lost, its time tells.
            if (await self._client.head()).timestamp < timestamp:
                await self._client.rpc.request("evm_mine", {"timestamp": timestamp})
