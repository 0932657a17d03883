# SPDX-License-Identifier: MIT
"""Certificates: handed out once corrections are over, transferred, retired (EnergyToken, section 7)."""

from collections import defaultdict
from collections.abc import Iterable

from wattbook.calendar import Calendar
from wattbook.ids import Market
from wattbook.model.corrections import Corrections
from wattbook.model.positions import Key
from wattbook.model.refusal import Refused
from wattbook.model.settlement import Settlement


class Certificates:
    """One certificate is one metered Wh; its id is the seller's market. Owners hold them, by address."""

    def __init__(self, calendar: Calendar, corrections: Corrections) -> None:
        self.calendar = calendar
        self.corrections = corrections
        self.settlement = corrections.settlement
        self.owned: defaultdict[tuple[str, Market], int] = defaultdict(int)
        self.minted: defaultdict[Market, int] = defaultdict(int)
        self.retired: defaultdict[Key, int] = defaultdict(int)

    def hand_out(self, market: Market, accounts: Iterable[int], now: int) -> None:
        """Mints what is due to members of the market's area, once each. Raises Refused."""
        self._require_due(market, now)
        members = self.settlement.members(*market)
        for account in accounts:
            position = self.settlement.position(account, market.carrier, market.period)
            if account in members and not position.handed_out:
                position.handed_out = True
                owner = self.settlement.vault.holding(account).owner
                for issued, energy_wh in due(self.settlement, account, market).items():
                    self.owned[owner, issued] += energy_wh
                    self.minted[issued] += energy_wh

    def _require_due(self, market: Market, now: int) -> None:
        opens = self.calendar.corrections_until_at(market.period)
        lapses = self.calendar.hand_out_until_at(market.period)
        if now < opens:
            raise Refused("TooEarly", opens=opens)
        if now >= lapses:
            raise Refused("TooLate", until=lapses)
        if not self.settlement.is_settled(market.carrier, market.period):
            raise Refused("NotEveryoneSettled", carrier=market.carrier, period=market.period)
        open_count = self.corrections.open_count(market.carrier, market.period)
        if open_count:
            raise Refused("CorrectionsOpen", carrier=market.carrier, period=market.period, count=open_count)

    def transfer(self, owner: str, to: str, market: Market, energy_wh: int) -> None:
        """Gives certificates to somebody else. Raises Refused."""
        self._take(owner, market, energy_wh)
        self.owned[to, market] += energy_wh

    def retire(self, account: int, owner: str, market: Market, energy_wh: int, now: int) -> None:
        """Uses certificates up against the account's own metered import of their carrier and period."""
        key = account, market.carrier, market.period
        holding = self.settlement.vault.accounts.get(account)
        if holding is None or holding.owner != owner:
            raise Refused("NotAccountOwner", account=account, caller=owner)
        until = self.calendar.reused_from(market.period)
        if now >= until:
            raise Refused("TooLate", until=until)
        metered = self.settlement.readings.metered(*key, now)
        free = (metered.import_wh if metered else 0) - self.retired[key]
        if energy_wh > free:
            raise Refused("ImportExceeded", account=account, available=max(free, 0), wanted=energy_wh)
        self._take(owner, market, energy_wh)
        self.retired[key] += energy_wh

    def _take(self, owner: str, market: Market, energy_wh: int) -> None:
        if energy_wh > self.owned[owner, market]:
            raise Refused("InsufficientBalance")
        self.owned[owner, market] -= energy_wh


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
