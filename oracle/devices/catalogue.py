# SPDX-License-Identifier: MIT
"""Loads a folder of device files. Whatever is wrong is said with file, line and fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from oracle.devices.definition import Device
from oracle.errors import DeviceFileInvalid, DeviceUnknown

SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Device models by name."""

    devices: Mapping[str, Device]

    def get(self, model: str) -> Device:
        """The device model. Raises DeviceUnknown, which lists the known ones."""
        if model not in self.devices:
            raise DeviceUnknown(model=model, known=", ".join(sorted(self.devices)))
        return self.devices[model]


def load_catalogue(folder: Path = SHIPPED) -> Catalogue:
    """All *.yaml of a folder. Raises DeviceFileInvalid."""
    if not folder.is_dir():
        raise DeviceFileInvalid(path=folder, line=0, reason="there is no such folder")
    devices: dict[str, Device] = {}
    for path in sorted(folder.glob("*.yaml")):
        device = load_device(path)
        if device.model in devices:
            raise DeviceFileInvalid(path=path, line=1, reason=f"model {device.model} is defined twice")
        devices[device.model] = device
    return Catalogue(devices)


def load_device(path: Path) -> Device:
    """One device file. Raises DeviceFileInvalid."""
    try:
        text = path.read_text()
        node = yaml.compose(text, yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise DeviceFileInvalid(path=path, line=0, reason=str(error)) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise DeviceFileInvalid(path=path, line=line, reason=f"not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise DeviceFileInvalid(path=path, line=0, reason=f"not YAML: {error}") from None
    if not isinstance(data, dict):
        raise DeviceFileInvalid(path=path, line=1, reason="it must hold names and values")
    return _checked(path, node, data)


def _checked(path: Path, node: yaml.Node | None, data: dict[str, Any]) -> Device:
    try:
        return Device.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        line = _line_of(node, first["loc"])
        fact = f"{where}: {reason}" if where else reason
        raise DeviceFileInvalid(path=path, line=line, reason=fact) from None


def _line_of(node: yaml.Node | None, location: tuple[Any, ...]) -> int:
    """The line of the deepest named part that the file has."""
    line = 1
    for part in location:
        if not isinstance(node, yaml.MappingNode):
            break
        for key, value in node.value:
            if key.value == part:
                line, node = key.start_mark.line + 1, value
                break
        else:
            break
    return line
