# SPDX-License-Identifier: MIT
"""A decoded event → the handler that knows it, for one page of blocks."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, literal, select

from api.indexer.books import forget_market
from api.indexer.members import Members
from api.indexer.metering import Metering
from api.indexer.rows import Page
from api.indexer.settling import Settling
from api.indexer.trading import Trading
from api.tables import book, chain
from wattbook.chain.abi import Event
from wattbook.chain.blocks import Header
from wattbook.chain.contracts import Contracts
from wattbook.typeddata import Domain

Handler = Callable[[Event], None]

# Contracts whose events are kept, and the subject whose methods, named like the events, take them.
_SUBJECTS = {
    "Registry": "members",
    "GridOversight": "members",
    "OrderBook": "trading",
    "MeterReadings": "metering",
    "Disputes": "metering",
    "Settlement": "settling",
    "EnergyToken": "settling",
}
_VAULT = {
    "AccountOpened": "members",
    "RightsChanged": "members",
    "Deposited": "settling",
    "Withdrawn": "settling",
    "DebtChanged": "settling",
}
CONTRACTS = (*_SUBJECTS, "PaymentVault")


def method_of(event: str) -> str:
    """OrderPlaced → order_placed."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", event).lower()


class Writer:
    """Writes events in the chain's order; reads back what earlier blocks left."""

    def __init__(self, connection: Connection, contracts: Contracts, headers: Sequence[Header]) -> None:
        self._headers = headers
        self._page = Page(connection, {header.hash: header.timestamp for header in headers})
        book_address = contracts.address("OrderBook")
        domain = Domain(contracts.deployment.chain_id, book_address)
        self._trading = Trading(self._page, domain, contracts.refusals)
        self._subjects: dict[str, object] = {
            "members": Members(self._page, book_address),
            "trading": self._trading,
            "metering": Metering(self._page),
            "settling": Settling(self._page, contracts.deployment.token),
        }

    def write(self, events: Sequence[Event]) -> None:
        """All events of the page's blocks, in order; then what the blocks come to."""
        for event in events:
            handler = self._handler(event)
            if handler is not None:
                handler(event)
        self._page.flush()
        changed = self._trading.finish()
        self._say_blocks(changed)
        self._page.flush()

    def _handler(self, event: Event) -> Handler | None:
        """None for events of no interest here, such as gateway keys."""
        subject = (
            _VAULT.get(event.name) if event.contract == "PaymentVault" else _SUBJECTS.get(event.contract)
        )
        return None if subject is None else getattr(self._subjects[subject], method_of(event.name), None)

    def _say_blocks(self, changed: set[int]) -> None:
        last = self._headers[-1]
        for order, market in enumerate(sorted(changed)):
            top = self._trading.top_of(market)
            self._page.say_at_end(
                last,
                order,
                "market",
                market,
                best_bid_ticks=_text(top["best_bid"]),
                best_offer_ticks=_text(top["best_offer"]),
                last_price_ticks=_text(top["last_price"]),
                volume_wh=_text(top["volume_wh"]),
            )
        for header in self._headers:
            self._page.say_at_end(header, len(changed), "block")


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def rebuild_markets(connection: Connection, contracts: Contracts, markets: Sequence[int]) -> None:
    """Derives orders, trades, depth and tops of some markets anew, from the events that are left of them."""
    domain = Domain(contracts.deployment.chain_id, contracts.address("OrderBook"))
    for market in markets:
        forget_market(connection, market)
        rows = sorted(_rows_of(connection, market), key=lambda row: (row.block_number, row.log_index))
        times = {row.block_hash: row.block_at for row in rows}
        page = Page(connection, times, quiet=True)
        trading = Trading(page, domain, contracts.refusals)
        trading.start_empty(market)
        for row in rows:
            _FEEDS[row.table](trading, row, dict(row._mapping))
        page.flush()
        trading.finish()


_FEEDS = {
    "placements": Trading.feed_placement,
    "takes": Trading.feed_take,
    "cancels": Trading.feed_cancel,
}


def _rows_of(connection: Connection, market: int) -> list[Any]:
    found: list[Any] = []
    for table in (book.placements, book.takes, book.cancels):
        query = (
            select(table, chain.blocks.c.at.label("block_at"), literal(table.name).label("table"))
            .join(chain.blocks, chain.blocks.c.hash == table.c.block_hash)
            .where(table.c.market == market)
        )
        found += connection.execute(query).all()
    return found
