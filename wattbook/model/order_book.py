# SPDX-License-Identifier: MIT
"""All continuous books with their money: time windows, locks, capacity between areas (OrderBook)."""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from functools import partial

from wattbook.calendar import Calendar
from wattbook.ids import Market
from wattbook.model.book import Book
from wattbook.model.entered import Entered, Removed
from wattbook.model.oversight import Oversight
from wattbook.model.records import Fill
from wattbook.model.refusal import Refused
from wattbook.model.settlement import Settlement
from wattbook.model.vault import Pot, Vault
from wattbook.orders import OrderRef
from wattbook.typeddata.order import Order
from wattbook.units import MAX_PRICE_TICKS, MIN_ORDER_WH

VENUE = "OrderBook"

# Asked before an order is entered; may refuse it.
Pay = Callable[[Market, Book, Entered], None]
# What orders of one account, pot and side lock together, in cash units.
Together = dict[tuple[int, Pot, bool], int]


def pot_of(market: Market) -> Pot:
    """The pot that holds all locks of an area's markets of one carrier."""
    return Pot(VENUE, market.area << 8 | market.carrier)


def market_of(order: Order) -> Market:
    """Where an order is meant to trade."""
    return Market(order.area, order.carrier, order.period)


class OrderBook:
    """Every call either does all of what it says or raises Refused and changes nothing."""

    def __init__(
        self, calendar: Calendar, vault: Vault, oversight: Oversight, settlement: Settlement
    ) -> None:
        self.calendar = calendar
        self.vault = vault
        self.oversight = oversight
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
    ) -> Entered:
        """Enters an order of `owner`, its own opposite entries listed in `own`. Raises Refused."""

        def pay(market: Market, book: Book, entered: Entered) -> None:
            self._require_entry(market, order)
            if signed:
                self.vault.require_nonce(order.account, order.nonce)
            wanted = order.account, owner, pot_of(market), entered.locks, order.is_offer, now
            self.vault.require_lock(*wanted, entered.returns)
            self._open(market, book, order, entered)
            if signed:
                self.vault.holding(order.account).next_nonce = order.nonce + 1
            self.vault.release(order.account, pot_of(market), entered.returns)
            self.vault.lock(order.account, pot_of(market), entered.locks)

        return self._enter(order, now, own, max_touches, pay)

    def place_many(
        self, orders: Sequence[Order], owner: str, now: int, max_touches: int | None = None
    ) -> list[Entered]:
        """Enters orders in their sequence, all or none: a copy of everything tries first. Raises Refused.

        Those of one account and pot beside each other are funded together, by what their bids and their
        offers lock; none clears its way of own opposite orders.
        """
        deepcopy(self)._place_each(orders, owner, now, max_touches)
        return self._place_each(orders, owner, now, max_touches)

    def _place_each(
        self, orders: Sequence[Order], owner: str, now: int, max_touches: int | None
    ) -> list[Entered]:
        entered: list[Entered] = []
        together: Together = {}

        def fund() -> None:
            for (account, pot, is_offer), amount in sorted(together.items()):
                self.vault.require_lock(account, owner, pot, amount, is_offer, now)
                self.vault.lock(account, pot, amount)
            together.clear()

        for order in orders:
            entered.append(self._enter(order, now, (), max_touches, partial(self._reserve_for, order)))
            pot = pot_of(market_of(order))
            if together and next(iter(together))[:2] != (order.account, pot):
                fund()
            key = order.account, pot, order.is_offer
            together[key] = together.get(key, 0) + entered[-1].locks
        fund()
        return entered

    def _reserve_for(self, order: Order, market: Market, book: Book, entered: Entered) -> None:
        self._require_entry(market, order)
        self._open(market, book, order, entered)

    def _enter(
        self, order: Order, now: int, own: Sequence[OrderRef], max_touches: int | None, pay: Pay
    ) -> Entered:
        market, home = market_of(order), order.account >> 16
        self._require_sound(order, now)
        book = self.books.get(market) or Book(market.area, self.oversight.charges(market.area, market))
        if market not in self.books:
            self.settlement.require_guarantee(market)
        if home != market.area and home not in book.abroad:
            book.abroad[home] = self.oversight.charges(home, market)
        fee = book.charges_of(order.account).fee(order.is_offer)
        if fee > order.max_fee_ticks:
            raise Refused("FeeTooHigh", fee=fee, max_fee=order.max_fee_ticks)
        entered = book.enter(
            order.account,
            order.is_offer,
            order.price_ticks,
            order.energy_wh,
            order.kind,
            own,
            max_touches,
            partial(pay, market, book),
        )
        for removed in entered.removed:
            self.oversight.reserve(order.account, market, removed.is_offer, -removed.rest_wh)
        return entered

    def _require_sound(self, order: Order, now: int) -> None:
        if order.energy_wh < MIN_ORDER_WH:
            raise Refused("EnergyOutOfRange", energy=order.energy_wh)
        if order.price_ticks > MAX_PRICE_TICKS:
            raise Refused("PriceOutOfRange", price=order.price_ticks)
        if now < self.calendar.opens_at(order.period):
            raise Refused("TradingNotOpen", period=order.period)
        if now >= self.calendar.gate_at(order.period):
            raise Refused("GateClosed", period=order.period)
        if order.valid_until and now > order.valid_until:
            raise Refused("OrderExpired", valid_until=order.valid_until)

    def _require_entry(self, market: Market, order: Order) -> None:
        """All that others than the vault can refuse an order."""
        wanted = order.account, market, order.is_offer, order.energy_wh
        self.oversight.require_share(*wanted)
        self.settlement.require_guarantee(market._replace(area=order.account >> 16))
        self.oversight.require_capacity(*wanted)

    def _open(self, market: Market, book: Book, order: Order, entered: Entered) -> None:
        """Guarantees, the market's first order, and what counts of the order for its limits."""
        for area in (market.area, order.account >> 16):
            self.settlement.open_area(market._replace(area=area))
        if market not in self.books:
            self.books[market] = book
            self.settlement.open_market(market)
        self.oversight.reserve(order.account, market, order.is_offer, entered.traded_wh + entered.rest_wh)

    # --- by its owner ------------------------------------------------------------------------------------

    def cancel(self, market: Market, ref: OrderRef, owner: str, account: int | None = None) -> int:
        """Takes a rest out of the book; returns its Wh. A signed wish names the account. Raises Refused."""
        book = self.books.get(market)
        if book is None or not book.is_live(ref):
            raise Refused("OrderNotLive", ref=ref)
        found = book.entry(ref).account
        if account not in (None, found):
            raise Refused("NotYourOrder", ref=ref, account=account)
        self.vault.require_owner(found, owner)
        return self._take_out(market, book, ref)

    def cancel_all(self, account: int, market: Market, refs: Iterable[OrderRef], owner: str) -> None:
        """Cancels what is live of `refs` and the account's, which `owner` owns. Raises Refused."""
        self.vault.require_owner(account, owner)
        book = self.books.get(market)
        for ref in refs if book else ():
            if book and book.is_live(ref) and book.entry(ref).account == account:
                self._take_out(market, book, ref)

    # --- by anyone; entries that don't qualify are passed over -------------------------------------------

    def skip(self, market: Market, tick: int, count: int) -> int:
        """Moves a level's head over dead entries, so that no taker has to; returns how many it passed."""
        book = self.books.get(market)
        level = book.levels.get(tick) if book else None
        return level.skip(count) if level is not None else 0

    def collect(self, market: Market, refs: Iterable[OrderRef]) -> None:
        """Moves filled entries' fills to their owners' records."""
        self._take_out_each(market, refs, Book.is_filled)

    def return_rests(self, market: Market, refs: Iterable[OrderRef], now: int) -> None:
        """From the gate on: returns rests to their owners, collects filled entries. Raises Refused."""
        if now < self.calendar.gate_at(market.period):
            raise Refused("GateNotClosed", period=market.period)
        self._take_out_each(market, refs, Book.has)

    def cancel_not_admitted(self, market: Market, refs: Iterable[OrderRef]) -> None:
        """Cancels live orders of accounts that may no longer trade on that side."""

        def is_barred(book: Book, ref: OrderRef) -> bool:
            if not book.is_live(ref):
                return False
            entry = book.entry(ref)
            holding = self.vault.holding(entry.account)
            return not (holding.seller if entry.is_offer else holding.buyer)

        self._take_out_each(market, refs, is_barred)

    def _take_out_each(
        self, market: Market, refs: Iterable[OrderRef], concerns: Callable[[Book, OrderRef], bool]
    ) -> None:
        book = self.books.get(market)
        for ref in refs if book else ():
            if book and concerns(book, ref):
                self._take_out(market, book, ref)
            if book:
                book.close_if_empty(ref.tick)

    def _take_out(self, market: Market, book: Book, ref: OrderRef) -> int:
        removed = book.take_out(ref)
        self._return_rest(market, removed)
        return removed.rest_wh

    def _return_rest(self, market: Market, removed: Removed) -> None:
        self.vault.release(removed.fill.account, pot_of(market), removed.returned)
        self.oversight.reserve(removed.fill.account, market, removed.is_offer, -removed.rest_wh)

    # --- claims ------------------------------------------------------------------------------------------

    def claim(
        self, market: Market, refs: Iterable[OrderRef], accounts: Iterable[int], now: int
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
        refs = list(refs)
        fills = [self._claim_entry(market, book, ref) for ref in refs if book.has(ref)]
        for ref in refs:
            book.close_if_empty(ref.tick)
        fills = [fill for fill in [*fills, *map(book.take_fill, accounts)] if not fill.is_empty()]
        self._hand_over(market, book, fills)
        if not self.open_parts(market) and market not in self.closed:
            self.closed.add(market)
            self.settlement.close_market(market)
        return fills

    def _claim_entry(self, market: Market, book: Book, ref: OrderRef) -> Fill:
        removed = book.remove(ref)
        self._return_rest(market, removed)
        return removed.fill

    def _hand_over(self, market: Market, book: Book, fills: list[Fill]) -> None:
        if market in self.oversight.voided:
            for fill in fills:
                self.vault.release(fill.account, pot_of(market), fill.paid + fill.locked)
                self.oversight.reserve(fill.account, market, True, -fill.sold_wh)
                self.oversight.reserve(fill.account, market, False, -fill.bought_wh)
            return
        amount = sum(fill.paid + fill.locked for fill in fills)
        self.vault.move(pot_of(market), self.settlement.pot_of(market), amount)
        fees = sum(fill.fees(book.charges_of(fill.account)) for fill in fills)
        self.settlement.book_fills(market, fills, fees)

    def open_parts(self, market: Market) -> int:
        """Price levels with uncollected entries, and records with unclaimed fills."""
        book = self.books.get(market)
        if book is None:
            return 0
        return len(book.open_levels) + sum(not record.is_empty() for record in book.records.values())
