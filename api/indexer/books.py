# SPDX-License-Identifier: MIT
"""A market's book as its events leave it: which maker traded how much, what rests, top and depth.

Live, a book is loaded as the last block left it and fed the new events. After a reorganisation it starts
empty and is fed all events of the market that are left. The fills come from the reference model's level.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from api.tables import book as tables
from wattbook.model.level import Level
from wattbook.orders import OrderRef

RESTING, FILLED, CANCELLED, DROPPED = range(4)
BID, OFFER = 0, 1

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MakerTrade:
    """What one resting order traded with the order that took it."""

    maker: Row
    tick: int
    energy_wh: int


class MarketBook:
    """One market. `load` or start empty, then `rest`, `take`, `cancel` in the chain's order, then `save`."""

    def __init__(self, connection: Connection, market: int, empty: bool = False) -> None:
        self._connection = connection
        self.market = market
        self._empty = empty
        self._levels: dict[int, Level] = {}
        self._by_ref: dict[int, Row] = {}
        self._changed: dict[int, Row] = {}
        self.top = self._load_top()

    def enter(self, order: Row, takes: list[MakerTrade]) -> None:
        """An order that entered, after its takes; `order` has the columns of `orders` up to rested_wh."""
        order["taken_wh"] = sum(trade.energy_wh for trade in takes)
        order["taken_value"] = sum(trade.energy_wh * trade.tick for trade in takes)
        order |= {"filled_wh": 0, "returned_wh": 0, "cancel_reason": None}
        if order["rested_wh"]:
            self._level(order["tick"]).rest(order["account"], order["side"] == OFFER, order["rested_wh"])
            self._by_ref[order["ref"]] = order
        order["state"] = RESTING if order["rested_wh"] else self._ended(order)
        self._changed[order["seen"]] = order

    def take(self, tick: int, head: int, head_filled_wh: int) -> list[MakerTrade]:
        """A LevelTaken event: what it implies for each maker, oldest first."""
        trades = []
        for fill in self._level(tick).advance(head, head_filled_wh):
            maker = self._order_at(OrderRef(tick, fill.index).pack())
            maker["filled_wh"] += fill.energy_wh
            if maker["filled_wh"] + maker["returned_wh"] == maker["rested_wh"]:
                maker["state"] = FILLED
            trades.append(MakerTrade(maker, tick, fill.energy_wh))
            self._note_trade(tick, fill.energy_wh)
        return trades

    def cancel(self, ref: int, rest_wh: int, reason: int) -> Row:
        """An OrderCancelled event; answers the order."""
        place = OrderRef.unpack(ref)
        order = self._order_at(ref)
        self._level(place.tick).cancel(place.index)
        order["returned_wh"] += rest_wh
        order["state"], order["cancel_reason"] = CANCELLED, reason
        return order

    def _ended(self, order: Row) -> int:
        return FILLED if order["taken_wh"] == order["energy_wh"] else DROPPED

    def _note_trade(self, tick: int, energy_wh: int) -> None:
        top = self.top
        top["last_price"] = tick
        top["low"] = tick if top["low"] is None else min(top["low"], tick)
        top["high"] = tick if top["high"] is None else max(top["high"], tick)
        top["volume_wh"] += energy_wh
        top["value"] += energy_wh * tick
        top["trades"] += 1

    def _load_top(self) -> Row:
        found = None
        if not self._empty:
            query = select(tables.tops).where(tables.tops.c.market == self.market)
            found = self._connection.execute(query).mappings().one_or_none()
        blank: Row = dict.fromkeys(("best_bid", "best_offer", "last_price", "low", "high"))
        sums = {"volume_wh": 0, "value": 0, "trades": 0}
        return dict(found) if found else {"market": self.market, **blank, **sums}

    def _order_at(self, ref: int) -> Row:
        """The order that rests, or rested, at `ref`; noted as changed."""
        order = self._by_ref.get(ref)
        if order is None:
            query = select(tables.orders).where(
                tables.orders.c.market == self.market, tables.orders.c.ref == ref
            )
            order = dict(self._connection.execute(query).mappings().one())
            self._by_ref[ref] = order
        self._changed[order["seen"]] = order
        return order

    def _level(self, tick: int) -> Level:
        if tick not in self._levels:
            self._levels[tick] = Level() if self._empty else self._load_level(tick)
        return self._levels[tick]

    def _load_level(self, tick: int) -> Level:
        """The level with its entries from the head on; what lies before is filled and matters no more."""
        level = Level()
        found = self._connection.execute(
            select(tables.levels).where(tables.levels.c.market == self.market, tables.levels.c.tick == tick)
        ).one_or_none()
        if found is None:
            return level
        level.head, level.head_filled_wh, level.total_wh = found.head, found.head_filled_wh, found.energy_wh
        for _ in range(found.head):
            level.add(0, is_offer=False, energy_wh=0)
        orders = tables.orders.c
        first = OrderRef(tick, 0).pack()
        query = (
            select(orders.account, orders.side, orders.rested_wh, orders.state)
            .where(orders.market == self.market)
            .where(orders.ref.between(first + found.head, first + 0xFFFF))
            .order_by(orders.ref)
        )
        for row in self._connection.execute(query):
            live_wh = 0 if row.state == CANCELLED else row.rested_wh
            level.add(row.account, row.side == OFFER, live_wh)
        return level

    def save(self) -> None:
        """Writes what changed, depth and top included."""
        self._replace(tables.orders, "seen", list(self._changed.values()))
        self._replace(tables.levels, "tick", [self._level_row(t, v) for t, v in self._levels.items()])
        self.top["best_bid"], self.top["best_offer"] = self._best(BID), self._best(OFFER)
        self._replace(tables.tops, "market", [self.top])

    def _level_row(self, tick: int, level: Level) -> Row:
        live = [index for index in range(level.head, len(level)) if level.unfilled_wh(index)]
        return {
            "market": self.market,
            "tick": tick,
            "side": OFFER if live and level.sides[live[0]] else BID,
            "energy_wh": level.total_wh,
            "orders": len(live),
            "head": level.head,
            "head_filled_wh": level.head_filled_wh,
        }

    def _replace(self, table: Table, key: str, rows: list[Row]) -> None:
        if not rows:
            return
        keys = [row[key] for row in rows]
        self._connection.execute(delete(table).where(table.c.market == self.market, table.c[key].in_(keys)))
        self._connection.execute(insert(table), rows)

    def _best(self, side: int) -> int | None:
        levels = tables.levels.c
        query = select(levels.tick).where(
            levels.market == self.market, levels.side == side, levels.energy_wh > 0
        )
        order = levels.tick if side == OFFER else levels.tick.desc()
        return self._connection.execute(query.order_by(order).limit(1)).scalar()


def forget_market(connection: Connection, market: int) -> None:
    """Drops what is derived for a market; trades too, because a maker's order may have gone with a block."""
    for table in (tables.trades, tables.orders, tables.levels, tables.tops):
        connection.execute(delete(table).where(table.c.market == market))
