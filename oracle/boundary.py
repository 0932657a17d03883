# SPDX-License-Identifier: MIT
"""The register at a period's end, interpolated between two polls: pure, whole Wh.

Rounding: up. Both polls are truncated by the meter, so the straight line between them runs below the truth
by less than one step of the register; rounding up gives exactly the true register wherever power was constant
between the polls, the register resolves 1 Wh and the truth is a whole Wh. It never leaves the two polls'
range and never falls as time goes on, so period energies are never negative and their sum telescopes.
"""

from collections.abc import Iterator

from oracle.readings import MWS_PER_WH, Boundary, Poll
from oracle.validate.flags import Flag
from wattbook.calendar import Calendar
from wattbook.typeddata import Quality

MEASURED_WITHIN = 30  # seconds between the two polls


def interpolate(before_wh: int, after_wh: int, elapsed: int, whole: int) -> int:
    """The register `elapsed` seconds into an interval of `whole` seconds, rounded up."""
    return before_wh + -(-(after_wh - before_wh) * elapsed // whole)


def interpolate_refined(before: tuple[int, int], after: tuple[int, int], elapsed: int, whole: int) -> int:
    """The same of refined registers, (Wh, mW·s ahead) each: they aren't cut off, so whole Wh are counted."""
    ahead = before[1] * (whole - elapsed) + (after[1] + (after[0] - before[0]) * MWS_PER_WH) * elapsed
    return before[0] + ahead // (whole * MWS_PER_WH)


def register_at(before: Poll, after: Poll, instant: int) -> tuple[int, int, bool]:
    """(import, export, measured) at `instant`, which lies after `before` and not after `after`."""
    elapsed, whole = instant - before.at, after.at - before.at
    measured = instant == after.at or whole <= MEASURED_WITHIN
    if Flag.REFINED in after.flags:
        imports = (before.import_wh, before.import_ahead_mws), (after.import_wh, after.import_ahead_mws)
        exports = (before.export_wh, before.export_ahead_mws), (after.export_wh, after.export_ahead_mws)
        imported, exported = (interpolate_refined(*pair, elapsed, whole) for pair in (imports, exports))
    else:
        imported = interpolate(before.import_wh, after.import_wh, elapsed, whole)
        exported = interpolate(before.export_wh, after.export_wh, elapsed, whole)
    return imported, exported, measured


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
