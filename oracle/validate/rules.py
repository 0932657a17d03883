# SPDX-License-Identifier: MIT
"""The rules: pure functions of whole Wh and UTC seconds. Each answers its own flag, or NONE."""

from collections.abc import Sequence

from oracle.validate.flags import Flag

# A wrap is believed only if the register stood in the last hundredth before it.
_NEAR_WRAP = 100
# (max − third max) / third max above 1.8, in whole numbers.
_SPIKE_TOLERANCE = (18, 10)


def limit_over(limit_wh: int, seconds: int, period_seconds: int, resolution_wh: int) -> int:
    """The most Wh that can have passed in `seconds`, when a period carries `limit_wh`.

    Both polls may be off by a step of the register.
    """
    return -(-limit_wh * seconds // period_seconds) + 2 * resolution_wh


def device_identity(before: str, now: str) -> Flag:
    """The device says it is another one. Empty: it said nothing."""
    return Flag.DEVICE_CHANGED if before and now and before != now else Flag.NONE


def device_constants(before: int | None, now: int | None) -> Flag:
    """The scale factor changed. Each answer carries its own, so the registers still mean what they say."""
    return Flag.CONSTANTS_CHANGED if before is not None and now is not None and before != now else Flag.NONE


def clock_order(before_at: int, at: int) -> Flag:
    """Time went backwards, or stands still."""
    if at == before_at:
        return Flag.DUPLICATE
    return Flag.CLOCK_STEPPED if at < before_at else Flag.NONE


def clock_tolerance(ours: int, theirs: int, tolerance_seconds: int = 60) -> bool:
    """Whether two clocks agree, ours and the chain's or a device's."""
    return abs(ours - theirs) <= tolerance_seconds


def negative_difference(before_wh: int, now_wh: int, modulus_wh: int | None, most_wh: int) -> Flag:
    """A register fell: a wrap if that explains it, a reset if it shows no more than can have passed."""
    if now_wh >= before_wh:
        return Flag.NONE
    near_wrap = modulus_wh is not None and before_wh >= modulus_wh - modulus_wh // _NEAR_WRAP
    if near_wrap and now_wh + (modulus_wh or 0) - before_wh <= most_wh:
        return Flag.ROLLOVER
    return Flag.RESET if now_wh <= most_wh else Flag.DECREASED


def physical_cap(difference_wh: int, most_wh: int) -> Flag:
    """More energy than the connection can have carried."""
    return Flag.ABOVE_LIMIT if difference_wh > most_wh else Flag.NONE


def zero_register(register_wh: int) -> Flag:
    """An accumulator of 0 can't be told from a fresh or a wrapped one."""
    return Flag.ZERO if register_wh == 0 else Flag.NONE


def stuck_register(unchanged_seconds: int, usual_seconds: int) -> Flag:
    """Nothing moved for longer than is usual."""
    return Flag.STUCK if unchanged_seconds > usual_seconds else Flag.NONE


def unexpected_export(export_difference_wh: int, may_export: bool) -> Flag:
    """Export where none is allowed or possible, or by a roof at night."""
    return Flag.UNEXPECTED_EXPORT if export_difference_wh > 0 and not may_export else Flag.NONE


def missing_periods(before: int, now: int) -> range:
    """The period ends that passed between two sequence numbers."""
    return range(before + 1, now)


def gap(before_at: int, at: int, period_seconds: int) -> Flag:
    """More than a whole period without a poll."""
    return Flag.GAP if at - before_at > period_seconds else Flag.NONE


def sum_check(energies_wh: Sequence[int], first_wh: int, last_wh: int) -> bool:
    """Σ intervals = register difference."""
    return sum(energies_wh) == last_wh - first_wh


def spike(energies_wh: Sequence[int], tolerance: tuple[int, int] = _SPIKE_TOLERANCE) -> Flag:
    """The day's greatest interval stands out: (max − third max) / third max above the tolerance."""
    if len(energies_wh) < 3:
        return Flag.NONE
    greatest, _, third = sorted(energies_wh, reverse=True)[:3]
    numerator, denominator = tolerance
    return Flag.SPIKE if third > 0 and (greatest - third) * denominator > third * numerator else Flag.NONE
