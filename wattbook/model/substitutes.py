# SPDX-License-Identifier: MIT
"""Runs of defaulted periods: their energies stand apart from the registers until one is known again."""

from collections.abc import Callable
from dataclasses import dataclass

from wattbook.model.energy import NOTHING, Energy, Registers, Residual
from wattbook.model.refusal import Refused
from wattbook.model.registry import Point
from wattbook.model.sharing import share_difference


@dataclass(slots=True)
class Run:
    """Neighbouring defaulted periods of a point; `start`: the registers before the first, None: not known."""

    first: int
    last: int
    start: Registers | None


@dataclass(slots=True)
class ClosedRun:
    """A run whose end is known: what flowed in all, still to be shared."""

    first: int
    last: int
    difference: Energy


class Substitutes:
    """`tell(point, period, now)` comes before an energy changes; False: it can't change any more."""

    def __init__(self, tell: Callable[[Point, int, int], bool]) -> None:
        self.tell = tell
        self.energies: dict[tuple[int, int], Energy] = {}
        self.residuals: dict[tuple[int, int], Energy] = {}
        self.runs: dict[int, Run] = {}
        self.closed: dict[int, ClosedRun] = {}

    def book(self, number: int, period: int, energy: Energy, start: Registers | None) -> None:
        """A period's substitute: its point's open run grows, or one starts from the registers `start`."""
        run = self.runs.setdefault(number, Run(period, period, start))
        run.last = period
        self.energies[number, period] = energy

    def note_base(self, number: int, period: int, base: Registers) -> None:
        """A base that came after the first periods were defaulted: their run starts from it."""
        run = self.runs.get(number)
        if run is not None and run.first == period + 1:
            run.start = base

    def reason_against(self, point: Point, period: int, end: Registers) -> str | None:
        """Why `end` can't close the point's run at `period`; None if it can."""
        run = self.runs.get(point.number)
        if run is None or run.last != period:
            return "AlreadyKnown"
        if run.start is None:
            return "NotConsecutive"
        if point.number in self.closed:
            return "SharePending"
        return None if _fits(end.since(run.start), point, run.last - run.first + 1) else "AboveLimit"

    def close(self, point: Point, end: Registers) -> None:
        """Closes the point's run with the true registers at its end."""
        run = self.runs.pop(point.number)
        if run.start is None:
            raise ValueError("a run without a start can't be closed")
        self.closed[point.number] = ClosedRun(run.first, run.last, end.since(run.start))

    def share(self, point: Point, now: int) -> Residual | None:
        """Shares a closed run's difference, all at once; returns what came too late. Raises Refused."""
        run = self.closed.pop(point.number, None)
        if run is None:
            raise Refused("NothingToShare", point=point.number)
        periods = range(run.first, run.last + 1)
        booked = [self.energies[point.number, period] for period in periods]
        limits = [point.max_import_wh] * len(periods), [point.max_export_wh] * len(periods)
        imports = share_difference(
            [energy.import_wh for energy in booked], run.difference.import_wh, limits[0]
        )
        exports = share_difference(
            [energy.export_wh for energy in booked], run.difference.export_wh, limits[1]
        )
        for period, *share in zip(periods, imports, exports, strict=True):
            self._book_share(point, period, Energy(*share), now)
        left = NOTHING
        for period in periods:
            left = left.plus(self.residuals.get((point.number, period), NOTHING))
        if left == NOTHING:
            return None
        return Residual(point.account, point.carrier, run.first, run.last, left)

    def _book_share(self, point: Point, period: int, share: Energy, now: int) -> None:
        key = point.number, period
        if self.tell(point, period, now):
            self.energies[key] = share
        else:
            before = self.energies[key]
            more = share.import_wh - before.import_wh, share.export_wh - before.export_wh
            self.residuals[key] = Energy(*more)


def _fits(energy: Energy, point: Point, periods: int) -> bool:
    return (
        energy.import_wh <= point.max_import_wh * periods
        and energy.export_wh <= point.max_export_wh * periods
    )
