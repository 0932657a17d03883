# SPDX-License-Identifier: MIT
"""Another meter on a metering point (MeterReadings, design section 8)."""

from typing import NamedTuple

from wattbook.model.energy import Energy, Registers
from wattbook.model.readings import SUBSTITUTE, Reading, Readings, require_in_time, within
from wattbook.model.refusal import Refused
from wattbook.model.registry import Point
from wattbook.typeddata.reading_batch import Quality


class Exchange(NamedTuple):
    """The old meter's last registers, the new one's first, and the new one's at the period's end."""

    point: int
    period: int
    old: Registers
    new: Registers
    end: Registers

    @property
    def went_on(self) -> Registers:
        """What the old meter would show at the period's end, had it gone on as the new one did."""
        return self.old.after(self.end.since(self.new))


def exchange_meter(readings: Readings, exchange: Exchange, now: int) -> None:
    """The period's energy is what both meters counted in it. Raises Refused."""
    require_in_time(readings.calendar, exchange.period, now)
    point = readings.registry.point(exchange.point)
    known = readings.lanes.get((exchange.point, exchange.period))
    if known is None:
        _book(readings, point, exchange)
    else:
        _close(readings, point, exchange)
    disputed = known is not None and known.disputed
    readings.lanes[exchange.point, exchange.period] = Reading(exchange.end, Quality.APART, disputed)


def _book(readings: Readings, point: Point, exchange: Exchange) -> None:
    start = readings.lanes.get((exchange.point, exchange.period - 1))
    if start is None or start.quality in SUBSTITUTE:
        raise _refused(exchange, "NotConsecutive")
    energy = exchange.went_on.since(start.registers)
    _require_forwards(exchange, energy)
    if not within(point, energy):
        raise _refused(exchange, "AboveLimit")
    readings.substitutes.energies[exchange.point, exchange.period] = energy


def _close(readings: Readings, point: Point, exchange: Exchange) -> None:
    """The period is the last of a substituted run, which shares what both meters counted."""
    reason = readings.substitutes.reason_against(point, exchange.period, exchange.went_on)
    if reason is not None:
        raise _refused(exchange, reason)
    start = readings.substitutes.runs[exchange.point].start
    _require_forwards(exchange, exchange.went_on.since(start or exchange.old))
    readings.substitutes.close(point, exchange.went_on)


def _require_forwards(exchange: Exchange, energy: Energy) -> None:
    """The new meter alone counted no more than both."""
    more = exchange.end.since(exchange.new)
    if more.import_wh > energy.import_wh or more.export_wh > energy.export_wh:
        raise _refused(exchange, "AboveLimit")


def _refused(exchange: Exchange, reason: str) -> Refused:
    return Refused("ExchangeRefused", point=exchange.point, period=exchange.period, reason=reason)
