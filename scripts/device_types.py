# SPDX-License-Identifier: MIT
"""The device types that the regulator of a new deployment approves: a community file names them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from wattbook.ids import device_type_of

COMMUNITY = Path(__file__).with_name("community.yaml")


@dataclass(frozen=True)
class DeviceType:
    """A model as the oracle's device file names it, the finest step of its registers in Wh."""

    model: str
    resolution_wh: int
    has_power: bool

    @property
    def id(self) -> bytes:
        return device_type_of(self.model)

    def words(self) -> tuple[int, bool, bool]:
        """In the order of the contract's `DeviceType`, approved."""
        return self.resolution_wh, self.has_power, True


def device_types(items: Iterable[Mapping[str, Any]]) -> tuple[DeviceType, ...]:
    return tuple(
        DeviceType(str(item["model"]), int(item["resolutionWh"]), bool(item.get("power", False)))
        for item in items
    )


def shipped_device_types() -> tuple[DeviceType, ...]:
    """Those of the shipped community."""
    return device_types(yaml.safe_load(COMMUNITY.read_text())["deviceTypes"])
