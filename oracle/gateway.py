# SPDX-License-Identifier: MIT
"""The loop: at every tick of the clock ask all meters, close periods, sign, post, confirm.

Each step is journalled before the next begins, and each can be done again: a process that is killed anywhere
goes on from its journal.
"""

from dataclasses import dataclass

from oracle.chain import ChainLink
from oracle.close import Closer
from oracle.faults import withhold_one
from oracle.journal import Database
from oracle.metrics import Metrics
from oracle.poll import Poller
from wattbook import logs
from wattbook.clock import Clock
from wattbook.typeddata import Quality

log = logs.get_logger()


@dataclass(frozen=True, slots=True)
class Gateway:
    """All parts of a running oracle. `drop_after_ack` injects the demo's fault."""

    clock: Clock
    poller: Poller
    closer: Closer
    database: Database
    chain: ChainLink
    metrics: Metrics
    drop_after_ack: bool = False

    async def run(self, every: float) -> None:
        """Until the clock ends; `every` seconds between polls by the system's clock."""
        async for now in self.clock.ticks(every):
            await self.step(now)

    async def step(self, now: int) -> None:
        """One instant: all that is due, as far as meters and chain answer."""
        polls = await self.poller.poll(self.closer.newest)
        closed = self.closer.take(polls)
        if closed:
            estimated = sum(reading.quality is Quality.ESTIMATED for reading in closed)
            log.info("periods closed", readings=len(closed), estimated=estimated, at=now)
        if self.drop_after_ack:
            withhold_one(self.database)
        await self.chain.exchange()
        self.metrics.update(self.database, self.poller.failing(), self.chain.reachable)

    async def close(self) -> None:
        """Hangs up on everybody."""
        self.poller.close()
        self.metrics.close()
        await self.chain.close()
        await self.clock.close()
        self.database.close()
