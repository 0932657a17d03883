# SPDX-License-Identifier: MIT
"""What an area charges in a period, and what follows from it for orders (design sections 4 and 6)."""

from bisect import bisect_right
from dataclasses import dataclass, field

from wattbook.model.refusal import Refused
from wattbook.units import MAX_PRICE_TICKS


@dataclass(frozen=True, slots=True)
class Terms:
    """Prices and levies in ticks, capacities in Wh a period."""

    retail_ticks: int
    feed_in_ticks: int
    levy_buy_ticks: int = 0
    levy_sell_ticks: int = 0
    export_capacity_wh: int = 0
    inbound_capacity_wh: int = 0

    def levy(self, is_offer: bool) -> int:
        """The fee per Wh of one side, in ticks."""
        return self.levy_sell_ticks if is_offer else self.levy_buy_ticks

    def fold(self, is_offer: bool, limit_ticks: int) -> int:
        """The price at which an owner's limit enters the book: fees are part of it. Raises Refused."""
        if limit_ticks > MAX_PRICE_TICKS:
            raise Refused("PriceOutOfRange", price=limit_ticks)
        if is_offer:
            tick = limit_ticks + self.levy_sell_ticks
            if tick > MAX_PRICE_TICKS:
                raise Refused("PriceOutOfRange", price=tick)
            return tick
        if limit_ticks > self.retail_ticks:
            raise Refused("PriceAboveRetail", price=limit_ticks)
        if limit_ticks < self.levy_buy_ticks:
            raise Refused("FeeAbovePrice", fee=self.levy_buy_ticks)
        return limit_ticks - self.levy_buy_ticks

    def buying_costs(self, tick: int) -> int:
        """Cash units per Wh that a buyer pays at a book price: also what a resting bid locks."""
        return tick + self.levy_buy_ticks

    def selling_earns(self, tick: int) -> int:
        """Cash units per Wh that a seller gets at a book price."""
        return tick - self.levy_sell_ticks

    def offer_locks(self, limit_ticks: int) -> int:
        """Cash units per Wh that an offer locks, so that a seller who delivers nothing can be settled."""
        return self.retail_ticks - limit_ticks if limit_ticks < self.retail_ticks else 0

    def rest_locks(self, is_offer: bool, tick: int) -> int:
        """Cash units per Wh that an order resting at a book price has locked."""
        return self.offer_locks(self.selling_earns(tick)) if is_offer else self.buying_costs(tick)

    def imbalance_value(self, imbalance_wh: int) -> int:
        """Cash units that the backstop pays for a surplus, or (below 0) asks for a shortage."""
        return imbalance_wh * (self.feed_in_ticks if imbalance_wh >= 0 else self.retail_ticks)

    def guarantee(self) -> int:
        """Cash units that the area's backstop puts up before the first order of a period."""
        return self.feed_in_ticks * (self.export_capacity_wh + self.inbound_capacity_wh)


@dataclass(slots=True)
class Schedule:
    """The frozen terms of one (area, carrier): each entry holds from its first period on."""

    from_periods: list[int] = field(default_factory=list)
    entries: list[Terms] = field(default_factory=list)

    def add(self, from_period: int, terms: Terms) -> None:
        """Appends an entry; it can't lie before an earlier one."""
        if self.from_periods and from_period <= self.from_periods[-1]:
            raise Refused("TermsTooEarly", from_period=from_period)
        self.from_periods.append(from_period)
        self.entries.append(terms)

    def at(self, period: int) -> Terms:
        """The terms in force. Raises Refused when the schedule starts later."""
        position = bisect_right(self.from_periods, period)
        if not position:
            raise Refused("NoTerms", period=period)
        return self.entries[position - 1]
