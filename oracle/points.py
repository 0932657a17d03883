# SPDX-License-Identifier: MIT
"""The points file: which meter stands at which metering point, and how it is reached.

    {"points": [{"point": 1, "device": "eastron-sdm630", "host": "192.0.2.7", "port": 502, "unit": 1,
                 "firstPeriod": 1958400, "maxImportWh": 8625, "maxExportWh": 2500}]}

`firstPeriod` and the limits are the point's registration; `baseImportWh` and `baseExportWh` are the registers
noted at commissioning, needed only where the oracle starts after the first period did. `serial` is optional.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle.devices import Catalogue, Device
from oracle.errors import MeterTooCoarse, PointsFileInvalid
from oracle.refine import COARSE_WH

SHORT_PERIOD_SECONDS = 900
_NUMBERS = {"point": 1, "port": 1, "firstPeriod": 0, "maxImportWh": 0, "maxExportWh": 0}
_OPTIONAL_NUMBERS = {"unit": 1, "baseImportWh": None, "baseExportWh": None}
_TEXTS = ("device", "host")
_KNOWN = {*_NUMBERS, *_OPTIONAL_NUMBERS, *_TEXTS, "serial"}


@dataclass(frozen=True, slots=True)
class Point:
    """A metering point as the gateway sees it. Limits are Wh a period."""

    point: int
    device: Device
    host: str
    port: int
    unit: int
    first_period: int
    max_import_wh: int
    max_export_wh: int
    base_import_wh: int | None = None
    base_export_wh: int | None = None
    serial: str = ""

    @property
    def bus(self) -> tuple[str, int]:
        """Meters behind one address share a bus: one request at a time."""
        return self.host, self.port


def load_points(path: Path, catalogue: Catalogue, period_seconds: int) -> tuple[Point, ...]:
    """Raises PointsFileInvalid, DeviceUnknown, MeterTooCoarse."""
    try:
        items = json.loads(path.read_text())["points"]
    except FileNotFoundError:
        raise PointsFileInvalid(path=path, reason="there is no such file") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise PointsFileInvalid(path=path, reason='it must be JSON of the form {"points": […]}') from None
    if not isinstance(items, list) or not items:
        raise PointsFileInvalid(path=path, reason="it lists no point")
    points = tuple(_point(path, i, item, catalogue) for i, item in enumerate(items, start=1))
    _require_distinct(path, points)
    for point in points:
        require_fine_enough(point, period_seconds)
    return points


def require_fine_enough(point: Point, period_seconds: int) -> None:
    """No finer than 10 Wh trades short periods only if it can be refined by power. MeterTooCoarse."""
    is_coarse = period_seconds <= SHORT_PERIOD_SECONDS and point.device.resolution_wh >= COARSE_WH
    if is_coarse and point.device.power is None:
        raise MeterTooCoarse(
            point=point.point,
            model=point.device.model,
            resolution_wh=point.device.resolution_wh,
            period_seconds=period_seconds,
        )


def _point(path: Path, position: int, item: Any, catalogue: Catalogue) -> Point:
    if not isinstance(item, dict):
        raise PointsFileInvalid(path=path, reason=f"entry {position} is not an object")
    if unknown := sorted(item.keys() - _KNOWN):
        raise PointsFileInvalid(path=path, reason=f"entry {position} has the unknown {', '.join(unknown)}")
    numbers = {name: _number(path, position, item, name) for name in _NUMBERS}
    for name, fallback in _OPTIONAL_NUMBERS.items():
        numbers[name] = fallback if item.get(name) is None else _number(path, position, item, name)
    for name in _TEXTS:
        if not isinstance(item.get(name), str):
            raise PointsFileInvalid(path=path, reason=f"entry {position} lacks the text {name!r}")
    return Point(
        point=numbers["point"] or 0,
        device=catalogue.get(item["device"]),
        host=item["host"],
        port=numbers["port"] or 0,
        unit=numbers["unit"] or 0,
        first_period=numbers["firstPeriod"] or 0,
        max_import_wh=numbers["maxImportWh"] or 0,
        max_export_wh=numbers["maxExportWh"] or 0,
        base_import_wh=numbers["baseImportWh"],
        base_export_wh=numbers["baseExportWh"],
        serial=str(item.get("serial", "")),
    )


def _number(path: Path, position: int, item: dict[str, Any], name: str) -> int | None:
    value = item.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < _NUMBERS.get(name, 0):
        raise PointsFileInvalid(path=path, reason=f"entry {position} needs a whole number for {name!r}")
    return value


def _require_distinct(path: Path, points: Sequence[Point]) -> None:
    numbers: list[object] = [point.point for point in points]
    meters: list[object] = [(*point.bus, point.unit, point.device.model) for point in points]
    for what, keys in (("metering point", numbers), ("meter", meters)):
        for key in keys:
            if keys.count(key) > 1:
                raise PointsFileInvalid(path=path, reason=f"the {what} {key} is listed twice")
