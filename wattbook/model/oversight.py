# SPDX-License-Identifier: MIT
"""What the grid operator and the regulator say: capacity between areas, voided markets (GridOversight)."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from wattbook.ids import Market
from wattbook.model.charges import Charges
from wattbook.model.refusal import Refused
from wattbook.model.registry import Registry
from wattbook.model.terms import Schedule


@dataclass(frozen=True, slots=True)
class Connection:
    """From one area to another: the network fee in ticks, what can flow in a period in Wh."""

    fee_ticks: int
    capacity_wh: int


class Way(NamedTuple):
    """A direction of flow in one period."""

    source: int
    target: int
    carrier: int
    period: int


@dataclass(slots=True)
class Oversight:
    """Capacity is reserved at entry, in the direction of flow; what doesn't trade returns."""

    registry: Registry
    schedules: dict[tuple[int, int, int], Schedule[Connection]] = field(default_factory=dict)
    reserved: defaultdict[Way, int] = field(default_factory=lambda: defaultdict(int))
    voided: set[Market] = field(default_factory=set)

    def schedule(self, source: int, target: int, carrier: int, from_period: int, entry: Connection) -> None:
        """Connects two areas, in one direction, for all periods from `from_period`."""
        self.schedules.setdefault((source, target, carrier), Schedule()).add(from_period, entry)

    def connection(self, way: Way) -> Connection | None:
        """The connection in force; None if the areas aren't connected."""
        schedule = self.schedules.get((way.source, way.target, way.carrier))
        return schedule.find(way.period) if schedule else None

    def charges(self, home: int, market: Market) -> Charges:
        """What accounts of area `home` are charged in a market. Raises Refused if it isn't connected."""
        terms = self.registry.terms_of(market)
        if home == market.area:
            return terms.charges()
        connection = self.connection(Way(home, market.area, market.carrier, market.period))
        if connection is None:
            raise Refused("AreaNotConnected", home=home, area=market.area)
        own = self.registry.terms_of(Market(home, market.carrier, market.period))
        return terms.charges(own.retail_ticks, connection.fee_ticks)

    def require_capacity(self, way: Way, energy_wh: int) -> None:
        """Raises Refused when less than `energy_wh` is free."""
        connection = self.connection(way)
        free = (connection.capacity_wh if connection else 0) - self.reserved[way]
        if energy_wh > free:
            raise Refused("CapacityExceeded", way=way, available=max(free, 0), wanted=energy_wh)

    def void(self, market: Market) -> None:
        """Undoes all trades of a market: its claims return every lock."""
        self.voided.add(market)


def way_of(home: int, market: Market, is_offer: bool) -> Way:
    """An offer of another area flows into the market's, a bid out of it."""
    source, target = (home, market.area) if is_offer else (market.area, home)
    return Way(source, target, market.carrier, market.period)
