# SPDX-License-Identifier: MIT
"""Registers at period ends, between any polls."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oracle.boundary import boundaries_between, interpolate
from oracle.close import first_boundaries
from tests.oracle.support import CALENDAR, FIRST, PERIOD, STARTS, a_point, a_poll
from wattbook.typeddata import Quality


def between(before, after, first_period=FIRST):
    return list(boundaries_between(before, after, first_period, CALENDAR))


def end(period: int) -> int:
    return (period + 1) * PERIOD


def test_a_boundary_between_two_near_polls_is_measured():
    (found,) = between(a_poll(end(FIRST) - 10, 1000, 50), a_poll(end(FIRST) + 10, 1010, 50))
    assert (found.period, found.import_wh, found.export_wh) == (FIRST, 1005, 50)
    assert found.quality is Quality.MEASURED


def test_polls_30_seconds_apart_measure_and_31_estimate():
    (near,) = between(a_poll(end(FIRST) - 29, 0), a_poll(end(FIRST) + 1, 30))
    (far,) = between(a_poll(end(FIRST) - 30, 0), a_poll(end(FIRST) + 1, 31))
    assert (near.quality, far.quality) == (Quality.MEASURED, Quality.ESTIMATED)


def test_a_poll_at_the_boundary_is_the_boundary_however_long_ago_the_one_before():
    (found,) = between(a_poll(end(FIRST) - 899, 0), a_poll(end(FIRST), 777))
    assert (found.import_wh, found.quality) == (777, Quality.MEASURED)
    assert between(a_poll(end(FIRST), 777), a_poll(end(FIRST) + 10, 780)) == []


def test_an_outage_yields_every_period_in_a_row_estimated():
    found = between(a_poll(end(FIRST) - 100, 1000), a_poll(end(FIRST + 3) + 800, 4600))
    assert [it.period for it in found] == [FIRST, FIRST + 1, FIRST + 2, FIRST + 3]
    assert {it.quality for it in found} == {Quality.ESTIMATED}
    assert [it.import_wh for it in found] == [1100, 2000, 2900, 3800]


def test_the_start_of_the_first_period_is_the_base():
    found = between(a_poll(STARTS - 10, 990), a_poll(STARTS + 10, 1010))
    assert [(it.period, it.import_wh, it.quality) for it in found] == [(FIRST - 1, 1000, Quality.BASE)]


def test_periods_before_the_first_yield_nothing():
    assert between(a_poll(STARTS - 2000, 1), a_poll(STARTS - 20, 5)) == []


def test_a_late_start_takes_the_base_noted_at_commissioning():
    point = a_point(base_import_wh=1000, base_export_wh=10)
    found = first_boundaries(point, a_poll(STARTS + 1800, 1200, 10), CALENDAR)
    assert [(it.period, it.import_wh, it.quality) for it in found] == [
        (FIRST - 1, 1000, Quality.BASE),
        (FIRST, 1100, Quality.ESTIMATED),
        (FIRST + 1, 1200, Quality.MEASURED),
    ]


def test_a_late_start_without_a_noted_base_begins_at_the_first_poll():
    found = first_boundaries(a_point(), a_poll(STARTS + 1000, 1200, 10), CALENDAR)
    assert [(it.period, it.import_wh) for it in found] == [(FIRST - 1, 1200), (FIRST, 1200)]


@given(st.integers(0, 10**7), st.integers(0, 10**5), st.integers(1, 10**5), st.data())
def test_an_interpolated_register_never_leaves_its_polls_nor_falls(before, passed, whole, data):
    early = data.draw(st.integers(0, whole))
    late = data.draw(st.integers(early, whole))
    one = interpolate(before, before + passed, early, whole)
    other = interpolate(before, before + passed, late, whole)
    assert before <= one <= other <= before + passed


@given(st.lists(st.tuples(st.integers(1, 4000), st.integers(0, 5000)), min_size=1, max_size=30))
def test_period_energies_telescope_over_any_polls(steps):
    at, register = STARTS - 7, 10_000
    polls = [a_poll(at, register)]
    for seconds, wh in steps:
        at, register = at + seconds, register + wh
        polls.append(a_poll(at, register))
    found = [it for pair in pairwise(polls) for it in between(*pair)]
    assert [it.period for it in found] == list(range(FIRST - 1, CALENDAR.period_of(at)))
    energies = [b.import_wh - a.import_wh for a, b in pairwise(found)]
    assert all(energy >= 0 for energy in energies)
    if found:
        assert sum(energies) == found[-1].import_wh - found[0].import_wh


@given(
    st.integers(0, 10**6),
    st.fractions(min_value=0, max_value=20, max_denominator=3600),
    st.integers(1, 15),
    st.integers(1, 15),
)
def test_constant_power_gives_the_true_register_exactly_on_a_meter_of_1_wh(truth, power, before, after):
    """`truth` Wh at the boundary; the meter shows only full Wh, before and after."""
    first = (truth + 1000) - -(-power * before // 1)
    last = (truth + 1000) + power * after // 1
    assert interpolate(int(first), int(last), before, before + after) == truth + 1000
