# SPDX-License-Identifier: MIT
"""Depth and trades: the hot reads, in plain SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from api import paging
from api.amounts import energy, money, price

BID, OFFER = 0, 1
SIDES = ("bid", "offer")

_DEPTH = {
    BID: text(
        "SELECT tick, energy_wh, orders FROM levels"
        " WHERE market = :market AND side = 0 AND energy_wh > 0 ORDER BY tick DESC LIMIT :count"
    ),
    OFFER: text(
        "SELECT tick, energy_wh, orders FROM levels"
        " WHERE market = :market AND side = 1 AND energy_wh > 0 ORDER BY tick LIMIT :count"
    ),
}
_BEFORE = " AND (block_number, log_index, part) < (:block, :log, :part)"
_NEWEST = " ORDER BY block_number DESC, log_index DESC, part DESC LIMIT :count"
_TRADES = (
    "SELECT market, tick, energy_wh, taker_side, at, block_number, log_index, part"
    " FROM trades WHERE market = :market"
)
_OF_ACCOUNT = "SELECT * FROM trades WHERE (buyer = :account OR seller = :account)"
_CANDLES = text(
    "SELECT tick, energy_wh, at FROM trades WHERE market = :market ORDER BY block_number, log_index, part"
)


def depth(connection: Connection, market: int, side: int, count: int) -> list[dict[str, Any]]:
    """Live levels of a side, best first."""
    rows = connection.execute(_DEPTH[side], {"market": market, "count": count})
    return [{**price("price", tick), **energy("energy", wh), "orders": orders} for tick, wh, orders in rows]


def trades(connection: Connection, market: int, limit: int, cursor: str | None) -> dict[str, Any]:
    """A page of a market's trades, newest first."""
    rows = _page(connection, _TRADES, {"market": market}, limit, cursor)
    page = paging.cut(rows, limit, _key)
    return {"items": [_trade(row) for row in page["items"]], "next": page["next"]}


def account_trades(
    connection: Connection, account: int, market: int | None, limit: int, cursor: str | None
) -> dict[str, Any]:
    """A page of an account's trades, newest first."""
    query = _OF_ACCOUNT if market is None else _OF_ACCOUNT + " AND market = :market"
    rows = _page(connection, query, {"account": account, "market": market}, limit, cursor)
    page = paging.cut(rows, limit, _key)
    return {"items": [_account_trade(row, account) for row in page["items"]], "next": page["next"]}


def candles(connection: Connection, market: int, seconds: int) -> list[dict[str, Any]]:
    """Open, high, low, close and volume by time, earliest first; empty buckets left out."""
    buckets: dict[int, list[Any]] = {}
    for row in connection.execute(_CANDLES, {"market": market}):
        buckets.setdefault(row.at // seconds * seconds, []).append(row)
    return [_candle(at, rows) for at, rows in buckets.items()]


def _candle(at: int, rows: Sequence[Any]) -> dict[str, Any]:
    ticks = [row.tick for row in rows]
    return {
        "at": at,
        **price("open", ticks[0]),
        **price("high", max(ticks)),
        **price("low", min(ticks)),
        **price("close", ticks[-1]),
        **energy("volume", sum(row.energy_wh for row in rows)),
    }


def _page(
    connection: Connection, query: str, values: dict[str, Any], limit: int, cursor: str | None
) -> Sequence[Row[Any]]:
    before = paging.decode_cursor(cursor, 3)
    if before is not None:
        query += _BEFORE
        values |= dict(zip(("block", "log", "part"), before, strict=True))
    return connection.execute(text(query + _NEWEST), values | {"count": limit + 1}).all()


def _key(row: Any) -> paging.Key:
    return row.block_number, row.log_index, row.part


def _facts(row: Any) -> dict[str, Any]:
    return {
        "trade": f"{row.block_number}.{row.log_index}.{row.part}",
        "market": row.market,
        **price("price", row.tick),
        **energy("energy", row.energy_wh),
        "at": row.at,
        "block": row.block_number,
    }


def _trade(row: Any) -> dict[str, Any]:
    return _facts(row) | {"taker_side": SIDES[row.taker_side]}


def _account_trade(row: Any, account: int) -> dict[str, Any]:
    side = BID if row.buyer == account else OFFER
    fee = row.buyer_fee_ticks if side == BID else row.seller_fee_ticks
    each = -row.tick - fee if side == BID else row.tick - fee
    return _facts(row) | {
        "side": SIDES[side],
        "role": "taker" if row.taker_side == side else "maker",
        **price("fee", fee),
        **money("cash", each * row.energy_wh),
        "order_hash": row.bid_hash if side == BID else row.offer_hash,
    }
