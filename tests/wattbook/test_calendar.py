# SPDX-License-Identifier: MIT
"""The times of a period, as design section 4 has them."""

import pytest

from wattbook.calendar import Calendar
from wattbook.errors import CalendarInvalid

DEFAULT = Calendar()
START = 2_000_000 * 900
PERIOD = 2_000_000


def test_the_default_times_are_those_of_the_design():
    assert DEFAULT.starts_at(PERIOD) == START
    assert DEFAULT.ends_at(PERIOD) == START + 900
    assert DEFAULT.opens_at(PERIOD) == START - 24 * 3600
    assert DEFAULT.gate_at(PERIOD) == START - 300
    assert DEFAULT.final_at(PERIOD) == START + 900 + 3600
    assert DEFAULT.default_from(PERIOD) == START + 900 + 24 * 3600
    assert DEFAULT.corrections_until_at(PERIOD) == START + 900 + 7 * 86400
    assert DEFAULT.hand_out_until_at(PERIOD) == START + 900 + 9 * 86400


def test_a_period_is_open_from_its_opening_until_just_before_the_gate():
    opens, gate = DEFAULT.opens_at(PERIOD), DEFAULT.gate_at(PERIOD)
    assert [DEFAULT.is_open(PERIOD, t) for t in (opens - 1, opens, gate - 1, gate)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("now", [START, START + 1, START + 599, START + 600, START + 601, START + 899])
def test_the_open_periods_are_exactly_those_that_are_open(now: int):
    near = range(PERIOD - 3, PERIOD + 100)
    assert list(DEFAULT.open_periods(now)) == [period for period in near if DEFAULT.is_open(period, now)]


def test_a_calendar_survives_its_json():
    calendar = Calendar(300, 7200, 60, 1800, 3600, 7200, 9000, 128)
    assert Calendar.from_json(calendar.to_json()) == calendar


@pytest.mark.parametrize(
    "change",
    [
        {"period_seconds": 0},
        {"gate_before": 86400},
        {"gate_before": -1},
        {"final_after": -1},
        {"substitutes_until": 60},
        {"corrections_until": 60},
        {"hand_out_until": 60},
        {"ring_periods": 900},
    ],
)
def test_times_that_contradict_each_other_are_refused(change: dict[str, int]):
    with pytest.raises(CalendarInvalid, match="can't work together"):
        Calendar(**change)


def test_json_without_a_time_is_refused_by_its_name():
    data = DEFAULT.to_json()
    del data["finalAfter"]
    with pytest.raises(CalendarInvalid, match="finalAfter is missing"):
        Calendar.from_json(data)
