# SPDX-License-Identifier: MIT
"""What an account's trades in one market have come to, and what it still has in the book."""

from dataclasses import dataclass

from wattbook.model.refusal import Refused
from wattbook.model.terms import Terms

MAX_OWN_ORDERS = 64
MAX_RECORD_WH = (1 << 29) - 1


@dataclass(slots=True)
class Fill:
    """Energy in Wh, money in cash units; the account's own fees are in `paid` and off `received`."""

    account: int
    bought_wh: int = 0
    sold_wh: int = 0
    paid: int = 0
    received: int = 0
    locked: int = 0

    def is_empty(self) -> bool:
        """Whether nothing traded."""
        return not (self.bought_wh or self.sold_wh)

    def require_room(self, energy_wh: int, is_offer: bool) -> None:
        """Raises Refused when more energy of that side would fit no record."""
        if energy_wh and (self.sold_wh if is_offer else self.bought_wh) + energy_wh > MAX_RECORD_WH:
            raise Refused("PositionTooLarge", account=self.account)

    def buy(self, energy_wh: int, paid: int) -> None:
        """Adds a purchase."""
        self.bought_wh += energy_wh
        self.paid += paid

    def sell(self, energy_wh: int, received: int, locked: int) -> None:
        """Adds a sale with its lock."""
        self.sold_wh += energy_wh
        self.received += received
        self.locked += locked

    def add(self, other: "Fill") -> None:
        """Adds another fill of the same account."""
        self.buy(other.bought_wh, other.paid)
        self.sell(other.sold_wh, other.received, other.locked)

    def add_resting(self, terms: Terms, is_offer: bool, tick: int, energy_wh: int) -> None:
        """Adds the fill of an order that rested at `tick`."""
        if is_offer:
            locked = energy_wh * terms.rest_locks(True, tick)
            self.sell(energy_wh, energy_wh * terms.selling_earns(tick), locked)
        else:
            self.buy(energy_wh, energy_wh * terms.buying_costs(tick))


class Record:
    """An account in a market: its collected fills, and its uncollected entries per side.

    `highest_bid` and `lowest_offer` may be stale, never too lax: no live own entry is priced better.
    """

    __slots__ = ("bids", "fill", "highest_bid", "lowest_offer", "offers")

    def __init__(self, account: int) -> None:
        self.fill = Fill(account)
        self.bids = 0
        self.offers = 0
        self.highest_bid = 0
        self.lowest_offer = 0

    def count(self, is_offer: bool) -> int:
        """Own uncollected entries of a side."""
        return self.offers if is_offer else self.bids

    def best(self, is_offer: bool) -> int:
        """The side's best own price."""
        return self.lowest_offer if is_offer else self.highest_bid

    def is_crossed_by(self, incoming_offer: bool, tick: int) -> bool:
        """Whether own opposite entries may be priced at or better than an incoming order's tick."""
        if incoming_offer:
            return self.bids > 0 and self.highest_bid >= tick
        return self.offers > 0 and self.lowest_offer <= tick

    def add_entry(self, is_offer: bool, tick: int) -> None:
        """An own order now rests; the caller has seen to it that there are no more than 64."""
        if is_offer:
            self.lowest_offer = min(self.lowest_offer, tick) if self.offers else tick
            self.offers += 1
        else:
            self.highest_bid = max(self.highest_bid, tick) if self.bids else tick
            self.bids += 1

    def drop_entry(self, is_offer: bool) -> None:
        """An own entry was cancelled or collected; the best price stays, perhaps stale."""
        if is_offer:
            self.offers -= 1
        else:
            self.bids -= 1

    def set_best(self, is_offer: bool, tick: int) -> None:
        """The side's best own price, after all its entries were looked at."""
        if is_offer:
            self.lowest_offer = tick
        else:
            self.highest_bid = tick
