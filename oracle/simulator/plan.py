# SPDX-License-Identifier: MIT
"""The simulation file: which meters to simulate, and how much energy passes through each.

    {"periodSeconds": 900, "firstPeriod": 1958400, "seed": 7,
     "meters": [{"point": 1, "device": "eastron-sdm630", "unit": 1, "port": 0, "resolutionWh": 1,
                 "startImportWh": 5123456, "startExportWh": 0, "energy": [[85, 0], [90, 0], …]}]}

`energy` has Wh imported and exported a period and repeats at its end. Port 0 is any free one. Optional:
`serial`, `scaleFactor`, `sunspecBase`; `bus`, a name: meters of one bus share a port.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle.errors import SimulationInvalid
from oracle.simulator.maps import MAPS


@dataclass(frozen=True, slots=True)
class PlannedMeter:
    point: int
    device: str
    unit: int
    port: int
    resolution_wh: int
    start_import_wh: int
    start_export_wh: int
    energy: tuple[tuple[int, int], ...]
    serial: str = ""
    scale_factor: int = 0
    sunspec_base: int = 40000
    bus: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    period_seconds: int
    first_period: int
    seed: int
    meters: tuple[PlannedMeter, ...]


def load_plan(path: Path) -> Plan:
    """Raises SimulationInvalid."""
    try:
        data = json.loads(path.read_text())
        plan = Plan(
            period_seconds=int(data["periodSeconds"]),
            first_period=int(data["firstPeriod"]),
            seed=int(data["seed"]),
            meters=tuple(_meter(item) for item in data["meters"]),
        )
    except FileNotFoundError:
        raise SimulationInvalid(path=path, reason="there is no such file") from None
    except KeyError as error:
        raise SimulationInvalid(path=path, reason=f"it lacks {error}") from None
    except (OSError, ValueError, TypeError) as error:
        raise SimulationInvalid(path=path, reason=str(error)) from None
    for meter in plan.meters:
        if meter.device not in MAPS:
            known = ", ".join(sorted(MAPS))
            raise SimulationInvalid(
                path=path, reason=f"no register map for {meter.device!r} (known: {known})"
            )
    return plan


def _meter(item: Mapping[str, Any]) -> PlannedMeter:
    return PlannedMeter(
        point=int(item["point"]),
        device=str(item["device"]),
        unit=int(item.get("unit", 1)),
        port=int(item.get("port", 0)),
        resolution_wh=int(item["resolutionWh"]),
        start_import_wh=int(item["startImportWh"]),
        start_export_wh=int(item["startExportWh"]),
        energy=tuple((int(imported), int(exported)) for imported, exported in item["energy"]),
        serial=str(item.get("serial", f"SIM{int(item['point']):05d}")),
        scale_factor=int(item.get("scaleFactor", 0)),
        sunspec_base=int(item.get("sunspecBase", 40000)),
        bus=str(item.get("bus", "")),
    )
