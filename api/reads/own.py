# SPDX-License-Identifier: MIT
"""An account's own orders in a book, as the index knows them."""

from sqlalchemy import Engine, select

from api.indexer.books import CANCELLED
from api.tables.book import markets, orders
from wattbook.orders import Order


class OwnOrders:
    """Over chain.db."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def is_indexed(self, order_hash: str) -> bool:
        """Whether the order's block is in the index."""
        query = select(orders.c.seen).where(orders.c.order_hash == order_hash).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def opposite(self, order: Order, market: int) -> list[int]:
        """Places of all the account's opposite orders, if entering `order` may meet one; else none. Rising.

        Filled ones are listed too: only a list of all that aren't collected proves what is left.
        """
        query = (
            select(orders.c.ref, orders.c.tick, orders.c.state)
            .where(orders.c.market == market, orders.c.account == order.account)
            .where(orders.c.side == 1 - order.side, orders.c.ref.is_not(None))
            .order_by(orders.c.ref)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            fees = connection.execute(
                select(markets.c.levy_buy_ticks, markets.c.levy_sell_ticks).where(markets.c.market == market)
            ).first()
        if fees is None:
            return []
        tick = order.price_ticks + fees[1] if order.is_offer else order.price_ticks - fees[0]
        # A cancelled order's price may still stand in the book's record of the account.
        if not any(row.tick >= tick if order.is_offer else row.tick <= tick for row in rows):
            return []
        return [row.ref for row in rows if row.state != CANCELLED]
