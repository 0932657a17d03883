# SPDX-License-Identifier: MIT
"""The shipped household-days and the communities made of them."""

import csv
from pathlib import Path

import pytest

from oracle.simulator.maps import MAPS
from scripts.demo.profiles import community_day
from scripts.demo.profiles.days import QUARTERS, SEASONS, days
from tests.oracle.support import CATALOGUE

SEEDS = range(0, 1000, 37)


def surplus_and_shortage(day, quarter):
    """(Σ surplus, Σ shortage) over the members, Wh."""
    net = dict.fromkeys(range(1, 13), 0)
    for point in day.points:
        imported, exported = point.energy[quarter]
        net[point.member] += exported - imported
    return sum(max(it, 0) for it in net.values()), sum(max(-it, 0) for it in net.values())


def test_each_shipped_day_adds_up_to_its_total():
    path = Path(days.__wrapped__.__code__.co_filename).with_name("days.csv")
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 80
    for row in rows:
        assert int(row["total_wh"]) == sum(int(row[f"q{i:02d}"]) for i in range(QUARTERS))


def test_there_are_at_least_forty_household_days_and_roofs_for_every_season():
    assert sum(len(days("household", season)) for season in SEASONS) >= 40
    for season in SEASONS:
        assert len(days("pv", season)) == 5
        assert len(days("shop", season)) == 1


def test_the_same_seed_is_the_same_day():
    assert community_day(17) == community_day(17)
    assert community_day(17) != community_day(18)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_community_has_twelve_members_and_sixteen_points_within_their_limits(seed):
    day = community_day(seed)
    assert len(day.members) == 12
    assert [point.number for point in day.points] == list(range(1, 17))
    for point in day.points:
        assert len(point.energy) == QUARTERS
        assert max(it[0] for it in point.energy) * 10 <= point.max_import_wh * 8
        assert max(it[1] for it in point.energy) * 10 <= point.max_export_wh * 9
        assert point.default_import_wh <= point.max_import_wh


@pytest.mark.parametrize("seed", SEEDS)
def test_every_day_has_energy_that_members_can_sell_each_other(seed):
    day = community_day(seed)
    matchable = sum(min(surplus_and_shortage(day, quarter)) for quarter in range(QUARTERS))
    assert matchable > 20_000


def test_meters_are_of_at_least_five_register_maps_of_10_wh_or_finer():
    points = community_day(0).points
    assert len({point.device for point in points}) >= 5
    assert any(CATALOGUE.get(point.device).is_sunspec for point in points)
    for point in points:
        assert point.device in MAPS
        assert CATALOGUE.get(point.device).resolution_wh <= point.resolution_wh <= 10
