# SPDX-License-Identifier: MIT
"""The day as the chain tells it: points, fills, settlements, orders, by account and period."""

from collections import defaultdict
from dataclasses import dataclass

from evidence import Chain, Event

BACKSTOP, FEES, FIRST_MEMBER = 1, 2, 16


@dataclass(frozen=True)
class Point:
    account: int
    carrier: int
    resolution_wh: int
    first_period: int


@dataclass
class Fills:
    bought: int = 0
    sold: int = 0
    paid: int = 0
    received: int = 0


@dataclass(frozen=True)
class Settled:
    import_wh: int
    export_wh: int
    payout: int  # signed cash units
    debt: int


@dataclass(frozen=True)
class Terms:
    retail: int
    feed_in: int
    levy_buy: int
    levy_sell: int


class Day:
    """Everything the checks need, read once. `periods` are those the simulators' ledger has."""

    def __init__(self, chain: Chain, periods: list[int]) -> None:
        self.chain = chain
        self.periods = periods
        self.events = chain.events()
        self.points = {
            e.fields["point"]: Point(d[0], d[1], d[5], d[7])
            for e in self._named("PointRegistered")
            for d in [e.fields["data"]]
        }
        self.members = sorted(e.fields["account"] for e in self._named("ParticipantAdmitted"))
        self.fills = self._fills()
        self.settled = self._settled()
        self.deposits = self._deposits()
        self.energy = self._energy()
        self.terms = self._terms()

    def _named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]

    def named(self, name: str, contract: str) -> list[Event]:
        return [event for event in self._named(name) if event.contract == contract]

    def _fills(self) -> dict[tuple[int, int], Fills]:
        """(account, market's period) → sums over all claims."""
        fills: dict[tuple[int, int], Fills] = defaultdict(Fills)
        for event in self._named("PositionsBooked"):
            for word in event.fields["fills"]:
                one = fills[word >> 209 & 0xFFFFFF, event.fields["market"] & 0xFFFFFFFF]
                one.sold += word >> 16 & (1 << 29) - 1
                one.bought += word >> 45 & (1 << 29) - 1
                one.received += word >> 74 & (1 << 45) - 1
                one.paid += word >> 164 & (1 << 45) - 1
        return fills

    def _settled(self) -> dict[tuple[int, int], Settled]:
        found: dict[tuple[int, int], Settled] = {}
        for event in self._named("PageSettled"):
            given = event.fields
            debts = {word & 0xFFFFFF: word >> 24 for word in given["debts"]}
            for place in range(2 * len(given["results"])):
                account = (given["area"] << 16 | given["first"]) + place
                half = given["results"][place >> 1] >> 128 * (~place & 1) & (1 << 128) - 1
                if half >> 56 & 1:
                    found[account, given["period"]] = settled_from(half, debts.get(account, 0))
        return found

    def _deposits(self) -> dict[int, int]:
        """Token units in minus out, by account."""
        sums: dict[int, int] = defaultdict(int)
        for event in self._named("Deposited"):
            sums[event.fields["account"]] += event.fields["amount"]
        for event in self._named("Withdrawn"):
            sums[event.fields["account"]] -= event.fields["amount"]
        return sums

    def _energy(self) -> dict[tuple[int, int], tuple[bool, int, int]]:
        """(point, period) → (known, import, export), as the contract has it now."""
        keys = [(point, period) for point in self.points for period in self.periods]
        return dict(zip(keys, self.chain.calls("MeterReadings", "energyOf", keys), strict=True))

    def _terms(self) -> dict[tuple[int, int], Terms]:
        """(area, period) → terms, for electricity."""
        areas = {account >> 16 for account in self.members}
        keys = [(area, 0, period) for area in sorted(areas) for period in self.periods]
        found = self.chain.calls("GridOversight", "termsOf", keys)
        return {(k[0], k[2]): Terms(*t[:4]) for k, t in zip(keys, found, strict=True)}

    def metered(self, account: int, period: int) -> tuple[int, int]:
        """(import, export) of all the account's points."""
        mine = [self.energy[point, period] for point, p in self.points.items() if p.account == account]
        return sum(e[1] for e in mine), sum(e[2] for e in mine)

    def cash(self, account: int, period: int) -> tuple[int, int]:
        """(the member's cash, its imbalance's value), recomputed from fills, readings and terms."""
        fills, terms = self.fills[account, period], self.terms[account >> 16, period]
        imported, exported = self.metered(account, period)
        imbalance = (exported - imported) - (fills.sold - fills.bought)
        value = imbalance * (terms.feed_in if imbalance >= 0 else terms.retail)
        return fills.received - fills.paid + value, value


def settled_from(half: int, debt: int) -> Settled:
    """Half a word of PageSettled: import 28 | export 28 | settled 1 | unused 7 | payout 64, signed."""
    payout = half >> 64
    return Settled(half & (1 << 28) - 1, half >> 28 & (1 << 28) - 1, payout - (payout >> 63 << 64), debt)
