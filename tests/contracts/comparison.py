# SPDX-License-Identifier: MIT
"""Every view of the contracts that says something about a period, against the model."""

from typing import Any

from tests.contracts.live_chain import Call
from tests.contracts.live_community import AREA, CALENDAR, CARRIER, LiveCommunity
from wattbook import ids
from wattbook.model.book import Book
from wattbook.typeddata import Quality


class Comparison:
    """Each method fails with the first view that differs."""

    def __init__(self, live: LiveCommunity) -> None:
        self.live = live
        self.model = live.model

    def all_of(self, period: int) -> None:
        self.money()
        self.book(period)
        self.settlement(period)

    def money(self) -> None:
        vault, expected = self.model.vault, []
        for account, holding in vault.accounts.items():
            expected += [
                (("PaymentVault", "balanceOf", [account]), holding.balance),
                (("PaymentVault", "debtOf", [account]), holding.debt),
                (("PaymentVault", "nextNonce", [account]), holding.next_nonce),
            ]
        for pot, amount in vault.pots.items():
            venue = self.live.chain.at[pot.venue]
            expected.append((("PaymentVault", "pot", [venue, pot.key]), (amount, 0)))
        expected.append((("PaymentVault", "totals", []), (vault.entrusted(), vault.entrusted())))
        self.live.compare(expected)

    def book(self, period: int) -> None:
        book = self.model.order_book.books.get(self.live.market(period))
        market = ids.pack_market(*self.live.market(period))
        if book is None:
            return
        expected: list[tuple[Call, Any]] = []
        for offers in (False, True):
            takes = book.depth(offers)
            columns = [tick for tick, _ in takes], [energy_wh for _, energy_wh in takes]
            expected.append((("OrderBook", "depth", [market, offers, 100]), tuple(map(list, columns))))
        self.live.compare(expected)
        self.records(book, market)
        view = self.live.chain.read("OrderBook", "marketOf", market)
        assert view["openLevels"] == len(book.open_levels)
        assert view["closed"] == (self.live.market(period) in self.model.order_book.closed)

    def records(self, book: Book, market: int) -> None:
        views = self.live.chain.read_all(
            [("OrderBook", "record", [market, account]) for account in book.records]
        )
        for record, view in zip(book.records.values(), views, strict=True):
            fill = record
            assert (view["boughtWh"], view["soldWh"]) == (fill.bought_wh, fill.sold_wh)
            assert (view["paid"], view["received"], view["locked"]) == (fill.paid, fill.received, fill.locked)
            # A claim no longer counts own entries: nothing can be placed any more.
            if self.live.chain.now < CALENDAR.starts_at(market & 0xFFFF_FFFF):
                assert (view["bids"], view["offers"]) == (record.bids, record.offers)
                assert not record.bids or view["highestBid"] == record.highest_bid
                assert not record.offers or view["lowestOffer"] == record.lowest_offer

    def readings(self, period: int) -> None:
        readings, expected = self.model.readings, []
        for point in self.model.registry.points:
            energy = readings.energy(point, period)
            known = (False, 0, 0) if energy is None else (True, *energy)
            left = readings.substitutes.residuals.get((point.number, period), (0, 0))
            lane = readings.lanes.get((point.number, period))
            quality = lane.quality if lane else Quality.NONE
            registers = lane.registers if lane else (0, 0)
            view = {"importRegister": registers[0], "exportRegister": registers[1], "quality": quality}
            view["disputed"] = False
            expected += [
                (("MeterReadings", "energyOf", [point.number, period]), known),
                (("MeterReadings", "residual", [point.number, period]), tuple(left)),
                (("MeterReadings", "reading", [point.number, period]), view),
            ]
        self.live.compare(expected)

    def settlement(self, period: int) -> None:
        settlement, key = self.model.settlement, (CARRIER, period)
        area = settlement.area(AREA, *key)
        found = self.live.chain.read("Settlement", "areaOf", AREA, *key)
        assert found["backstopCash"] == area.backstop_cash
        assert (found["poolWh"], found["settled"]) == (area.pool_wh, area.settled)
        assert found["guarantee"] == (area.guarantee or 0)
        assert found["members"] == len(settlement.members(AREA, *key))
        expected = [
            (("Settlement", "openMarkets", key), settlement.open_markets.get(key, 0)),
            (("Settlement", "isSettled", key), area.settled == found["members"]),
            (("Settlement", "netBoughtWh", key), settlement.net_bought_wh.get(key, 0)),
        ]
        for account in self.live.accounts.values():
            mine = settlement.position(account, *key)
            view = {"soldWh": mine.sold_wh, "boughtWh": mine.bought_wh, "received": mine.received}
            view |= {"paid": mine.paid, "locked": mine.locked, "settled": mine.settled}
            call = ("Settlement", "position", [account, *key])
            expected.append((call, {**view, "handedOut": mine.handed_out}))
        self.live.compare(expected)

    def certificates(self, period: int) -> None:
        market, owned = self.live.market(period), self.model.certificates.owned
        self.live.compare(
            [
                (
                    ("EnergyToken", "balanceOf", [self.live.owner(name), ids.pack_market(*market)]),
                    owned[self.live.owner(name), market],
                )
                for name in self.live.accounts
            ]
        )
