# SPDX-License-Identifier: MIT
"""What an account's trades in one market have come to, and what it still has in the book."""

from wattbook.model.charges import Charges
from wattbook.model.refusal import Refused

MAX_OWN_ORDERS = 64
MAX_RECORD_WH = (1 << 29) - 1


class Fill:
    """Energy in Wh, money in cash units; the account's own fees are in `paid` and off `received`."""

    __slots__ = ("account", "bought_wh", "locked", "paid", "received", "sold_wh")

    def __init__(self, account: int) -> None:
        self.account = account
        self.bought_wh = self.sold_wh = self.paid = self.received = self.locked = 0

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

    def add_resting(self, charges: Charges, is_offer: bool, tick: int, energy_wh: int) -> None:
        """Adds the fill of an order that rested at `tick`."""
        if is_offer:
            locked = energy_wh * charges.rest_locks(True, tick)
            self.sell(energy_wh, energy_wh * charges.selling_earns(tick), locked)
        else:
            self.buy(energy_wh, energy_wh * charges.buying_costs(tick))

    def fees(self, charges: Charges) -> int:
        """Cash units of fees in it."""
        return self.bought_wh * charges.buy_fee_ticks + self.sold_wh * charges.sell_fee_ticks


class Record(Fill):
    """An account in a market: its collected fills, and its uncollected entries per side.

    `highest_bid` and `lowest_offer` may be stale, never too lax: no live own entry is priced better.
    """

    __slots__ = ("bids", "highest_bid", "lowest_offer", "offers")

    def __init__(self, account: int) -> None:
        self.account = account
        self.bought_wh = self.sold_wh = self.paid = self.received = self.locked = 0
        self.bids = self.offers = self.highest_bid = self.lowest_offer = 0

    def take_fill(self) -> Fill:
        """Moves what traded out of the record."""
        fill = Fill(self.account)
        fill.add(self)
        self.bought_wh = self.sold_wh = self.paid = self.received = self.locked = 0
        return fill

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
            if not self.offers or tick < self.lowest_offer:
                self.lowest_offer = tick
            self.offers += 1
        else:
            if not self.bids or tick > self.highest_bid:
                self.highest_bid = tick
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
