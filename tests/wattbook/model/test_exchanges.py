# SPDX-License-Identifier: MIT
"""Another meter on a point: Σ period energy is Σ over meters of last − first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook.calendar import Calendar
from wattbook.model import Community, Refused
from wattbook.model.energy import REGISTER_MODULUS, Energy, Registers
from wattbook.model.exchanges import Exchange, exchange_meter
from wattbook.model.readings import Readings
from wattbook.typeddata import Lane, Quality

CALENDAR = Calendar()
FIRST, POINT, GATEWAY, LIMIT = 2_000_000, 1, 1, 5_000
LATER = CALENDAR.ends_at(FIRST + 9)
registers = st.builds(Registers, *2 * [st.integers(0, REGISTER_MODULUS - 1)])
energies = st.builds(Energy, *2 * [st.integers(0, LIMIT // 2)])


def opened(base: Registers) -> Readings:
    community = Community(CALENDAR)
    community.open_area(1, "0xb", "0xf")
    account = community.admit(1, "0xa", FIRST)
    community.registry.add_point(account, 0, (LIMIT, LIMIT), 100, GATEWAY, FIRST)
    post(community.readings, FIRST - 1, base, Quality.BASE)
    return community.readings


def post(readings: Readings, period: int, at: Registers, quality: Quality = Quality.MEASURED) -> None:
    assert readings.post(GATEWAY, period, [Lane(POINT, *at, quality)], LATER) == []


@given(base=registers, begin=registers, flows=st.lists(energies, min_size=3, max_size=3))
@settings(deadline=None)
def test_the_energies_sum_to_what_both_meters_counted(
    base: Registers, begin: Registers, flows: list[Energy]
) -> None:
    readings = opened(base)
    end = begin.after(flows[1])
    exchange_meter(readings, Exchange(POINT, FIRST, base.after(flows[0]), begin, end), LATER)
    post(readings, FIRST + 1, end.after(flows[2]))
    point = readings.registry.point(POINT)
    assert readings.energy(point, FIRST) == flows[0].plus(flows[1])
    assert readings.energy(point, FIRST + 1) == flows[2]


@given(base=registers, begin=registers, flows=st.lists(energies, min_size=2, max_size=2))
@settings(deadline=None)
def test_a_substituted_run_shares_what_both_meters_counted(
    base: Registers, begin: Registers, flows: list[Energy]
) -> None:
    readings = opened(base)
    point = readings.registry.point(POINT)
    for period in (FIRST, FIRST + 1):
        readings.substitute(point, period, Energy(70, 0), Quality.DEFAULTED)
    old, end = base.after(flows[0]), begin.after(flows[1])
    exchange_meter(readings, Exchange(POINT, FIRST + 1, old, begin, end), LATER)
    readings.share(POINT, LATER)
    shared = [readings.energy(point, period) or Energy(0, 0) for period in (FIRST, FIRST + 1)]
    assert shared[0].plus(shared[1]) == flows[0].plus(flows[1])


@pytest.mark.parametrize(
    ("period", "old", "end", "reason"),
    [
        (FIRST + 1, 1_100, 5, "NotConsecutive"),
        (FIRST, 1_000 + LIMIT, 1, "AboveLimit"),
        (FIRST, 999, 100, "AboveLimit"),
        (FIRST - 1, 1_100, 5, "AlreadyKnown"),
    ],
)
def test_an_exchange_that_cannot_be_is_refused(period: int, old: int, end: int, reason: str) -> None:
    readings = opened(Registers(1_000, 0))
    exchange = Exchange(POINT, period, Registers(old, 0), Registers(0, 0), Registers(end, 0))
    with pytest.raises(Refused) as refused:
        exchange_meter(readings, exchange, LATER)
    assert (refused.value.error, refused.value.facts["reason"]) == ("ExchangeRefused", reason)
