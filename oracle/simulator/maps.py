# SPDX-License-Identifier: MIT
"""How each model shows its energy: written from the register tables once more, not from the device files.

A map turns whole Wh, as the meter counts them, into blocks of words. A float32 is rounded by the meter
itself, here as there.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Block = tuple[int, list[int]]
HOLDING, INPUT = 3, 4

_SUNS = [0x5375, 0x6E53]
_END = [0xFFFF, 0]
_COMMON_LENGTH = 66
_NO_INT16, _NO_UINT16 = 0x8000, 0xFFFF


@dataclass(frozen=True, slots=True)
class Shown:
    """What a meter has counted, and what some maps need besides."""

    import_wh: int
    export_wh: int
    serial: str = ""
    scale_factor: int = 0
    sunspec_base: int = 40000
    power_w: int = 0  # above 0: import


@dataclass(frozen=True, slots=True)
class RegisterMap:
    """Function code by which the registers are read, and the words for what is shown."""

    function: int
    blocks: Callable[[Shown], list[Block]]


def words_of(value: int, words: int) -> list[int]:
    """An unsigned number, most significant word first."""
    return [value >> 16 * i & 0xFFFF for i in reversed(range(words))]


def float_words(wh: int, divisor: int = 1) -> list[int]:
    """wh / divisor as the nearest float32."""
    return words_of(int.from_bytes(struct.pack(">f", wh / divisor)), 2)


def _eastron(shown: Shown) -> list[Block]:
    return [(0x0048, float_words(shown.import_wh, 1000) + float_words(shown.export_wh, 1000))]


def _little_tenths(at_import: int, at_export: int) -> Callable[[Shown], list[Block]]:
    def blocks(shown: Shown) -> list[Block]:
        tenths = (shown.import_wh // 100, shown.export_wh // 100)
        values = {0x0028: shown.power_w * 10, at_import: tenths[0], at_export: tenths[1]}
        return [(at, list(reversed(words_of(value, 2)))) for at, value in values.items()]

    return blocks


def _schneider(shown: Shown) -> list[Block]:
    return [(3203, words_of(shown.import_wh, 4) + words_of(shown.export_wh, 4))]


def _schneider_float(shown: Shown) -> list[Block]:
    return [(45099, float_words(shown.import_wh, 1000) + float_words(shown.export_wh, 1000))]


def _janitza(shown: Shown) -> list[Block]:
    between = [0] * (0x4A84 - 0x4A7C - 2)
    return [(0x4A7C, float_words(shown.import_wh) + between + float_words(shown.export_wh))]


def _sma(shown: Shown) -> list[Block]:
    return [(30513, words_of(shown.export_wh, 4))]


def _sunspec(model: int, length: int, place: Callable[[Shown], Mapping[int, list[int]]]) -> RegisterMap:
    def blocks(shown: Shown) -> list[Block]:
        body = [model, length] + [_NO_UINT16] * length
        for offset, words in place(shown).items():
            body[offset : offset + len(words)] = words
        return [(shown.sunspec_base, [*_SUNS, *_common(shown.serial), *body, *_END])]

    return RegisterMap(HOLDING, blocks)


def _common(serial: str) -> list[int]:
    texts = (("Wattbook", 32), ("Simulator", 32), ("", 16), ("1", 16), (serial, 32))
    data = b"".join(text.encode().ljust(size, b"\0") for text, size in texts)
    words = [int.from_bytes(data[i : i + 2]) for i in range(0, len(data), 2)]
    return [1, _COMMON_LENGTH, *words, 1, _NO_INT16]


def _meter_203(shown: Shown) -> Mapping[int, list[int]]:
    step = 10**shown.scale_factor
    return {
        38: words_of(shown.export_wh // step % 2**32, 2),
        46: words_of(shown.import_wh // step % 2**32, 2),
        54: [shown.scale_factor & 0xFFFF],
        18: [shown.power_w & 0xFFFF],
        22: [0],
    }


def _inverter_103(shown: Shown) -> Mapping[int, list[int]]:
    step = 10**shown.scale_factor
    return {24: words_of(shown.export_wh // step % 2**32, 2), 26: [shown.scale_factor & 0xFFFF]}


def _resource_701(shown: Shown) -> Mapping[int, list[int]]:
    step = 10**shown.scale_factor
    return {
        19: words_of(shown.export_wh // step, 4),
        23: words_of(shown.import_wh // step, 4),
        120: [shown.scale_factor & 0xFFFF],
    }


MAPS: Mapping[str, RegisterMap] = {
    "eastron-sdm630": RegisterMap(INPUT, _eastron),
    "eastron-sdm120": RegisterMap(INPUT, _eastron),
    "carlo-gavazzi-em24": RegisterMap(INPUT, _little_tenths(0x0042, 0x005C)),
    "carlo-gavazzi-em340": RegisterMap(INPUT, _little_tenths(0x0034, 0x004E)),
    "schneider-iem3155": RegisterMap(HOLDING, _schneider),
    "schneider-iem3155-float": RegisterMap(HOLDING, _schneider_float),
    "janitza-b23": RegisterMap(HOLDING, _janitza),
    "sma-inverter": RegisterMap(HOLDING, _sma),
    "sunspec-103": _sunspec(103, 50, _inverter_103),
    "sunspec-203": _sunspec(203, 105, _meter_203),
    "sunspec-701": _sunspec(701, 153, _resource_701),
}
