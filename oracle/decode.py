# SPDX-License-Identifier: MIT
"""Words to Wh: pure, exact, the only place where a meter's float is unpacked.

A float32 is a binary fraction, so `Fraction` of it is what the meter sent, to the last bit. A meter rounds
its own counter to the nearest float, hence a float is rounded to the nearest Wh (a half up): whole Wh come
back exactly wherever the float resolves 1 Wh. Integer registers are truncated by the meter and rounded down.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from oracle.devices.definition import Device, Field, Kind, Place, Power, ScaleFactor, WordOrder
from oracle.errors import ValueMissing, ValueNegative

_NOT_IMPLEMENTED = {
    Kind.INT16: 0x8000,
    Kind.INT32: 0x8000_0000,
    Kind.UINT32: 0xFFFF_FFFF,
    Kind.INT64: 0x8000_0000_0000_0000,
    Kind.UINT64: 0xFFFF_FFFF_FFFF_FFFF,
    Kind.ACC32: 0xFFFF_FFFF,
}
_NO_SCALE_FACTOR = 0x8000
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Words:
    """What was read: register address → 16-bit word. SunSpec addresses count from the model's id register."""

    by_address: Mapping[int, int]

    def at(self, start: int, count: int) -> tuple[int, ...] | None:
        """`count` words from `start`; None if any was not read."""
        found = tuple(self.by_address.get(start + i, -1) for i in range(count))
        return None if -1 in found else found


@dataclass(frozen=True, slots=True)
class Register:
    """One decoded register: Wh, its finest step in Wh, the Wh at which it starts again (None: never)."""

    wh: int
    resolution_wh: int
    modulus_wh: int | None


@dataclass(frozen=True, slots=True)
class Decoded:
    """Both registers; None for one that the device or the unit doesn't have. `scale_factor` is SunSpec's.

    `power_mw` above 0 is import; None if the model has no power register, or it holds no value now.
    """

    imported: Register | None
    exported: Register | None
    scale_factor: int | None
    power_mw: int | None = None


def decode(device: Device, words: Words) -> Decoded:
    """Raises ValueMissing, ValueNegative."""
    factor = _scale_factor(device.scale_factor, words)
    power = Fraction(10) ** (factor or 0)
    return Decoded(
        imported=_register("import", device, device.imported, words, power),
        exported=_register("export", device, device.exported, words, power),
        scale_factor=factor,
        power_mw=_power(device.power, words),
    )


def unsigned(words: Sequence[int], order: WordOrder) -> int:
    """Words as one unsigned number."""
    ordered = words if order is WordOrder.BIG else list(reversed(words))
    value = 0
    for word in ordered:
        value = value << 16 | word
    return value


def count_of(field: Place, raw: int) -> Fraction | None:
    """The raw bits as an exact count; None if they say "not implemented" or are no number."""
    if raw == _NOT_IMPLEMENTED.get(field.type) or raw in field.not_implemented:
        return None
    if field.type is Kind.FLOAT32:
        return _exact_float(raw)
    if field.type.is_signed and raw >> field.type.bits - 1:
        return Fraction(raw - (1 << field.type.bits))
    return Fraction(raw)


def _exact_float(raw: int) -> Fraction | None:
    if raw >> 23 & 0xFF == 0xFF:  # NaN and infinities
        return None
    return Fraction(struct.unpack(">f", raw.to_bytes(4))[0])


def _step_of(field: Field, raw: int) -> Fraction:
    """The distance of neighbouring counts: of a float32, the weight of its last bit."""
    if field.type is not Kind.FLOAT32:
        return Fraction(1)
    exponent = max(raw >> 23 & 0xFF, 1)
    return Fraction(2) ** (exponent - 150)


def _register(
    name: str, device: Device, field: Field | None, words: Words, power: Fraction
) -> Register | None:
    if field is None:
        return None
    found = words.at(field.start, field.type.words)
    if found is None:
        return None
    raw = unsigned(found, field.word_order)
    count = count_of(field, raw)
    if count is None:
        raise ValueMissing(register=name, raw=f"0x{raw:0{field.type.words * 4}X}")
    if count < 0:
        raise ValueNegative(register=name, raw=f"0x{raw:0{field.type.words * 4}X}")
    worth = field.scale_wh * power
    modulus = field.modulus()
    return Register(
        wh=floor(count * worth + _HALF) if field.type is Kind.FLOAT32 else floor(count * worth),
        resolution_wh=max(device.resolution_wh, ceil(_step_of(field, raw) * worth)),
        modulus_wh=None if modulus is None else floor(modulus * worth),
    )


def _power(power: Power | None, words: Words) -> int | None:
    """mW; without a value the energy register goes on alone."""
    found = words.at(power.start, power.type.words) if power else None
    if power is None or found is None:
        return None
    count = count_of(power, unsigned(found, power.word_order))
    try:
        factor = _scale_factor(power.scale_factor, words)
    except ValueMissing:
        return None
    return None if count is None else floor(count * power.scale_w * Fraction(10) ** (factor or 0) * 1000)


def _scale_factor(place: ScaleFactor | None, words: Words) -> int | None:
    if place is None:
        return None
    found = words.at(place.offset, 1)
    if found is None or found[0] == _NO_SCALE_FACTOR:
        raise ValueMissing(register="scale factor", raw="0x8000" if found else "not read")
    factor = found[0] - 0x1_0000 if found[0] & 0x8000 else found[0]
    if not -10 <= factor <= 10:
        raise ValueMissing(register="scale factor", raw=str(factor))
    return factor
