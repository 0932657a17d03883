# SPDX-License-Identifier: MIT
"""Small builders for the oracle's tests."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from oracle.devices import Catalogue, load_catalogue
from oracle.points import Point
from oracle.readings import Poll
from oracle.simulator.maps import MAPS, Shown
from oracle.simulator.plan import Plan, PlannedMeter
from wattbook.calendar import Calendar

CATALOGUE: Catalogue = load_catalogue()
CALENDAR = Calendar()
PERIOD = 900
FIRST = 1_958_400
STARTS = FIRST * PERIOD


class HandClock:
    """A clock that the test moves."""

    def __init__(self, now: int = STARTS) -> None:
        self.time = now

    def now(self) -> int:
        return self.time

    async def ticks(self, every: float) -> AsyncIterator[int]:
        yield self.time

    async def sleep(self, seconds: float) -> None:
        return None

    def stamp_ns(self) -> int:
        return self.time * 10**9

    async def close(self) -> None:
        return None


def a_point(port: int = 1, device: str = "schneider-iem3155", **changed: Any) -> Point:
    facts: dict[str, Any] = {
        "point": 1,
        "device": CATALOGUE.get(device),
        "host": "127.0.0.1",
        "port": port,
        "unit": 1,
        "first_period": FIRST,
        "max_import_wh": 4_000,
        "max_export_wh": 4_000,
    }
    return Point(**(facts | changed))


def a_poll(at: int, import_wh: int, export_wh: int = 0, point: int = 1, **changed: Any) -> Poll:
    return Poll(point=point, at=at, import_wh=import_wh, export_wh=export_wh, **changed)


def a_meter(point: int = 1, device: str = "schneider-iem3155", **changed: Any) -> PlannedMeter:
    facts: dict[str, Any] = {
        "point": point,
        "device": device,
        "unit": 1,
        "port": 0,
        "resolution_wh": 1,
        "start_import_wh": 1_000_000,
        "start_export_wh": 500_000,
        "energy": ((100, 7), (0, 0), (951, 333), (17, 0)),
        "serial": f"SIM{point}",
    }
    return PlannedMeter(**(facts | changed))


def a_plan(meters: Sequence[PlannedMeter], first_period: int = FIRST, seed: int = 7) -> Plan:
    return Plan(PERIOD, first_period, seed, tuple(meters))


def words_of_model(
    model: str, import_wh: int = 1_234_567, export_wh: int = 765_432, **changed: Any
) -> Mapping[int, int]:
    """What the model's registers hold, by address."""
    shown = Shown(import_wh, export_wh, **changed)
    return {start + i: word for start, words in MAPS[model].blocks(shown) for i, word in enumerate(words)}


def plan_json(plan: Plan) -> dict[str, Any]:
    """The simulation file of a plan."""
    return {
        "periodSeconds": plan.period_seconds,
        "firstPeriod": plan.first_period,
        "seed": plan.seed,
        "meters": [
            {
                "point": it.point,
                "device": it.device,
                "unit": it.unit,
                "port": it.port,
                "resolutionWh": it.resolution_wh,
                "startImportWh": it.start_import_wh,
                "startExportWh": it.start_export_wh,
                "energy": it.energy,
                "scaleFactor": it.scale_factor,
                "bus": it.bus,
            }
            for it in plan.meters
        ],
    }


def points_json(plan: Plan, ports: Mapping[int, int]) -> dict[str, Any]:
    """The points file for simulated meters."""
    return {
        "points": [
            {
                "point": it.point,
                "device": it.device,
                "host": "127.0.0.1",
                "port": ports[it.point],
                "unit": it.unit,
                "firstPeriod": plan.first_period,
                "maxImportWh": 4_000,
                "maxExportWh": 4_000,
            }
            for it in plan.meters
        ]
    }


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
