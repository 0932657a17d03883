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
    """soldWh 38 | boughtWh 38 | received 54 | locked 54 | paid 48 | account 24."""
    return Fill(
        sold_wh=word & (1 << 38) - 1,
        bought_wh=word >> 38 & (1 << 38) - 1,
        received=word >> 76 & (1 << 54) - 1,
        locked=word >> 130 & (1 << 54) - 1,
        paid=word >> 184 & (1 << 48) - 1,
        account=word >> 232,
    )
