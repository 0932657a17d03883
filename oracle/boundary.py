# SPDX-License-Identifier: MIT
"""The register at a period's end, interpolated between two polls: pure, whole Wh.

Rounding: up. Both polls are truncated by the meter, so the straight line between them runs below the truth
by less than one step of the register; rounding up gives exactly the true register wherever power was constant
between the polls, the register resolves 1 Wh and the truth is a whole Wh. It never leaves the two polls'
range and never falls as time goes on, so period energies are never negative and their sum telescopes.
"""

from collections.abc import Iterator

from oracle.readings import Boundary, Poll
from wattbook.calendar import Calendar
from wattbook.typeddata import Quality

MEASURED_WITHIN = 30  # seconds between the two polls


def interpolate(before_wh: int, after_wh: int, elapsed: int, whole: int) -> int:
    """The register `elapsed` seconds into an interval of `whole` seconds, rounded up."""
    return before_wh + -(-(after_wh - before_wh) * elapsed // whole)


def register_at(before: Poll, after: Poll, instant: int) -> tuple[int, int, bool]:
    """(import, export, measured) at `instant`, which lies after `before` and not after `after`."""
    if instant == after.at:
        return after.import_wh, after.export_wh, True
    elapsed, whole = instant - before.at, after.at - before.at
    return (
        interpolate(before.import_wh, after.import_wh, elapsed, whole),
        interpolate(before.export_wh, after.export_wh, elapsed, whole),
        whole <= MEASURED_WITHIN,
    )


def boundaries_between(
    before: Poll, after: Poll, first_period: int, calendar: Calendar
) -> Iterator[Boundary]:
    """The period ends after `before`, up to and with `after`, oldest first.

    The one at which the point's first period starts is its base.
    """
    earliest = calendar.period_of(before.at)  # the first period that ends after `before`
    for period in range(max(earliest, first_period - 1), calendar.period_of(after.at)):
        imported, exported, measured = register_at(before, after, calendar.ends_at(period))
        if period == first_period - 1:
            quality = Quality.BASE
        else:
            quality = Quality.MEASURED if measured else Quality.ESTIMATED
        yield Boundary(after.point, period, imported, exported, quality, before.at, after.at)
