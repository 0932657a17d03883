# SPDX-License-Identifier: MIT
"""What the grid operator and the regulator say: connections, caps, voids, suspensions (GridOversight)."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from wattbook.ids import Market
from wattbook.model.charges import Charges
from wattbook.model.refusal import Refused
from wattbook.model.registry import Registry
from wattbook.model.terms import Schedule
from wattbook.model.vault import Vault


@dataclass(frozen=True, slots=True)
class Connection:
    """From one area to another: the network fee in ticks, what can flow in a period in Wh."""

    fee_ticks: int
    capacity_wh: int


class Suspension(NamedTuple):
    """Its end, and what the account might do before."""

    until: int
    buyer: bool
    seller: bool


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
    vault: Vault
    schedules: dict[tuple[int, int, int], Schedule[Connection]] = field(default_factory=dict)
    reserved: defaultdict[Way, int] = field(default_factory=lambda: defaultdict(int))
    # Of an account's bids or offers in one market, open and traded.
    shares: defaultdict[tuple[int, Market, bool], int] = field(default_factory=lambda: defaultdict(int))
    voided: set[Market] = field(default_factory=set)
    suspensions: dict[int, Suspension] = field(default_factory=dict)

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

    # --- what orders reserve, and what of it returns -----------------------------------------------------

    def require_share(self, account: int, market: Market, is_offer: bool, energy_wh: int) -> None:
        """Raises Refused when an order is beyond the market's share cap."""
        cap = self.registry.terms_of(market).share_cap_wh
        wanted = self.shares[account, market, is_offer] + energy_wh
        if cap and wanted > cap:
            raise Refused("ShareCapExceeded", account=account, market=market, cap=cap, wanted=wanted)

    def require_capacity(self, account: int, market: Market, is_offer: bool, energy_wh: int) -> None:
        """Raises Refused when an order of another area is beyond the capacity between the areas."""
        if account >> 16 == market.area:
            return
        way = way_of(account >> 16, market, is_offer)
        connection = self.connection(way)
        free = (connection.capacity_wh if connection else 0) - self.reserved[way]
        if energy_wh > free:
            raise Refused(
                "CapacityExceeded",
                source=way.source,
                target=way.target,
                period=way.period,
                available=free,
                wanted=energy_wh,
            )

    def reserve(self, account: int, market: Market, is_offer: bool, energy_wh: int) -> None:
        """What trades or rests; below 0: what returns."""
        if account >> 16 != market.area:
            self.reserved[way_of(account >> 16, market, is_offer)] += energy_wh
        self.shares[account, market, is_offer] += energy_wh

    # --- voids and suspensions ---------------------------------------------------------------------------

    def void(self, market: Market) -> None:
        """Undoes all trades of a market: its claims return every lock."""
        self.voided.add(market)

    def suspend(self, account: int, until: int) -> None:
        """The account neither buys nor sells until somebody ends it, from `until` on."""
        holding = self.vault.holding(account)
        before = self.suspensions.get(account) or Suspension(until, holding.buyer, holding.seller)
        self.suspensions[account] = before._replace(until=until)
        holding.buyer = holding.seller = False

    def end_suspension(self, account: int, now: int) -> None:
        """By anyone: the account may do again what it might before. Raises Refused."""
        suspension = self.suspensions.get(account)
        if suspension is None:
            raise Refused("NotSuspended", account=account)
        if now < suspension.until:
            raise Refused("SuspensionLasts", account=account, until=suspension.until)
        del self.suspensions[account]
        holding = self.vault.holding(account)
        holding.buyer, holding.seller = suspension.buyer, suspension.seller

    def revoke(self, account: int) -> None:
        """Its admission is revoked: no suspension's end brings its rights back."""
        self.suspensions.pop(account, None)
        holding = self.vault.holding(account)
        holding.buyer = holding.seller = False


def way_of(home: int, market: Market, is_offer: bool) -> Way:
    """An offer of another area flows into the market's, a bid out of it."""
    source, target = (home, market.area) if is_offer else (market.area, home)
    return Way(source, target, market.carrier, market.period)
