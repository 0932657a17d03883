# SPDX-License-Identifier: MIT
"""A word of claimed fills."""

from typing import NamedTuple


class Fill(NamedTuple):
    """One word of PositionsBooked or FillsUndone, lowest bits first. Energies in Wh, money in cash units."""

    sold_wh: int
    bought_wh: int
    received: int
    locked: int
    paid: int
    account: int


def unpack_fill(word: int) -> Fill:
    """16 unused | soldWh 29 | boughtWh 29 | received 45 | locked 45 | paid 45 | account 24."""
    return Fill(
        sold_wh=word >> 16 & (1 << 29) - 1,
        bought_wh=word >> 45 & (1 << 29) - 1,
        received=word >> 74 & (1 << 45) - 1,
        locked=word >> 119 & (1 << 45) - 1,
        paid=word >> 164 & (1 << 45) - 1,
        account=word >> 209 & 0xFFFFFF,
    )
