# SPDX-License-Identifier: MIT
"""Events of the order book → rows, and the fills that they imply."""

from typing import Any

from sqlalchemy import select

from api.amounts import energy, money, price
from api.indexer.books import OFFER, MakerTrade, MarketBook, Row
from api.indexer.fills import unpack_fill
from api.indexer.rows import Page, Place
from api.reads.terms import Schedule, network_fee
from api.tables import book
from wattbook.chain.abi import Event
from wattbook.chain.errors import Refusals
from wattbook.ids import pack_market, unpack_account, unpack_market
from wattbook.orders import Order, unpack_order, unpack_placed
from wattbook.typeddata import Domain

SIDES = ("bid", "offer")
STATES = ("resting", "filled", "cancelled", "dropped")
_CARRIED = (
    "market",
    "order_hash",
    "account",
    "side",
    "tick",
    "ref",
    "limit_ticks",
    "fee_ticks",
    "energy_wh",
)
CANCEL_REASONS = ("owner", "ownOpposite", "gateClosed", "notAdmitted")


def seen_at(place: Place) -> int:
    """An order's place in time, as one number."""
    return place.block_number << 32 | place.log_index


class Trading:
    """The book's events of one page of blocks. `feed_*` are shared with the rebuilding of a market."""

    def __init__(self, page: Page, domain: Domain, refusals: Refusals) -> None:
        self._page = page
        self._domain = domain
        self._refusals = refusals
        self._books: dict[int, MarketBook] = {}
        self._terms: dict[int, Any] = {}
        self._taken: list[tuple[Place, MakerTrade]] = []

    def level_taken(self, event: Event) -> None:
        given = event.arguments
        row = {
            "market": given["market"],
            "tick": given["tick"],
            "energy_wh": given["energyWh"],
            "head": given["head"],
            "head_filled_wh": given["headFilledWh"],
        }
        self._page.add(book.takes, event.log, **row, transaction_hash=event.log.transaction_hash)
        self.feed_take(event.log, row)

    def order_placed(self, event: Event) -> None:
        placed = unpack_placed(event.arguments["placed"])
        order = unpack_order(placed.word)
        market = pack_market(order.area, order.carrier, order.period)
        terms = self._terms_of(event.log, market)
        levy = terms.levy_sell_ticks if order.is_offer else terms.levy_buy_ticks
        fee = levy + network_fee(self._page.connection, unpack_account(order.account).area, market)
        row = self._order_row(placed.word, order, market) | {
            "kind": order.kind,
            "limit_ticks": order.price_ticks,
            "energy_wh": order.energy_wh,
            "side": order.side,
            "nonce": order.nonce,
            "valid_until": order.valid_until,
            "tick": order.price_ticks + fee if order.is_offer else order.price_ticks - fee,
            "fee_ticks": fee,
            "ref": placed.ref,
            "rest_wh": placed.rest_wh,
        }
        self._page.add(book.placements, event.log, **row, transaction_hash=event.log.transaction_hash)
        self.feed_placement(event.log, row)

    def order_cancelled(self, event: Event) -> None:
        word = event.arguments["cancelled"]
        row = {
            "market": word >> 24 & (1 << 48) - 1,
            "ref": word >> 72 & 0xFFFF_FFFF,
            "account": word & 0xFF_FFFF,
            "rest_wh": word >> 104 & 0xFF_FFFF,
            "reason": word >> 128,
        }
        self._page.add(book.cancels, event.log, **row, transaction_hash=event.log.transaction_hash)
        self.feed_cancel(event.log, row)

    def order_skipped(self, event: Event) -> None:
        word, error = event.arguments["order"], event.arguments["error"]
        order = unpack_order(word)
        row = self._order_row(word, order, pack_market(order.area, order.carrier, order.period))
        self._page.add(
            book.skipped_orders,
            event.log,
            **row,
            error="0x" + error.hex(),
            transaction_hash=event.log.transaction_hash,
        )
        refusal = self._refusals.decode(error)
        reason = {"code": refusal.code, "detail": str(refusal)}
        data = {"hash": row["order_hash"], "error": reason}
        self._page.say(event.log, "skipped", data, row["account"], row["market"])

    def cancel_skipped(self, event: Event) -> None:
        given = event.arguments
        self._page.add(
            book.skipped_cancels,
            event.log,
            account=given["account"],
            ref=given["ref"],
            error="0x" + given["error"].hex(),
            transaction_hash=event.log.transaction_hash,
        )

    def fills_undone(self, event: Event) -> None:
        given = event.arguments
        for word in given["fills"]:
            self._page.add(book.claims, event.log, market=given["market"], **unpack_fill(word)._asdict())

    def _order_row(self, word: int, order: Order, market: int) -> Row:
        digest = order.digest(self._domain)
        return {
            "order_hash": "0x" + digest.hex(),
            "word": f"0x{word:064x}",
            "account": order.account,
            "market": market,
        }

    def feed_take(self, place: Place, row: Row) -> None:
        """A taken level; its trades wait for the order that took it."""
        trades = self._book(row["market"]).take(row["tick"], row["head"], row["head_filled_wh"])
        self._taken += [(place, trade) for trade in trades]

    def feed_placement(self, place: Place, row: Row) -> None:
        """An order that entered, and the trades of the levels that it took."""
        taken, self._taken = self._taken, []
        order = {name: row[name] for name in _CARRIED}
        order |= {"seen": seen_at(place), "rested_wh": row["rest_wh"]}
        self._book(row["market"]).enter(order, [trade for _, trade in taken])
        for at, trade in taken:
            self._add_trade(at, trade, order)
        self._say_order(place, order)

    def feed_cancel(self, place: Place, row: Row) -> None:
        """A rest that left the book."""
        order = self._book(row["market"]).cancel(row["ref"], row["rest_wh"], row["reason"])
        data = {
            "ref": row["ref"],
            "hash": order["order_hash"],
            "reason": CANCEL_REASONS[row["reason"]],
            **energy("rest", row["rest_wh"]),
        }
        self._page.say(place, "cancel", data, row["account"], row["market"])

    def finish(self) -> set[int]:
        """Writes the books that changed and answers their markets."""
        for changed in self._books.values():
            changed.save()
        return set(self._books)

    def top_of(self, market: int) -> Row:
        return self._books[market].top

    def start_empty(self, market: int) -> None:
        """The next events are all that the market ever saw."""
        self._books[market] = MarketBook(self._page.connection, market, empty=True)

    def _book(self, market: int) -> MarketBook:
        if market not in self._books:
            self._books[market] = MarketBook(self._page.connection, market)
        return self._books[market]

    def _terms_of(self, place: Place, market: int) -> Any:
        if market not in self._terms:
            self._terms[market] = self._find_terms(market) or self._open(place, market)
        return self._terms[market]

    def _find_terms(self, market: int) -> Any:
        query = select(book.markets).where(book.markets.c.market == market)
        return self._page.connection.execute(query).one_or_none()

    def _open(self, place: Place, market: int) -> Any:
        """The first order of a market: it keeps the terms that are scheduled, and no others can come."""
        self._page.flush()
        where = unpack_market(market)
        terms = Schedule(self._page.connection).at(*where)
        self._page.add(
            book.markets,
            place,
            market=market,
            area=where.area,
            carrier=where.carrier,
            period=where.period,
            retail_ticks=terms.retail_ticks,
            levy_buy_ticks=terms.levy_buy_ticks,
            levy_sell_ticks=terms.levy_sell_ticks,
        )
        self._page.flush()
        return self._find_terms(market)

    def _add_trade(self, place: Place, trade: MakerTrade, taker: Row) -> None:
        bid, offer = (trade.maker, taker) if taker["side"] == OFFER else (taker, trade.maker)
        at = self._page.at(place)
        self._page.add(
            book.trades,
            place,
            market=taker["market"],
            tick=trade.tick,
            energy_wh=trade.energy_wh,
            taker_side=taker["side"],
            buyer=bid["account"],
            seller=offer["account"],
            buyer_fee_ticks=bid["fee_ticks"],
            seller_fee_ticks=offer["fee_ticks"],
            bid_hash=bid["order_hash"],
            offer_hash=offer["order_hash"],
            at=at,
        )
        facts: Row = {**price("price", trade.tick), **energy("energy", trade.energy_wh)}
        market = taker["market"]
        data = {"taker_side": SIDES[taker["side"]], **facts}
        self._page.say(place, "trade", data, market=market, area=market >> 40)
        for order in (bid, offer):
            self._say_fill(place, order, trade, "taker" if order is taker else "maker", facts)

    def _say_fill(self, place: Place, order: Row, trade: MakerTrade, role: str, facts: Row) -> None:
        sells = order["side"] == OFFER
        each = trade.tick - order["fee_ticks"] if sells else -trade.tick - order["fee_ticks"]
        data = {
            "side": SIDES[order["side"]],
            "role": role,
            "order_hash": order["order_hash"],
            **facts,
            **price("fee", order["fee_ticks"]),
            **money("cash", each * trade.energy_wh),
        }
        self._page.say(place, "fill", data, order["account"], order["market"])

    def _say_order(self, place: Place, order: Row) -> None:
        data = {
            "hash": order["order_hash"],
            "side": SIDES[order["side"]],
            "state": STATES[order["state"]],
            "ref": order["ref"],
            **energy("rest", order["rested_wh"]),
            **energy("filled", order["taken_wh"]),
        }
        self._page.say(place, "order", data, order["account"], order["market"])
