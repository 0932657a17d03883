# SPDX-License-Identifier: MIT
"""Plays days on the model: members by name, one metering point each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from wattbook import ids
from wattbook.calendar import Calendar
from wattbook.ids import Market
from wattbook.model import Community, Terms
from wattbook.model.entered import Entered
from wattbook.model.oversight import Connection
from wattbook.orders import Kind, Order, OrderRef, Side
from wattbook.typeddata import Lane, Quality

AREA = 1
CARRIER = 0
GATEWAY = 1
FIRST = 1_982_400
CALENDAR = Calendar()


def terms_of(data: dict[str, int]) -> Terms:
    return Terms(
        data["retailTicks"],
        data["feedInTicks"],
        data["levyBuyTicks"],
        data["levySellTicks"],
        data["exportCapacityWh"],
        data["inboundCapacityWh"],
    )


@dataclass
class Play:
    """A community; members are called by name, and so are the owners of their accounts.

    All are at home in one area with its book, `AREA`, unless `homes` says otherwise.
    """

    terms: Terms
    names: list[str]
    period: int = FIRST
    backstop_cash: int = 1_000_000_000
    homes: dict[str, int] = field(default_factory=dict)
    terms_abroad: dict[int, Terms] = field(default_factory=dict)
    community: Community = field(init=False)
    accounts: dict[str, int] = field(default_factory=dict)
    registers: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.community = Community(CALENDAR, cash_units_per_token_unit=1)
        for area, terms in self.areas.items():
            self.community.open_area(area, "backstop", "operator")
            self.community.registry.schedule(area, CARRIER, 0, terms)
            self.community.vault.deposit(ids.backstop_of(area), self.backstop_cash)
        for name in self.names:
            account = self.community.admit(self.homes.get(name, AREA), name, FIRST)
            self.accounts[name] = account
            self.community.registry.add_point(account, CARRIER, (10_000, 10_000), 50, GATEWAY, FIRST)
            self.registers[name] = (0, 0)
        self._post(FIRST - 1, Quality.BASE, self.names)

    @property
    def areas(self) -> dict[int, Terms]:
        return {AREA: self.terms, **self.terms_abroad}

    @property
    def market(self) -> Market:
        return Market(AREA, CARRIER, self.period)

    def market_of(self, area: int) -> Market:
        return self.market._replace(area=area)

    def connect(self, source: int, target: int, fee: int, capacity: int = 10**6) -> None:
        self.community.oversight.schedule(source, target, CARRIER, 0, Connection(fee, capacity))

    def open_time(self) -> int:
        return CALENDAR.opens_at(self.period)

    def next_period(self, by: int = 1) -> None:
        self.period += by

    def deposit(self, name: str, cash: int) -> None:
        self.community.vault.deposit(self.accounts[name], cash)

    def order(
        self,
        name: str,
        side: str,
        price: int,
        wh: int,
        kind: Kind = Kind.LIMIT,
        own: Sequence[OrderRef] | None = None,
        max_touches: int | None = None,
    ) -> Entered:
        """Enters an order; unless told otherwise, all own entries are listed."""
        account, number = self.accounts[name], Side[side.upper()]
        word = Order(account, *self.market, number, kind, False, price, wh, 57_599, 0, 0)
        listed = self.own(name) if own is None else own
        book = self.community.order_book
        return book.place(word, name, self.open_time(), listed, max_touches=max_touches)

    def own(self, name: str) -> list[OrderRef]:
        book = self.community.order_book.books.get(self.market)
        return list(book.entries_of(self.accounts[name])) if book else []

    def claim_all(self) -> None:
        book = self.community.order_book.books.get(self.market)
        refs = [ref for ref, _ in book.entries()] if book else []
        refs += [OrderRef(tick, 0) for tick in book.open_levels] if book else []
        now = CALENDAR.starts_at(self.period)
        self.community.order_book.claim(self.market, refs, self.accounts.values(), now)

    def meter(self, readings: dict[str, tuple[int, int]], missing: Collection[str] = ()) -> None:
        """Whoever has no reading, and isn't missing, measures nothing."""
        for name, (import_wh, export_wh) in readings.items():
            imported, exported = self.registers[name]
            self.registers[name] = imported + import_wh, exported + export_wh
        self._post(self.period, Quality.MEASURED, [name for name in self.names if name not in missing])

    def book_default(self, name: str) -> None:
        now = CALENDAR.default_from(self.period)
        self.community.settlement.book_default(self.accounts[name], CARRIER, self.period, now)

    def know_late(self, name: str, import_wh: int, export_wh: int) -> None:
        """What a member measured after all, once its default was settled; the difference is settled too."""
        number, now = self.names.index(name) + 1, CALENDAR.default_from(self.period)
        lane = Lane(number, import_wh, export_wh, Quality.MEASURED)
        assert not self.community.readings.post(GATEWAY, self.period, [lane], now)
        self.community.readings.share(number, now)
        self.community.corrections.settle(self.accounts[name], CARRIER, self.period, now)

    def _post(self, period: int, quality: Quality, names: list[str]) -> None:
        lanes = [Lane(self.names.index(name) + 1, *self.registers[name], quality) for name in names]
        now = CALENDAR.ends_at(period)
        assert not self.community.readings.post(GATEWAY, period, lanes, now)

    def settle(self) -> list[int]:
        """All areas; who settled."""
        now = CALENDAR.final_at(self.period)
        settlement, accounts = self.community.settlement, list(self.accounts.values())
        settled = [settlement.settle(self.market_of(area), accounts, now) for area in self.areas]
        return [account for page in settled for account in page]

    def hand_out(self) -> None:
        now = CALENDAR.corrections_until_at(self.period)
        for area in self.areas:
            self.community.certificates.hand_out(self.market_of(area), self.accounts.values(), now)

    def wealth(self, account: int) -> int:
        """Balance less debt; what is in pots apart."""
        holding = self.community.vault.holding(account)
        return holding.balance - holding.debt

    def wealths(self) -> dict[str, int]:
        """By name (`backstop 2`: that of area 2); what members owe is their backstop's."""
        wealths = {name: self.wealth(account) for name, account in self.accounts.items()}
        for area in self.areas:
            number = "" if area == AREA else f" {area}"
            wealths["backstop" + number] = self.wealth(ids.backstop_of(area)) + self._owed_to(area)
            wealths["operator" + number] = self.wealth(ids.fee_account_of(area))
        return wealths

    def _owed_to(self, area: int) -> int:
        mine = (one for one in self.accounts.values() if one >> 16 == area)
        return sum(self.community.vault.holding(one).debt for one in mine)


def of_scenario(scenario: dict[str, Any]) -> Play:
    names = sorted({name for period in scenario["periods"] for name in period["members"]})
    abroad = {int(area): terms_of(terms) for area, terms in scenario.get("abroad", {}).items()}
    play = Play(terms_of(scenario["terms"]), names, homes=scenario.get("homes", {}), terms_abroad=abroad)
    for each in scenario.get("connections", []):
        play.connect(each["from"], each["to"], each["feeTicks"], each["capacityWh"])
    return play
