# SPDX-License-Identifier: MIT
"""What an order is going to do to a book, before it does it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from wattbook.model.records import Fill, Record
from wattbook.model.terms import Terms
from wattbook.orders import OrderRef


class Take(NamedTuple):
    """What an order takes from one level."""

    tick: int
    energy_wh: int


class Removed(NamedTuple):
    """An entry that left the book: what it had traded, its rest, and the cash units that return for it."""

    ref: OrderRef
    is_offer: bool
    fill: Fill
    rest_wh: int
    returned: int


class OwnSide(NamedTuple):
    """The account's opposite entries that are in the way or filled, and the best price of those that stay."""

    leaving: list[OrderRef]
    nearest: int


@dataclass(slots=True)
class Plan:
    """What an order will do: own opposite entries that go, levels to take, the rest.

    `record` is the account's, kept or new; `lock_ticks` is what a Wh of the owner's limit locks.
    """

    record: Record
    is_offer: bool
    tick: int
    lock_ticks: int
    takes: list[Take] = field(default_factory=list)
    rest_wh: int = 0
    own: OwnSide | None = None

    @property
    def traded_wh(self) -> int:
        """Energy that trades at once."""
        return sum(take.energy_wh for take in self.takes)

    def lock(self, terms: Terms) -> int:
        """Cash units that the order needs: what its trades cost or must secure, and its rest's lock."""
        if self.is_offer:
            return (self.traded_wh + self.rest_wh) * self.lock_ticks
        cost = sum(take.energy_wh * terms.buying_costs(take.tick) for take in self.takes)
        return cost + self.rest_wh * self.lock_ticks
