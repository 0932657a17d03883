# SPDX-License-Identifier: MIT
"""A day of a community of 12 members and 16 metering points, drawn by a seed from the shipped household-days.

Whole Wh throughout. Members 1–4 use their own roof's production first and feed in the rest, at one metering
point; 5–8 feed in all of it at a second one; 9–11 only use; 12 is a shop. So every seed has both surplus and
shortage around noon, in every season.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

QUARTERS = 96
SEASONS = ("winter", "spring", "summer", "autumn")
NAMES = (
    "Ana",
    "Ben",
    "Cem",
    "Dina",
    "Emil",
    "Fatma",
    "Gustav",
    "Hana",
    "Ivo",
    "Jana",
    "Kamil",
    "Village shop",
)

_HOUSE_LIMIT_WH = 4_300  # 3 × 25 A for a quarter hour
_SHOP_LIMIT_WH = 7_500
COARSE_WH = 10  # a register of this step or a coarser one is refined
_MOST_SHIFT = 2  # quarter hours by which a household's day is moved
_LEAST_SUN = {"winter": 850, "spring": 650, "summer": 600, "autumn": 750}  # per mille of a clear sky


@dataclass(frozen=True, slots=True)
class Member:
    """`number` counts from 1; `kind` is prosumer, feeder, consumer or shop."""

    number: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Point:
    """A metering point and its meter. Limits and default are Wh a period; `energy` is (import, export) each.

    `resolution_wh` bounds what a period's reading may be off; `scale_factor` is for SunSpec devices.
    """

    number: int
    member: int
    device: str
    resolution_wh: int
    max_import_wh: int
    max_export_wh: int
    default_import_wh: int
    start_import_wh: int
    start_export_wh: int
    energy: tuple[tuple[int, int], ...]
    scale_factor: int = 0

    @property
    def refined(self) -> bool:
        """Whether its gateway refines the register with the power register."""
        return self.resolution_wh >= COARSE_WH


@dataclass(frozen=True, slots=True)
class CommunityDay:
    seed: int
    season: str
    sunshine_per_mille: int
    members: tuple[Member, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class _Meter:
    device: str
    resolution_wh: int = 1
    least_start_kwh: int = 500
    most_start_kwh: int = 8_000
    scale_factor: int = 0


# A float32 in kWh shows whole Wh up to 16,384 kWh. At 40,000 kWh it steps by 3.9 Wh and is rounded to the
# nearest step at both ends of a period: 8 Wh bounds the error. A counter of 10 Wh is cut off, never rounded.
_GRID_METERS = (
    _Meter("eastron-sdm630"),
    _Meter("schneider-iem3155", most_start_kwh=90_000),
    _Meter("janitza-b23", most_start_kwh=15_000),
    _Meter("sunspec-203", most_start_kwh=90_000),
    _Meter("eastron-sdm630", least_start_kwh=8_200, most_start_kwh=15_000),
    _Meter("eastron-sdm120"),
    _Meter("schneider-iem3155-float", 8, 36_000, 60_000),
    _Meter("janitza-b23", most_start_kwh=15_000),
    _Meter("eastron-sdm120"),
    _Meter("schneider-iem3155", most_start_kwh=90_000),
    _Meter("sunspec-203", 10, 500, 90_000, scale_factor=1),
    _Meter("schneider-iem3155", most_start_kwh=90_000),
)
_ROOF_METERS = (
    _Meter("sma-inverter", most_start_kwh=90_000),
    _Meter("sunspec-103", most_start_kwh=90_000),
    _Meter("sma-inverter", most_start_kwh=90_000),
    _Meter("sunspec-701", most_start_kwh=90_000),
)


def community_day(seed: int) -> CommunityDay:
    """The same day for the same seed, on every machine."""
    random = Random(seed)
    season = random.choice(SEASONS)
    sunshine = random.randint(_LEAST_SUN[season], 1000)
    uses = [_shifted(day, random) for day in random.sample(days("household", season), 11)]
    uses.append(days("shop", season)[0])
    roofs = [
        _roof(season, random, sunshine, least_tenths=30 if i < 4 else 40, most_tenths=60 if i < 4 else 80)
        for i in range(8)
    ]
    points = [_grid_point(i, uses[i], roofs[i] if i < 4 else None, random) for i in range(12)]
    points += [_roof_point(i, roofs[4 + i], random) for i in range(4)]
    members = tuple(Member(i + 1, NAMES[i], _kind(i)) for i in range(12))
    return CommunityDay(seed, season, sunshine, members, tuple(points))


@cache
def days(kind: str, season: str) -> tuple[tuple[int, ...], ...]:
    """The shipped days of a kind (household, shop, pv) and season: Wh a quarter hour; pv for 1 kWp."""
    with Path(__file__).with_name("days.csv").open(newline="") as stream:
        rows = [row for row in csv.reader(stream) if row[0] == kind and row[2] == season]
    return tuple(tuple(map(int, row[5:])) for row in rows)


@dataclass(frozen=True, slots=True)
class _Roof:
    tenths_kwp: int
    wh: tuple[int, ...]


def _kind(i: int) -> str:
    return "prosumer" if i < 4 else "feeder" if i < 8 else "consumer" if i < 11 else "shop"


def _shifted(day: Sequence[int], random: Random) -> tuple[int, ...]:
    by = random.randint(-_MOST_SHIFT, _MOST_SHIFT)
    return tuple(day[by:]) + tuple(day[:by])


def _roof(season: str, random: Random, sunshine: int, least_tenths: int, most_tenths: int) -> _Roof:
    day = random.choice(days("pv", season))
    tenths = random.randint(least_tenths, most_tenths)
    return _Roof(tenths, _scaled(day, tenths * sunshine, 10_000))


def _scaled(day: Sequence[int], numerator: int, denominator: int) -> tuple[int, ...]:
    """Cumulative floor, so that the day's sum is the scaled sum, rounded down."""
    sums, total = [0], 0
    for wh in day:
        total += wh
        sums.append(total * numerator // denominator)
    return tuple(after - before for before, after in pairwise(sums))


def _grid_point(i: int, use: Sequence[int], roof: _Roof | None, random: Random) -> Point:
    made = roof.wh if roof else (0,) * QUARTERS
    energy = tuple((max(u - m, 0), max(m - u, 0)) for u, m in zip(use, made, strict=True))
    meter = _GRID_METERS[i]
    return Point(
        number=i + 1,
        member=i + 1,
        device=meter.device,
        resolution_wh=meter.resolution_wh,
        max_import_wh=_SHOP_LIMIT_WH if _kind(i) == "shop" else _HOUSE_LIMIT_WH,
        max_export_wh=_export_limit(roof) if roof else 0,
        default_import_wh=_default(use),
        start_import_wh=_start(meter, random),
        start_export_wh=_start(meter, random) if roof else 0,
        energy=energy,
        scale_factor=meter.scale_factor,
    )


def _roof_point(i: int, roof: _Roof, random: Random) -> Point:
    meter = _ROOF_METERS[i]
    return Point(
        number=13 + i,
        member=5 + i,
        device=meter.device,
        resolution_wh=meter.resolution_wh,
        max_import_wh=0,
        max_export_wh=_export_limit(roof),
        default_import_wh=0,
        start_import_wh=0,
        start_export_wh=_start(meter, random),
        energy=tuple((0, wh) for wh in roof.wh),
        scale_factor=meter.scale_factor,
    )


def _export_limit(roof: _Roof) -> int:
    """What the modules can give in a quarter hour at their rated power."""
    return roof.tenths_kwp * 25


def _default(use: Sequence[int]) -> int:
    """One and a half times the mean quarter hour, in tens of Wh."""
    return sum(use) * 3 // (2 * QUARTERS) // 10 * 10 + 10


def _start(meter: _Meter, random: Random) -> int:
    return random.randint(meter.least_start_kwh * 1000, meter.most_start_kwh * 1000)
