# SPDX-License-Identifier: MIT
"""A word of MeterReadings.metered: all of an account's metering points in one period."""

from typing import NamedTuple

_ENERGY_BITS = 40


class MeteredWord(NamedTuple):
    """importWh 40 | exportWh 40 | final 1, the lowest first; that some are missing stays in the word."""

    import_wh: int
    export_wh: int
    final: bool


def unpack_metered(word: int) -> MeteredWord:
    energy = (1 << _ENERGY_BITS) - 1
    return MeteredWord(word & energy, word >> _ENERGY_BITS & energy, bool(word >> 2 * _ENERGY_BITS & 1))
