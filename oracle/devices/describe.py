# SPDX-License-Identifier: MIT
"""A device model in words, for the command line."""

from oracle.devices.definition import Device, Field
from oracle.devices.spans import spans_of


def describe(device: Device) -> dict[str, str]:
    """Facts by name, as text."""
    reads = ", ".join(
        f"{it.start}+{it.size}{' (optional)' if it.optional else ''}" for it in spans_of(device)
    )
    return {
        "model": device.model,
        "maker": device.maker,
        "name": device.name,
        "source": device.source,
        "function": str(device.function),
        "sunspec": str(device.sunspec_model or "no"),
        "import": _field(device.imported),
        "export": _field(device.exported),
        "resolution Wh": str(device.resolution_wh),
        "reads": reads,
    }


def _field(field: Field | None) -> str:
    if field is None:
        return "none"
    optional = ", optional" if field.optional else ""
    return (
        f"{field.start} {field.type} {field.word_order}-endian words, {field.scale_wh} Wh a count{optional}"
    )
