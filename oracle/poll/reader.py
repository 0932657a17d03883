# SPDX-License-Identifier: MIT
"""Reads one meter: its spans over its bus, decoded."""

from oracle.decode import Words, decode
from oracle.devices.definition import Device
from oracle.devices.spans import Span, spans_of
from oracle.errors import MeterFault, MeterRefused
from oracle.journal.evidence import pack_words
from oracle.points import Point
from oracle.poll.bus import Bus
from oracle.poll.sunspec import SunSpecPlace, find_model
from oracle.validate.check import Answer

_ILLEGAL_ADDRESS = 2


class Reader:
    """Remembers where a SunSpec device keeps its model, and which optional registers a unit lacks."""

    def __init__(self, point: Point, bus: Bus) -> None:
        self._point = point
        self._device: Device = point.device
        self._bus = bus
        self._spans = spans_of(point.device)
        self._lacking: set[Span] = set()
        self._place: SunSpecPlace | None = None

    async def read(self) -> Answer:
        """What the meter says now; the caller sets the instant. Raises MeterFaults."""
        try:
            return await self._read_spans()
        except MeterFault:
            # Another device may answer at this address next time: look for its model again.
            self._place = None
            raise

    async def _read_spans(self) -> Answer:
        start = await self._model_start()
        blocks: list[tuple[int, tuple[int, ...]]] = []
        for span in self._spans:
            words = await self._read_span(start, span)
            if words is not None:
                blocks.append((span.start, words))
        by_address = {first + i: word for first, words in blocks for i, word in enumerate(words)}
        raw = pack_words((start + first, words) for first, words in blocks)
        serial = self._place.serial if self._place else ""
        return Answer(at=0, decoded=decode(self._device, Words(by_address)), raw=raw, identity=serial)

    async def _read_span(self, start: int, span: Span) -> tuple[int, ...] | None:
        if span in self._lacking:
            return None
        try:
            return await self._bus.read(
                self._point.unit, self._device.function, start + span.start, span.size
            )
        except MeterRefused as refused:
            if not span.optional or refused.facts["exception"] != _ILLEGAL_ADDRESS:
                raise
            self._lacking.add(span)
            return None

    async def _model_start(self) -> int:
        if self._device.sunspec_model is None:
            return 0
        if self._place is None:
            self._place = await find_model(self._ask, self._point.unit, self._device.sunspec_model)
        return self._place.start

    async def _ask(self, address: int, count: int) -> tuple[int, ...]:
        return await self._bus.read(self._point.unit, self._device.function, address, count)
