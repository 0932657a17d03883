# SPDX-License-Identifier: MIT
"""All continuous books with their money: time windows, locks, claims (OrderBook)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wattbook.calendar import Calendar
from wattbook.ids import Market
from wattbook.model.book import Book
from wattbook.model.plan import Take
from wattbook.model.records import Fill
from wattbook.model.refusal import Refused
from wattbook.model.registry import Registry
from wattbook.model.settlement import Settlement
from wattbook.model.vault import Pot, Vault
from wattbook.orders import OrderRef
from wattbook.typeddata.order import Kind, Order
from wattbook.units import MAX_ORDER_WH, MIN_ORDER_WH

VENUE = "OrderBook"


@dataclass(frozen=True, slots=True)
class Placed:
    """What an order did: levels taken, where its rest is (None: nothing rests), cash units locked for it."""

    takes: tuple[Take, ...]
    ref: OrderRef | None
    rest_wh: int
    locked: int


def pot_of(market: Market) -> Pot:
    """The pot that holds all locks of an area's markets of one carrier."""
    return Pot(VENUE, market.area << 8 | market.carrier)


class OrderBook:
    """Every call either does all of what it says or raises Refused and changes nothing."""

    def __init__(self, calendar: Calendar, vault: Vault, registry: Registry, settlement: Settlement) -> None:
        self.calendar = calendar
        self.vault = vault
        self.registry = registry
        self.settlement = settlement
        self.books: dict[Market, Book] = {}
        self.closed: set[Market] = set()

    # --- trading -----------------------------------------------------------------------------------------

    def place(
        self,
        order: Order,
        owner: str,
        now: int,
        own: Sequence[OrderRef] = (),
        signed: bool = False,
        max_touches: int | None = None,
    ) -> Placed:
        """Enters an order of `owner`, its own opposite entries listed in `own`. Raises Refused."""
        market = Market(order.area, order.carrier, order.period)
        self._require_sound(order, now)
        fresh = market not in self.books
        book = self.books.get(market) or Book(self.registry.terms_of(market))
        if book.terms.levy(order.is_offer) > order.max_fee_ticks:
            raise Refused("FeeTooHigh", fee=book.terms.levy(order.is_offer))
        limit, energy = order.price_ticks, order.energy_wh
        plan = book.plan(order.account, order.is_offer, limit, energy, order.kind, own, max_touches)
        returned = book.returned_by(plan)
        amount, pot = plan.lock(book.terms), pot_of(market)
        if fresh:
            self.settlement.require_guarantee(market, book.terms)
        if signed:
            self.vault.require_nonce(order.account, order.nonce)
        self.vault.require_lock(order.account, owner, pot, amount, order.is_offer, now, returned)
        if fresh:
            self.settlement.open_market(market, book.terms)
            self.books[market] = book
        if signed:
            self.vault.holding(order.account).next_nonce = order.nonce + 1
        _, index = book.apply(plan)
        ref = None if index is None else OrderRef(plan.tick, index)
        self.vault.release(order.account, pot, returned)
        self.vault.lock(order.account, pot, amount)
        return Placed(tuple(plan.takes), ref, plan.rest_wh, amount)

    def _require_sound(self, order: Order, now: int) -> None:
        if order.kind not in (Kind.LIMIT, Kind.IMMEDIATE_OR_CANCEL):
            raise Refused("KindUnknown", kind=order.kind)
        if not MIN_ORDER_WH <= order.energy_wh <= MAX_ORDER_WH:
            raise Refused("EnergyOutOfRange", energy=order.energy_wh)
        if order.account >> 16 != order.area:
            raise Refused("AreaNotConnected", area=order.area)
        if now < self.calendar.opens_at(order.period):
            raise Refused("TradingNotOpen", period=order.period)
        if now >= self.calendar.gate_at(order.period):
            raise Refused("GateClosed", period=order.period)
        if order.valid_until and now > order.valid_until:
            raise Refused("OrderExpired", valid_until=order.valid_until)

    def cancel(self, market: Market, ref: OrderRef, owner: str, account: int | None = None) -> int:
        """Takes a rest out of the book; returns its Wh. A signed wish names the account. Raises Refused."""
        book = self.books.get(market)
        if book is None or not book.is_live(ref):
            raise Refused("OrderNotLive", ref=ref)
        found = book.entry(ref).account
        if account not in (None, found) or self.vault.holding(found).owner != owner:
            raise Refused("NotYourOrder", ref=ref)
        return self._take_out(market, book, ref)

    def _take_out(self, market: Market, book: Book, ref: OrderRef) -> int:
        removed = book.take_out(ref)
        self.vault.release(removed.fill.account, pot_of(market), removed.returned)
        return removed.rest_wh

    # --- by anyone; entries that don't qualify are passed over -------------------------------------------

    def collect(self, market: Market, refs: Iterable[OrderRef]) -> None:
        """Moves filled entries' fills to their owners' records."""
        book = self.books.get(market)
        for ref in refs if book else ():
            if book and book.is_filled(ref):
                self._take_out(market, book, ref)

    def return_rests(self, market: Market, refs: Iterable[OrderRef], now: int) -> None:
        """From the gate on: returns rests to their owners, collects filled entries. Raises Refused."""
        if now < self.calendar.gate_at(market.period):
            raise Refused("GateNotClosed", period=market.period)
        book = self.books.get(market)
        for ref in refs if book else ():
            if book and book.has(ref):
                self._take_out(market, book, ref)

    def cancel_not_admitted(self, market: Market, refs: Iterable[OrderRef]) -> None:
        """Cancels live orders of accounts that may no longer trade on that side."""
        book = self.books.get(market)
        for ref in refs if book else ():
            if book and book.is_live(ref):
                entry = book.entry(ref)
                holding = self.vault.holding(entry.account)
                if not (holding.seller if entry.is_offer else holding.buyer):
                    self._take_out(market, book, ref)

    def claim(
        self, market: Market, refs: Iterable[OrderRef], accounts: Iterable[int], now: int, void: bool = False
    ) -> list[Fill]:
        """From delivery start on: turns entries' and then accounts' fills into positions. Raises Refused.

        Rests return. In a void market every lock returns instead. The call that leaves nothing open closes
        the market.
        """
        if now < self.calendar.starts_at(market.period):
            raise Refused("DeliveryNotStarted", period=market.period)
        book = self.books.get(market)
        if book is None:
            return []
        fills = [self._claim_entry(market, book, ref) for ref in refs if book.has(ref)]
        fills = [fill for fill in [*fills, *map(book.take_fill, accounts)] if not fill.is_empty()]
        self._hand_over(market, book, fills, void)
        if not self.open_parts(market) and market not in self.closed:
            self.closed.add(market)
            self.settlement.close_market(market)
        return fills

    def _claim_entry(self, market: Market, book: Book, ref: OrderRef) -> Fill:
        removed = book.remove(ref)
        self.vault.release(removed.fill.account, pot_of(market), removed.returned)
        return removed.fill

    def _hand_over(self, market: Market, book: Book, fills: list[Fill], void: bool) -> None:
        if void:
            for fill in fills:
                self.vault.release(fill.account, pot_of(market), fill.paid + fill.locked)
            return
        amount = sum(fill.paid + fill.locked for fill in fills)
        self.vault.move(pot_of(market), self.settlement.pot_of(market), amount)
        self.settlement.book_fills(market, fills, book.terms)

    def open_parts(self, market: Market) -> int:
        """Price levels with uncollected entries, and records with unclaimed fills."""
        book = self.books.get(market)
        if book is None:
            return 0
        levels = {ref.tick for ref, _ in book.entries()} if book.open_entries else set()
        return len(levels) + sum(not record.fill.is_empty() for record in book.records.values())
