# SPDX-License-Identifier: MIT
"""Default charges: what a seller who delivers less than it sold pays those it agreed with (design section 7).

Pure arithmetic of one account and period. The contracts have no agreements yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wattbook.model.positions import Position
from wattbook.model.sharing import cumulative_floor


@dataclass(frozen=True, slots=True)
class Agreement:
    """A seller's word: `charge_ticks` for each Wh of `energy_wh` that it doesn't deliver.

    `buyers`: (account, Wh) of each, in the order in which they joined; the energies sum to `energy_wh`.
    """

    energy_wh: int
    charge_ticks: int
    buyers: tuple[tuple[int, int], ...]


def shortfall_wh(position: Position) -> int:
    """What a net seller lacks of its contracts, at most all of them."""
    return min(max(position.contracted_wh - position.metered.net, 0), max(position.contracted_wh, 0))


def share_wh(position: Position, agreement: Agreement) -> int:
    """An agreement's part of the shortfall, rounded down; the book's part costs nothing."""
    if position.sold_wh == 0:
        return 0
    return shortfall_wh(position) * agreement.energy_wh // position.sold_wh


def charge(position: Position, agreement: Agreement) -> int:
    """Cash units that the agreement costs its seller, at most its lock."""
    return share_wh(position, agreement) * agreement.charge_ticks


def lock(agreement: Agreement) -> int:
    """Cash units that cover the greatest charge: all of the agreement is missing."""
    return agreement.energy_wh * agreement.charge_ticks


def payments(position: Position, agreements: Sequence[Agreement]) -> list[tuple[int, int]]:
    """(buyer's account, cash units): each charge over its buyers by energy, to the unit."""
    paid: list[tuple[int, int]] = []
    for agreement in agreements:
        accounts, energies = zip(*agreement.buyers, strict=True)
        paid += zip(accounts, cumulative_floor(charge(position, agreement), energies), strict=True)
    return paid
