# SPDX-License-Identifier: MIT
"""Certificates of delivered energy, handed out once corrections are over (EnergyToken, design section 7)."""

from collections import defaultdict
from collections.abc import Iterable

from wattbook.calendar import Calendar
from wattbook.ids import Market
from wattbook.model.refusal import Refused
from wattbook.model.settlement import Settlement


class Certificates:
    """One certificate is one metered Wh; its id is the seller's market."""

    def __init__(self, calendar: Calendar, settlement: Settlement) -> None:
        self.calendar = calendar
        self.settlement = settlement
        self.owned: defaultdict[tuple[int, Market], int] = defaultdict(int)  # (account, id) → Wh

    def hand_out(self, market: Market, accounts: Iterable[int], now: int) -> None:
        """Mints what is due to members of the market's area, once each. Raises Refused."""
        if now < self.calendar.corrections_until_at(market.period):
            raise Refused("TooEarly", period=market.period)
        if now >= self.calendar.hand_out_until_at(market.period):
            raise Refused("TooLate", period=market.period)
        if not self.settlement.is_settled(market.carrier, market.period):
            raise Refused("NotEveryoneSettled", period=market.period)
        members = self.settlement.members(*market)
        for account in accounts:
            position = self.settlement.position(account, market.carrier, market.period)
            if account in members and not position.handed_out:
                position.handed_out = True
                for issued, energy_wh in due(self.settlement, account, market).items():
                    self.owned[account, issued] += energy_wh


def due(settlement: Settlement, account: int, market: Market) -> dict[Market, int]:
    """An account's certificates of a settled period: its share of every area's pool, and its own surplus."""
    position = settlement.position(account, market.carrier, market.period)
    net_bought = max(-position.contracted_wh, 0)
    whole = settlement.net_bought_wh.get((market.carrier, market.period), 0)
    shares: dict[Market, int] = {}
    for (area, carrier, period), sums in settlement.areas.items():
        if (carrier, period) == (market.carrier, market.period) and net_bought:
            shares[Market(area, carrier, period)] = sums.pool_wh * net_bought // whole
    shares[market] = shares.get(market, 0) + position.deliverable_wh - position.delivered_wh
    return {issued: energy_wh for issued, energy_wh in shares.items() if energy_wh}
