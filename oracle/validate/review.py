# SPDX-License-Identifier: MIT
"""The look back at a UTC day: what single polls can't show. Remarks only; nothing is changed."""

from collections.abc import Sequence
from itertools import pairwise

from oracle.readings import Boundary
from oracle.validate import rules
from oracle.validate.flags import Flag

DAY_SECONDS = 86_400
USUAL_STILLNESS = DAY_SECONDS // 2


def review_day(readings: Sequence[Boundary], period_seconds: int) -> Flag:
    """Flags of a point's day: its boundary readings in order, the one at the day's start included."""
    gaps = any(rules.missing_periods(before.period, after.period) for before, after in pairwise(readings))
    imported = [after.import_wh - before.import_wh for before, after in pairwise(readings)]
    exported = [after.export_wh - before.export_wh for before, after in pairwise(readings)]
    flags = Flag.GAP if gaps else Flag.NONE
    flags |= rules.spike(imported) | rules.spike(exported)
    flags |= rules.stuck_register(_longest_stillness(imported, exported) * period_seconds, USUAL_STILLNESS)
    return flags


def ends_day(period: int, period_seconds: int) -> bool:
    """Whether a UTC day is over with this period."""
    return (period + 1) * period_seconds % DAY_SECONDS == 0


def _longest_stillness(imported: Sequence[int], exported: Sequence[int]) -> int:
    """The most periods in a row in which neither register moved."""
    longest = still = 0
    for taken, given in zip(imported, exported, strict=True):
        still = 0 if taken or given else still + 1
        longest = max(longest, still)
    return longest
