# SPDX-License-Identifier: MIT
"""What people say about readings: substitutes, corrections, disputes (MeterReadings, design section 8).

A correction moves a boundary, and with it the energies of both periods that it bounds.
"""

from collections.abc import Callable

from wattbook.model.energy import Energy, Registers
from wattbook.model.readings import METERED, SUBSTITUTE, Reading, Readings, require_in_time, within
from wattbook.model.refusal import Refused
from wattbook.model.registry import Point
from wattbook.typeddata.reading_batch import Quality

# What a changed energy is to become, applied once nothing can refuse any more.
Change = Callable[[], None]


class Edits:
    """By their roles."""

    def __init__(self, readings: Readings) -> None:
        self.readings = readings
        self.calendar = readings.calendar

    def post_substitute(self, number: int, period: int, energy: Energy, now: int) -> None:
        """The grid operator's word where nothing measured exists, for a day. Raises Refused."""
        opens, until = self.calendar.final_at(period), self.calendar.default_from(period)
        if now < opens:
            raise Refused("TooEarly", opens=opens)
        if now >= until:
            raise Refused("TooLate", until=until)
        point = self.readings.registry.point(number)
        if period < point.first_period or (number, period) in self.readings.lanes:
            raise Refused("AlreadyMetered", point=number, period=period)
        _require_within(point, period, energy)
        self.readings.require_boundary(point, period)
        self.readings.substitute(point, period, energy, Quality.SUBSTITUTED)

    def correct(self, number: int, period: int, registers: Registers, now: int) -> None:
        """Replaces what is known at a period's end, until its correction deadline. Raises Refused."""
        require_in_time(self.calendar, period, now)
        self._correct(number, period, registers, now)

    # --- disputes ----------------------------------------------------------------------------------------

    def set_disputed(self, number: int, period: int, disputed: bool) -> None:
        """A disputed boundary leaves both its periods not final. Raises Refused."""
        reading = self.readings.lanes.get((number, period))
        if reading is not None:
            self.readings.lanes[number, period] = reading._replace(disputed=disputed)
        elif disputed:
            raise Refused("BoundaryMissing", point=number, period=period)

    def correct_disputed(self, number: int, period: int, registers: Registers, now: int) -> None:
        """As `correct`, as long as certificates are handed out. Raises Refused."""
        if now >= self.calendar.hand_out_until_at(period):
            raise Refused("PeriodTooOld", period=period)
        self._correct(number, period, registers, now)

    # --- steps -------------------------------------------------------------------------------------------

    def _correct(self, number: int, period: int, registers: Registers, now: int) -> None:
        before = self.readings.lanes.get((number, period))
        if before is None:
            raise Refused("BoundaryMissing", point=number, period=period)
        point = self.readings.registry.point(number)
        if before.quality in SUBSTITUTE:
            self._end_run(point, period, registers, now)
        else:
            self._move_boundary(point, period, before, registers, now)

    def _end_run(self, point: Point, period: int, registers: Registers, now: int) -> None:
        """What was substituted is known after all, as if its true registers had come late."""
        reason = self.readings.close_run(point, period, registers)
        if reason is not None:
            raise Refused("CorrectionRefused", point=point.number, period=period, reason=reason)
        if self.readings.substitutes.closed[point.number].first == period:
            self.readings.share(point.number, now)

    def _move_boundary(
        self, point: Point, period: int, before: Reading, registers: Registers, now: int
    ) -> None:
        changes: list[Change] = []
        if before.quality != Quality.BASE:
            changes.append(self._change(point, period, registers.since(before.registers), now))
        if (point.number, period + 1) in self.readings.lanes:
            changes.append(self._change_after(point, period + 1, before, registers, now))
        for change in changes:
            change()
        kept = before.quality in (Quality.BASE, Quality.APART)
        quality = before.quality if kept else Quality.CORRECTED
        self.readings.lanes[point.number, period] = Reading(registers, quality, before.disputed)

    def _change_after(
        self, point: Point, period: int, before: Reading, registers: Registers, now: int
    ) -> Change:
        run = self.readings.substitutes.runs.get(point.number)
        if run is not None and run.first == period:
            return lambda: setattr(run, "start", registers)
        return self._change(point, period, before.registers.since(registers), now)

    def _change(self, point: Point, period: int, more: Energy, now: int) -> Change:
        """Adds `more`, modulo 2^28, to a period's energy. Raises Refused."""
        readings, run = self.readings, self.readings.substitutes.closed.get(point.number)
        if run is not None and run.first <= period <= run.last:
            raise Refused("CorrectionRefused", point=point.number, period=period, reason="SharePending")
        energy = Energy(*Registers(*(readings.energy(point, period) or (0, 0))).after(more))
        _require_within(point, period, energy)

        def change() -> None:
            readings.note(point, period, now)
            if readings.lanes[point.number, period].quality not in METERED:
                readings.substitutes.energies[point.number, period] = energy

        return change


def _require_within(point: Point, period: int, energy: Energy) -> None:
    if not within(point, energy):
        raise Refused(
            "AboveLimit",
            point=point.number,
            period=period,
            import_wh=energy.import_wh,
            export_wh=energy.export_wh,
        )
