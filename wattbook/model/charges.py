# SPDX-License-Identifier: MIT
"""What an account pays in a market, and what follows from it for its orders (design section 6)."""

from dataclasses import dataclass

from wattbook.model.refusal import Refused
from wattbook.units import MAX_PRICE_TICKS


@dataclass(frozen=True, slots=True)
class Charges:
    """Ticks. Fees are the market area's levies and, for an account of another area, the network fee as well.

    `retail_ticks` is the account's own area's: what its shortage costs.
    """

    retail_ticks: int
    buy_fee_ticks: int = 0
    sell_fee_ticks: int = 0

    def fee(self, is_offer: bool) -> int:
        """The fee per Wh of one side."""
        return self.sell_fee_ticks if is_offer else self.buy_fee_ticks

    def fold(self, is_offer: bool, limit_ticks: int) -> int:
        """The price at which an owner's limit enters the book: fees are part of it. Raises Refused."""
        if is_offer:
            tick = limit_ticks + self.sell_fee_ticks
            if tick > MAX_PRICE_TICKS:
                raise Refused("PriceOutOfRange", price=tick)
            return tick
        if limit_ticks > self.retail_ticks:
            raise Refused("PriceAboveRetail", price=limit_ticks, retail=self.retail_ticks)
        if limit_ticks < self.buy_fee_ticks:
            raise Refused("FeeAbovePrice", fee=self.buy_fee_ticks, price=limit_ticks)
        return limit_ticks - self.buy_fee_ticks

    def buying_costs(self, tick: int) -> int:
        """Cash units per Wh that a buyer pays at a book price: also what a resting bid locks."""
        return tick + self.buy_fee_ticks

    def selling_earns(self, tick: int) -> int:
        """Cash units per Wh that a seller gets at a book price; below 0 only if its limit was."""
        return tick - self.sell_fee_ticks

    def offer_locks(self, limit_ticks: int) -> int:
        """Cash units per Wh that an offer locks, so that a seller who delivers nothing can be settled."""
        return self.retail_ticks - limit_ticks if limit_ticks < self.retail_ticks else 0

    def rest_locks(self, is_offer: bool, tick: int) -> int:
        """Cash units per Wh that an order resting at a book price has locked."""
        return self.offer_locks(self.selling_earns(tick)) if is_offer else self.buying_costs(tick)
