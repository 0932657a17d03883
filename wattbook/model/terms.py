# SPDX-License-Identifier: MIT
"""What an area charges in a period (design sections 4 and 6)."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from wattbook.model.charges import Charges
from wattbook.model.refusal import Refused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Terms:
    """Prices and levies in ticks, capacities in Wh a period."""

    retail_ticks: int
    feed_in_ticks: int
    levy_buy_ticks: int = 0
    levy_sell_ticks: int = 0
    export_capacity_wh: int = 0
    inbound_capacity_wh: int = 0
    share_cap_wh: int = 0

    def charges(self, retail_ticks: int | None = None, network_ticks: int = 0) -> Charges:
        """What an account is charged in this area's markets; of another area: its retail, the network fee."""
        retail = self.retail_ticks if retail_ticks is None else retail_ticks
        return Charges(retail, self.levy_buy_ticks + network_ticks, self.levy_sell_ticks + network_ticks)

    def imbalance_value(self, imbalance_wh: int) -> int:
        """Cash units that the backstop pays for a surplus, or (below 0) asks for a shortage."""
        return imbalance_wh * (self.feed_in_ticks if imbalance_wh >= 0 else self.retail_ticks)

    def guarantee(self) -> int:
        """Cash units that the area's backstop puts up before the first order of a period."""
        return self.feed_in_ticks * (self.export_capacity_wh + self.inbound_capacity_wh)


@dataclass(slots=True)
class Schedule(Generic[T]):
    """Frozen entries, such as the terms of one (area, carrier): each holds from its first period on."""

    from_periods: list[int] = field(default_factory=list)
    entries: list[T] = field(default_factory=list)

    def add(self, from_period: int, entry: T) -> None:
        """Appends an entry, or replaces the last; it can't lie before an earlier one."""
        if self.from_periods and from_period < self.from_periods[-1]:
            raise Refused("TermsTooEarly", from_period=from_period)
        if self.from_periods and from_period == self.from_periods[-1]:
            self.entries[-1] = entry
            return
        self.from_periods.append(from_period)
        self.entries.append(entry)

    def find(self, period: int) -> T | None:
        """The entry in force; None when the schedule starts later."""
        position = bisect_right(self.from_periods, period)
        return self.entries[position - 1] if position else None
