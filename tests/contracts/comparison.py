# SPDX-License-Identifier: MIT
"""Every view of the contracts that says something about a market or a period, against the model."""

from typing import Any

from tests.contracts.live_chain import Call
from tests.contracts.live_community import LiveCommunity
from tests.contracts.live_setup import CALENDAR, CARRIER, CONNECTIONS, MEMBERS, TERMS
from wattbook import ids
from wattbook.ids import Market
from wattbook.model.book import Book
from wattbook.model.energy import Residual
from wattbook.model.oversight import Way
from wattbook.typeddata import Quality


class Comparison:
    """Each method fails with the first view that differs."""

    def __init__(self, live: LiveCommunity) -> None:
        self.live = live
        self.model = live.model

    def all_of(self, period: int) -> None:
        self.money()
        for area in TERMS:
            self.book(Market(area, CARRIER, period))
            self.area(area, period)
        self.capacity(period)
        self.settlement(period)

    def money(self) -> None:
        vault, expected = self.model.vault, []
        for account, holding in vault.accounts.items():
            expected += [
                (("PaymentVault", "balanceOf", [account]), holding.balance),
                (("PaymentVault", "debtOf", [account]), holding.debt),
                (("PaymentVault", "withdrawable", [account]), holding.unowed),
                (("PaymentVault", "debtLimitOf", [account]), vault.debt_limit(account)),
                (("PaymentVault", "nextNonce", [account]), holding.next_nonce),
                (("PaymentVault", "rightsOf", [account]), (holding.buyer, holding.seller)),
            ]
        for pot, amount in vault.pots.items():
            venue = self.live.chain.at[pot.venue]
            expected.append(
                (("PaymentVault", "pot", [venue, pot.key]), (amount, vault.closed_until.get(pot, 0)))
            )
        expected.append((("PaymentVault", "totals", []), (vault.entrusted(), vault.entrusted())))
        self.live.compare(expected)

    def book(self, market: Market) -> None:
        book = self.model.order_book.books.get(market)
        packed = ids.pack_market(*market)
        if book is None:
            return
        expected: list[tuple[Call, Any]] = []
        for offers in (False, True):
            takes = book.depth(offers)
            columns = [tick for tick, _ in takes], [energy_wh for _, energy_wh in takes]
            expected.append((("OrderBook", "depth", [packed, offers, 100]), tuple(map(list, columns))))
        self.live.compare(expected)
        self.records(book, packed)
        view = self.live.chain.read("OrderBook", "marketOf", packed)
        assert view["openLevels"] == len(book.open_levels)
        assert view["closed"] == (market in self.model.order_book.closed)
        for side, offers in (("Bid", False), ("Offer", True)):
            assert view[f"has{side}"] == (book.best(offers) is not None)
            assert view[f"best{side}"] == (book.best(offers) or 0)

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

    def capacity(self, period: int) -> None:
        """Until delivery starts: afterwards nobody needs what a void returns."""
        if self.live.chain.now >= CALENDAR.starts_at(period):
            return
        reserved, expected = self.model.oversight.reserved, []
        for (source, target), connection in CONNECTIONS.items():
            free = connection.capacity_wh - reserved[Way(source, target, CARRIER, period)]
            expected.append((("GridOversight", "freeCapacity", [source, target, CARRIER, period]), free))
        self.live.compare(expected)

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
            view["disputed"] = lane is not None and lane.disputed
            expected += [
                (("MeterReadings", "energyOf", [point.number, period]), known),
                (("MeterReadings", "residual", [point.number, period]), tuple(left)),
                (("MeterReadings", "reading", [point.number, period]), view),
            ]
        self.live.compare(expected)

    def area(self, area: int, period: int) -> None:
        settlement, key = self.model.settlement, (area, CARRIER, period)
        sums, members = settlement.area(*key), settlement.members(*key)
        found = self.live.chain.read("Settlement", "areaOf", *key)
        assert found["backstopCash"] == sums.backstop_cash
        assert (found["poolWh"], found["settled"]) == (sums.pool_wh, sums.settled)
        assert (found["guarantee"], found["fees"]) == (sums.guarantee or 0, sums.fees)
        assert found["members"] == len(members)

    def settlement(self, period: int) -> None:
        settlement, key = self.model.settlement, (CARRIER, period)
        expected: list[tuple[Call, Any]] = [
            (("Settlement", "openMarkets", key), settlement.open_markets.get(key, 0)),
            (("Settlement", "isSettled", key), settlement.is_settled(*key)),
            (("Settlement", "netBoughtWh", key), settlement.net_bought_wh.get(key, 0)),
            (("Settlement", "openCorrections", key), self.model.corrections.open_count(*key)),
        ]
        for (account, *key_of), kept in settlement.kept.items():
            view = {"noted": True, "open": kept.is_open}
            for name, energy in (("settled", kept.settled), ("known", kept.known)):
                view |= {f"{name}ImportWh": energy.import_wh, f"{name}ExportWh": energy.export_wh}
            expected.append((("Settlement", "correctionOf", [account, *key_of]), view))
        for number, residual in enumerate(self.model.corrections.residuals, 1):
            expected.append((("Settlement", "residualOf", [number]), _view_of(residual)))
        for account in self.live.accounts.values():
            mine = settlement.position(account, *key)
            view = {"soldWh": mine.sold_wh, "boughtWh": mine.bought_wh, "received": mine.received}
            view |= {"paid": mine.paid, "locked": mine.locked, "settled": mine.settled}
            call = ("Settlement", "position", [account, *key])
            expected.append((call, {**view, "handedOut": mine.handed_out}))
        self.live.compare(expected)

    def certificates(self, period: int) -> None:
        owned, expected = self.model.certificates.owned, []
        for area in TERMS:
            market = Market(area, CARRIER, period)
            for name in MEMBERS:
                owner = self.live.owner(name)
                call = ("EnergyToken", "balanceOf", [owner, ids.pack_market(*market)])
                expected.append((call, owned[owner, market]))
        for account in self.live.accounts.values():
            retired = self.model.certificates.retired[account, CARRIER, period]
            expected.append((("EnergyToken", "retiredOf", [account, CARRIER, period]), retired))
        self.live.compare(expected)


def _view_of(residual: Residual | None) -> dict[str, int]:
    """All 0 once settled."""
    if residual is None:
        names = ("account", "carrier", "firstPeriod", "lastPeriod", "importWh", "exportWh")
        return dict.fromkeys(names, 0)
    return {
        "account": residual.account,
        "carrier": residual.carrier,
        "firstPeriod": residual.first,
        "lastPeriod": residual.last,
        "importWh": residual.energy.import_wh,
        "exportWh": residual.energy.export_wh,
    }
