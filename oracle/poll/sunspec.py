# SPDX-License-Identifier: MIT
"""Finds a SunSpec model: "SunS" at 40000, 0 or 50000, then from model to model by their lengths."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from oracle.errors import MeterRefused, SunSpecMissing

BASES = (40000, 0, 50000)
MARKER = (0x5375, 0x6E53)  # "SunS"
COMMON_MODEL = 1
_END = 0xFFFF
_MOST_MODELS = 64
_SERIAL_OFFSET, _SERIAL_WORDS = 50, 16
_ILLEGAL_ADDRESS = 2

Read = Callable[[int, int], Awaitable[tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class SunSpecPlace:
    """Where a model's id register is, and the device's serial number from the common model."""

    start: int
    serial: str


async def find_model(read: Read, unit: int, model: int) -> SunSpecPlace:
    """`read(address, count)` asks the device. Raises SunSpecMissing, and what `read` raises."""
    address = await _first_model(read, unit, model)
    serial = ""
    for _ in range(_MOST_MODELS):
        found, length = await read(address, 2)
        if found == model:
            return SunSpecPlace(address, serial)
        if found == _END:
            raise SunSpecMissing(unit=unit, model=model, reason="its chain of models ends without it")
        if found == COMMON_MODEL and length + 2 >= _SERIAL_OFFSET + _SERIAL_WORDS:
            serial = _text(await read(address + _SERIAL_OFFSET, _SERIAL_WORDS))
        address += 2 + length
        if address > 0xFFFF:
            break
    raise SunSpecMissing(unit=unit, model=model, reason="its chain of models has no end")


async def _first_model(read: Read, unit: int, model: int) -> int:
    for base in BASES:
        try:
            if await read(base, 2) == MARKER:
                return base + 2
        except MeterRefused as refused:
            # Nothing at this base is an answer; a device that is busy or failing is not.
            if refused.facts["exception"] != _ILLEGAL_ADDRESS:
                raise
    raise SunSpecMissing(unit=unit, model=model, reason='there is no "SunS" at 40000, 0 or 50000')


def _text(words: tuple[int, ...]) -> str:
    data = b"".join(word.to_bytes(2) for word in words)
    return data.split(b"\0")[0].decode("ascii", errors="replace").strip()
