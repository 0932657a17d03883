# SPDX-License-Identifier: MIT
"""Whether the day was a real market day: who traded, how much of what could be, and every kind of order's
fate.
"""

from checks import Ledger
from day import Day
from findings import Finding

FEWEST_TRADERS = 8
SHARE_PERCENT = 60
OWNER, OWN_OPPOSITE, GATE_CLOSED = 0, 1, 2


class Placed:
    """The word of OrderPlaced: the order, where its rest lies, how much that is."""

    def __init__(self, word: int) -> None:
        self.market = word >> 24 & (1 << 48) - 1
        self.energy_wh = word >> 92 & 0x7FFFFF
        self.ref = word >> 199 & 0xFFFFFFFF
        self.rest_wh = word >> 231


class Cancelled:
    """The word of OrderCancelled."""

    def __init__(self, word: int) -> None:
        self.market = word >> 24 & (1 << 48) - 1
        self.ref = word >> 72 & 0xFFFFFFFF
        self.rest_wh = word >> 104 & 0xFFFFFF
        self.reason = word >> 128


def members_trade(day: Day) -> Finding:
    it = Finding("members that trade", f"accounts in PositionsBooked with at least {FEWEST_TRADERS}")
    traders = {account for (account, _), fill in day.fills.items() if fill.bought or fill.sold}
    it.expect(len(traders) >= FEWEST_TRADERS, f"only {len(traders)} members traded")
    return it


def matchable_is_traded(day: Day, ledger: Ledger) -> Finding:
    it = Finding(
        "share of the locally matchable energy",
        f"Σ sold with Σ of min(Σ surpluses, Σ shortages) a period in the ledger: {SHARE_PERCENT} % or more",
    )
    sold = sum(fill.sold for fill in day.fills.values())
    matchable = sum(matchable_wh(day, ledger, period) for period in day.periods)
    it.expect(sold * 100 >= matchable * SHARE_PERCENT, f"{sold} Wh traded of {matchable} Wh")
    return it


def matchable_wh(day: Day, ledger: Ledger, period: int) -> int:
    nets = []
    for account in day.members:
        mine = [ledger[point, period] for point, data in day.points.items() if data.account == account]
        nets.append(sum(exported - imported for imported, exported in mine))
    surplus, shortage = sum(net for net in nets if net > 0), -sum(net for net in nets if net < 0)
    return int(min(surplus, shortage))


def every_fate_occurs(day: Day) -> Finding:
    it = Finding(
        "fates of orders",
        "OrderPlaced and OrderCancelled with: part filled, cancelled, unmatched, own opposite",
    )
    placed = [Placed(event.fields["placed"]) for event in day.named("OrderPlaced", "OrderBook")]
    cancelled = [Cancelled(event.fields["cancelled"]) for event in day.named("OrderCancelled", "OrderBook")]
    rested = {(it.market, it.ref): it.rest_wh for it in placed}
    fates = {
        "a partial fill": any(0 < it.rest_wh < it.energy_wh for it in placed),
        "a cancel": any(e.reason == OWNER for e in cancelled),
        "an order that found no match": any(
            e.reason == GATE_CLOSED and e.rest_wh == rested.get((e.market, e.ref)) for e in cancelled
        ),
        "an own opposite order": any(e.reason == OWN_OPPOSITE for e in cancelled),
    }
    for fate, occurred in fates.items():
        it.expect(occurred, f"there was never {fate}")
    return it
