# SPDX-License-Identifier: MIT
"""Polls all meters at once: the buses side by side, the meters of a bus one after another.

A meter that fails is named in one log line when it stops and one when it is back; nobody else notices.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from oracle.errors import MeterFault
from oracle.points import Point
from oracle.poll.backoff import Backoff
from oracle.poll.bus import Bus
from oracle.poll.reader import Reader
from oracle.readings import Poll
from oracle.validate.check import check
from oracle.validate.flags import names_of
from wattbook import logs
from wattbook.clock import Clock

log = logs.get_logger()


@dataclass(slots=True)
class _Meter:
    point: Point
    reader: Reader
    backoff: Backoff = field(default_factory=Backoff)
    last_fault: str = ""


class Poller:
    """`timeout` in seconds for each connection and answer."""

    def __init__(self, points: Sequence[Point], clock: Clock, period_seconds: int, timeout: float) -> None:
        self._clock = clock
        self._period_seconds = period_seconds
        self._buses = {point.bus: Bus(*point.bus, timeout) for point in points}
        self._by_bus: dict[Bus, list[_Meter]] = {bus: [] for bus in self._buses.values()}
        for point in points:
            bus = self._buses[point.bus]
            self._by_bus[bus].append(_Meter(point, Reader(point, bus)))

    async def poll(self, before: Mapping[int, Poll]) -> list[Poll]:
        """Asks every meter that is due. `before` has each point's last usable poll; faults are logged."""
        lanes = [self._poll_bus(meters, before) for meters in self._by_bus.values()]
        return sorted(
            (poll for polls in await asyncio.gather(*lanes) for poll in polls), key=lambda poll: poll.point
        )

    def failing(self) -> dict[int, str]:
        """Points whose meter failed last time, and how."""
        return {
            meter.point.point: meter.last_fault
            for meters in self._by_bus.values()
            for meter in meters
            if meter.last_fault
        }

    def close(self) -> None:
        for bus in self._buses.values():
            bus.close()

    async def _poll_bus(self, meters: Sequence[_Meter], before: Mapping[int, Poll]) -> list[Poll]:
        polls = [await self._poll_meter(meter, before.get(meter.point.point)) for meter in meters]
        return [poll for poll in polls if poll is not None]

    async def _poll_meter(self, meter: _Meter, before: Poll | None) -> Poll | None:
        if not meter.backoff.is_due(self._clock.now()):
            return None
        try:
            answer = await meter.reader.read()
        except MeterFault as fault:
            self._note_fault(meter, fault)
            return None
        self._note_answer(meter)
        at = self._clock.now()
        if before is not None and at == before.at:
            return None  # the same instant again, after a restart
        poll = check(meter.point, self._period_seconds, before, replace(answer, at=at))
        if not poll.usable:
            log.warning("poll rejected", point=poll.point, flags=names_of(poll.flags), at=poll.at)
        return poll

    def _note_fault(self, meter: _Meter, fault: MeterFault) -> None:
        meter.backoff.failed(self._clock.now())
        if fault.kind != meter.last_fault:
            log.warning("meter failed", point=meter.point.point, fault=fault.kind, reason=str(fault))
        meter.last_fault = fault.kind

    def _note_answer(self, meter: _Meter) -> None:
        failures = meter.backoff.worked()
        meter.last_fault = ""
        if failures:
            log.info("meter answers again", point=meter.point.point, failures=failures)
