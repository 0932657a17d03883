# SPDX-License-Identifier: MIT
"""Each validation rule by itself, and together over a poll."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.decode import Decoded, Register
from oracle.readings import Boundary, Poll
from oracle.validate import rules
from oracle.validate.check import Answer, check
from oracle.validate.flags import Flag, names_of
from oracle.validate.review import ends_day, review_day
from tests.oracle.support import FIRST, PERIOD, STARTS, a_point, a_poll
from wattbook.typeddata import Quality

WRAP = 2**32


def answer(at: int, import_wh: int, export_wh: int | None = None, **changed) -> Answer:
    modulus = changed.pop("modulus", WRAP)
    decoded = Decoded(
        imported=Register(import_wh, changed.pop("resolution", 1), modulus),
        exported=None if export_wh is None else Register(export_wh, 1, modulus),
        scale_factor=changed.pop("scale_factor", None),
    )
    return Answer(at, decoded, **changed)


def checked(before: Poll | None, now: Answer, **point) -> Poll:
    return check(a_point(**point), PERIOD, before, now)


@pytest.mark.parametrize(
    ("before", "now", "modulus", "most", "flag"),
    [
        (100, 100, WRAP, 10, Flag.NONE),
        (100, 105, WRAP, 10, Flag.NONE),
        (WRAP - 3, 4, WRAP, 10, Flag.ROLLOVER),
        (WRAP - 3, 40, WRAP, 10, Flag.DECREASED),
        (9_999_999, 2, 10_000_000, 10, Flag.ROLLOVER),
        (5_000_000, 3, WRAP, 10, Flag.RESET),
        (5_000_000, 0, None, 10, Flag.RESET),
        (5_000_000, 4_999_999, WRAP, 10, Flag.DECREASED),
    ],
)
def test_a_register_that_falls_has_wrapped_was_reset_or_is_not_believed(before, now, modulus, most, flag):
    assert rules.negative_difference(before, now, modulus, most) is flag


@given(st.integers(0, WRAP - 1), st.integers(0, 1000))
def test_a_wrap_is_always_told_from_a_fall(before, passed):
    before = WRAP - 1 - before % (WRAP // 100)
    now = (before + passed) % WRAP
    flag = rules.negative_difference(before, now, WRAP, 1000)
    assert flag is (Flag.NONE if now >= before else Flag.ROLLOVER)


def test_energy_above_the_connections_limit_is_flagged():
    assert rules.physical_cap(11, 10) is Flag.ABOVE_LIMIT
    assert rules.physical_cap(10, 10) is Flag.NONE


@given(st.integers(0, 10_000), st.integers(1, 7200), st.integers(1, 10))
def test_the_limit_over_a_whole_number_of_periods_is_the_limit_and_two_steps(limit, seconds, step):
    assert rules.limit_over(limit, 900, 900, step) == limit + 2 * step
    assert rules.limit_over(limit, seconds, 900, step) * 900 >= limit * seconds


def test_another_serial_number_is_another_device():
    assert rules.device_identity("A1", "A2") is Flag.DEVICE_CHANGED
    assert rules.device_identity("A1", "A1") is Flag.NONE
    assert rules.device_identity("", "A2") is Flag.NONE


def test_another_scale_factor_is_remarked():
    assert rules.device_constants(0, 1) is Flag.CONSTANTS_CHANGED
    assert rules.device_constants(None, 1) is Flag.NONE


def test_the_same_instant_is_a_duplicate_and_an_earlier_one_a_stepped_clock():
    assert rules.clock_order(100, 100) is Flag.DUPLICATE
    assert rules.clock_order(100, 99) is Flag.CLOCK_STEPPED
    assert rules.clock_order(100, 101) is Flag.NONE


def test_clocks_agree_within_a_minute():
    assert rules.clock_tolerance(1000, 1060)
    assert not rules.clock_tolerance(1000, 1061)


def test_a_register_of_0_is_remarked():
    assert rules.zero_register(0) is Flag.ZERO
    assert rules.zero_register(1) is Flag.NONE


def test_a_register_that_moves_too_rarely_is_stuck():
    assert rules.stuck_register(7201, 7200) is Flag.STUCK
    assert rules.stuck_register(7200, 7200) is Flag.NONE


def test_export_without_a_generator_is_unexpected():
    assert rules.unexpected_export(5, may_export=False) is Flag.UNEXPECTED_EXPORT
    assert rules.unexpected_export(5, may_export=True) is Flag.NONE
    assert rules.unexpected_export(0, may_export=False) is Flag.NONE


def test_missing_periods_are_those_between():
    assert list(rules.missing_periods(10, 13)) == [11, 12]
    assert list(rules.missing_periods(10, 11)) == []


def test_more_than_a_period_without_a_poll_is_a_gap():
    assert rules.gap(0, 901, 900) is Flag.GAP
    assert rules.gap(0, 900, 900) is Flag.NONE


@given(st.lists(st.integers(0, 5000), max_size=50), st.integers(0, 10**7))
def test_intervals_add_up_to_the_register_difference(energies, first):
    assert rules.sum_check(energies, first, first + sum(energies))
    assert not rules.sum_check([*energies, 1], first, first + sum(energies))


def test_a_peak_that_stands_out_is_a_spike():
    assert rules.spike([10, 12, 100, 11]) is Flag.SPIKE
    assert rules.spike([100, 110, 100, 280]) is Flag.NONE
    assert rules.spike([100, 110, 100, 281]) is Flag.SPIKE
    assert rules.spike([10, 1000]) is Flag.NONE


def test_flags_have_names_for_the_log():
    assert names_of(Flag.RESET | Flag.GAP) == ["reset", "gap"]


def test_a_first_poll_is_taken_as_it_is():
    poll = checked(None, answer(STARTS, 1000, 20))
    assert (poll.import_wh, poll.export_wh, poll.usable) == (1000, 20, True)


def test_a_plausible_poll_has_no_flags():
    poll = checked(a_poll(STARTS, 1000, 20), answer(STARTS + 900, 1100, 25))
    assert poll.flags is Flag.NONE


def test_a_wrapped_register_goes_on_and_its_carry_is_kept():
    before = a_poll(STARTS, WRAP - 4, 0)
    first = checked(before, answer(STARTS + 900, 6, 0))
    assert (first.import_wh, first.import_carry_wh) == (WRAP + 6, WRAP)
    assert first.flags == Flag.ROLLOVER | Flag.ZERO
    second = checked(first, answer(STARTS + 1800, 16, 0))
    assert (second.import_wh, second.flags) == (WRAP + 16, Flag.ZERO)


@pytest.mark.parametrize(
    ("now", "flag"),
    [
        (answer(STARTS + 900, 8_999_999, 20), Flag.DECREASED),
        (answer(STARTS + 900, 3, 20), Flag.RESET),
        (answer(STARTS + 900, 50_000_000, 20), Flag.ABOVE_LIMIT),
        (answer(STARTS + 900, 9_000_100, 90_000), Flag.ABOVE_LIMIT),
        (answer(STARTS - 5, 9_000_000, 20), Flag.CLOCK_STEPPED),
        (answer(STARTS, 9_000_000, 20), Flag.DUPLICATE),
        (answer(STARTS + 900, 9_000_001, 20, identity="other"), Flag.DEVICE_CHANGED),
    ],
)
def test_a_poll_that_can_not_be_believed_is_flagged_and_not_used(now, flag):
    before = a_poll(STARTS, 9_000_000, 20, identity="mine")
    poll = checked(before, now)
    assert flag in poll.flags
    assert not poll.usable


def test_a_missing_export_register_stays_where_it_was():
    poll = checked(a_poll(STARTS, 1000, 77), answer(STARTS + 900, 1100))
    assert (poll.export_wh, poll.usable) == (77, True)


def test_export_at_a_point_without_export_is_remarked():
    poll = checked(a_poll(STARTS, 1000, 0), answer(STARTS + 900, 1000, 1), max_export_wh=0)
    assert Flag.UNEXPECTED_EXPORT in poll.flags


def test_a_changed_scale_factor_is_remarked_but_used():
    before = a_poll(STARTS, 1000, scale_factor=0)
    poll = checked(before, answer(STARTS + 900, 1010, 0, scale_factor=1))
    assert Flag.CONSTANTS_CHANGED in poll.flags
    assert poll.usable


def a_day(energies: list[int], first: int = FIRST) -> list[Boundary]:
    """Boundary readings of periods that import these energies."""
    registers = [sum(energies[:k]) for k in range(len(energies) + 1)]
    return [Boundary(1, first - 1 + k, wh, 0, Quality.MEASURED) for k, wh in enumerate(registers)]


def test_a_day_that_is_like_others_has_no_remark():
    assert review_day(a_day([100 + k % 7 for k in range(96)]), PERIOD) is Flag.NONE


def test_a_day_with_a_peak_is_remarked():
    assert review_day(a_day([100] * 95 + [300]), PERIOD) is Flag.SPIKE


def test_a_register_that_rests_more_than_half_a_day_is_remarked():
    assert review_day(a_day([100] * 47 + [0] * 49), PERIOD) is Flag.STUCK
    assert review_day(a_day([100] * 48 + [0] * 48), PERIOD) is Flag.NONE


def test_a_day_with_a_hole_is_remarked():
    day = a_day([100] * 96)
    assert review_day(day[:5] + day[6:], PERIOD) is Flag.GAP


def test_a_utc_day_ends_at_midnight():
    assert ends_day(95, PERIOD)
    assert not ends_day(96, PERIOD)
