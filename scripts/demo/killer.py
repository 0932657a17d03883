# SPDX-License-Identifier: MIT
"""Keeps the processes alive, and, for the crash test, kills them: kill -9 at moments that a seed draws.

Half of the kills fall anywhere; the others wait for a named line in the process (wattbook/crash.py): between
journal and send, send and receipt, receipt and commit. Who dies is started again, like a service manager
would.
"""

import asyncio
import collections
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from wattbook.clock import SystemClock
from wattbook.crash import crash_file
from wattbook.errors import ProcessFailed
from wattbook.processes import Child, Supervisor

KILLS = 20
VICTIMS = ("indexer", "relay", "api", "oracle")
POINTS = {
    "relay": ("journalled", "sent", "receipt"),
    "oracle": ("journalled", "sent", "receipt"),
    "indexer": ("block",),
    "api": ("accepted",),
}
NAMED = [(victim, point) for victim, points in POINTS.items() for point in points]
WATCH_SECONDS = 0.05


@dataclass(frozen=True)
class Kill:
    """`point` None: at once, `delay` seconds into the instant."""

    victim: str
    point: str | None
    delay: float


class Killer:
    """`plan`: instant → kills, counted from 0; an empty one only restarts what dies by itself."""

    def __init__(self, supervisor: Supervisor, plan: dict[int, list[Kill]], folder: Path) -> None:
        self._supervisor = supervisor
        self._folder = folder
        self._clock = SystemClock()
        self._instant = 0
        self._plan = plan
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = {victim: asyncio.Lock() for victim in VICTIMS}
        self._starting = asyncio.Lock()
        self._deaths: collections.Counter[str] = collections.Counter()
        self.kills: list[str] = []  # carried out: each was one death

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        watch = asyncio.create_task(self._watch())
        try:
            yield
            await self._strike_the_rest()
        finally:
            for task in (watch, *self._tasks):
                task.cancel()
            await asyncio.gather(watch, *self._tasks, return_exceptions=True)

    def strike(self) -> None:
        """Called at the beginning of each instant."""
        for kill in self._plan.get(self._instant, ()):
            task = asyncio.create_task(self._kill(kill))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._instant += 1

    async def _kill(self, kill: Kill) -> None:
        """One at a time for a victim: two kills at once would be one death."""
        async with self._turns[kill.victim]:
            before = self._deaths[kill.victim]
            await self._aim(kill)
            while self._deaths[kill.victim] == before:
                await self._clock.sleep(WATCH_SECONDS)
            self.kills.append(kill.victim)

    async def _aim(self, kill: Kill) -> None:
        if kill.point is not None:
            crash_file(self._folder, kill.victim, kill.point).touch()
            return
        await self._clock.sleep(kill.delay)
        while not self._alive(kill.victim):
            await self._clock.sleep(WATCH_SECONDS)
        self._supervisor.children[kill.victim].signal_group(9)

    async def _strike_the_rest(self) -> None:
        """When the day is over: who waits for a named line that it passes no more dies where it is."""
        while self._tasks:
            for victim, point in NAMED:
                file = crash_file(self._folder, victim, point)
                if file.exists() and self._alive(victim):
                    file.unlink(missing_ok=True)
                    self._supervisor.children[victim].signal_group(9)
            await self._clock.sleep(WATCH_SECONDS)
        async with self._starting:
            pass  # whoever died last is ready again

    def _alive(self, victim: str) -> bool:
        child = self._supervisor.children.get(victim)
        return child is not None and child.alive()

    async def _watch(self) -> None:
        while True:
            await self._clock.sleep(WATCH_SECONDS)
            for name, child in list(self._supervisor.children.items()):
                if name in VICTIMS and not child.alive():
                    await self._start_again(name, child)

    async def _start_again(self, name: str, child: Child) -> None:
        """Until it is ready: it may be killed again while it starts."""
        child.kill()
        ready = False
        async with self._starting:
            while not ready:
                self._deaths[name] += 1
                with contextlib.suppress(ProcessFailed):
                    await asyncio.to_thread(self._supervisor.start, name, child.argv, child.env)
                    ready = True


def draw_plan(seed: int, instants: int) -> dict[int, list[Kill]]:
    """Instant → kills. Every victim dies, and every named line is struck once before chance decides."""
    draw = random.Random(f"{seed}:kills")
    anywhere = [(draw.choice(VICTIMS), None) for _ in range(KILLS - len(NAMED))]
    plan: dict[int, list[Kill]] = {}
    for victim, point in [*NAMED, *anywhere]:
        # Not in the last instants: a named line is still to be passed.
        instant = draw.randrange(4, instants // 2)
        plan.setdefault(instant, []).append(Kill(victim, point, draw.randrange(0, 60) / 1000))
    return plan
