# SPDX-License-Identifier: MIT
"""Orders and cancels: what the chain says of them, and what the relay says of those no block holds yet."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, and_, literal, select, union_all

from api import paging
from api.amounts import energy, price
from api.errors import CancelUnknown, OrderUnknown
from api.indexer.trading import CANCEL_REASONS, SIDES, STATES
from api.relay.queue import Queue
from api.tables.book import cancels, orders, placements, skipped_orders
from api.tables.chain import blocks
from wattbook.chain.errors import Refusals
from wattbook.ids import pack_market
from wattbook.orders import unpack_order

KINDS = ("limit", "immediateOrCancel", "fillOrKill", "postOnly")
_SENT = {"accepted": "accepted", "failed": "failed"}

Row = dict[str, Any]


class Orders:
    """Over both databases; `refusals` put words to what the chain skipped."""

    def __init__(self, connection: Connection, queue: Queue, refusals: Refusals) -> None:
        self._connection = connection
        self._queue = queue
        self._refusals = refusals

    def one(self, order_hash: str) -> Row:
        """Raises OrderUnknown."""
        queued = self._queue.find("order", order_hash)
        found = self._placed(orders.c.order_hash == order_hash) or self._skipped([order_hash])
        if found:
            return self._with_relay(found[-1], queued)
        if queued is None:
            raise OrderUnknown(hash=order_hash)
        return self._with_relay(self._queued(queued), queued)

    def page(
        self, account: int, market: int | None, live: bool | None, limit: int, cursor: str | None
    ) -> Row:
        """An account's orders: what waits in the relay first, then the chain's, newest first."""
        before = paging.decode_cursor(cursor, 2)
        found = self._waiting(account, market, live, before)
        if len(found) <= limit:
            seen = before[1] if before and before[0] == 0 else None
            found += self._on_chain(account, market, live, limit + 1 - len(found), seen)
        page = paging.cut(found, limit, lambda item: item["_key"])
        hashes = [item["hash"] for item in page["items"]]
        relayed = {row.hash: row for row in self._queue.find_many(hashes)}
        items = [self._with_relay(item, relayed.get(item["hash"])) for item in page["items"]]
        return {"items": items, "next": page["next"]}

    def _waiting(
        self, account: int, market: int | None, live: bool | None, before: paging.Key | None
    ) -> list[Row]:
        if before is not None and before[0] == 0:
            return []
        rows = self._queue.orders_of(account, market)
        known = set(
            self._connection.scalars(
                select(orders.c.order_hash).where(orders.c.order_hash.in_([row.hash for row in rows]))
            )
        )
        return [
            self._queued(row) | {"_key": (1, row.sequence)}
            for row in rows
            if row.hash not in known
            and (before is None or row.sequence < before[1])
            and live in (None, row.state != "failed")
        ]

    def _on_chain(
        self, account: int, market: int | None, live: bool | None, count: int, seen: int | None
    ) -> list[Row]:
        place = (skipped_orders.c.block_number * (1 << 32) + skipped_orders.c.log_index).label("seen")
        placed = select(orders.c.seen, orders.c.order_hash, literal(1).label("entered"))
        skipped = select(place, skipped_orders.c.order_hash, literal(0).label("entered"))
        placed = placed.where(orders.c.account == account)
        skipped = skipped.where(skipped_orders.c.account == account)
        if market is not None:
            placed = placed.where(orders.c.market == market)
            skipped = skipped.where(skipped_orders.c.market == market)
        if live is not None:
            resting = orders.c.state == STATES.index("resting")
            placed = placed.where(resting if live else ~resting)
        if live:
            skipped = skipped.where(literal(value=False))
        both = union_all(placed, skipped).subquery()
        query = select(both).order_by(both.c.seen.desc()).limit(count)
        if seen is not None:
            query = query.where(both.c.seen < seen)
        rows = self._connection.execute(query).all()
        entered = self._placed(orders.c.seen.in_([row.seen for row in rows if row.entered]))
        refused = self._skipped([row.order_hash for row in rows if not row.entered])
        by_place = {item["_key"][1]: item for item in (*entered, *refused)}
        return [by_place[row.seen] for row in rows]

    def _placed(self, condition: Any) -> list[Row]:
        joined = and_(
            placements.c.order_hash == orders.c.order_hash,
            placements.c.block_number * (1 << 32) + placements.c.log_index == orders.c.seen,
        )
        query = (
            select(
                orders,
                placements.c.word,
                placements.c.kind,
                placements.c.nonce,
                placements.c.valid_until,
                placements.c.transaction_hash,
                placements.c.block_number,
                blocks.c.at,
            )
            .join(placements, joined)
            .join(blocks, blocks.c.hash == placements.c.block_hash)
            .where(condition)
            .order_by(orders.c.seen)
        )
        return [self._entered(row) for row in self._connection.execute(query)]

    def _skipped(self, hashes: Sequence[str]) -> list[Row]:
        query = (
            select(skipped_orders, blocks.c.at)
            .join(blocks, blocks.c.hash == skipped_orders.c.block_hash)
            .where(skipped_orders.c.order_hash.in_(hashes))
            .order_by(skipped_orders.c.block_number, skipped_orders.c.log_index)
        )
        return [self._refused(row) for row in self._connection.execute(query)]

    def _entered(self, row: Any) -> Row:
        filled = row.taken_wh + row.filled_wh
        value = row.taken_value + row.filled_wh * row.tick
        return _of_word(row.word, row.order_hash) | {
            "_key": (0, row.seen),
            "state": STATES[row.state],
            "ref": row.ref,
            **price("book_price", row.tick),
            **energy("filled", filled),
            **energy("rest", row.rested_wh - row.filled_wh - row.returned_wh),
            **price("average_price", value // filled if filled else None),
            "placed_at": row.at,
            "transaction": row.transaction_hash,
            "block": row.block_number,
            "cancel_reason": None if row.cancel_reason is None else CANCEL_REASONS[row.cancel_reason],
        }

    def _refused(self, row: Any) -> Row:
        refusal = self._refusals.decode(bytes.fromhex(row.error[2:]))
        return _of_word(row.word, row.order_hash) | {
            "_key": (0, (row.block_number << 32) + row.log_index),
            "state": "skipped",
            "transaction": row.transaction_hash,
            "block": row.block_number,
            "error": {"code": refusal.code, "detail": str(refusal)},
        }

    def _queued(self, row: Any) -> Row:
        return _of_word(row.word, row.hash) | {
            "state": _SENT.get(row.state, "sent"),
            "transaction": row.transaction_hash,
            "error": None if row.error is None else orjson.loads(row.error),
        }

    def _with_relay(self, item: Row, queued: Any) -> Row:
        item.pop("_key", None)
        if queued is None:
            return item
        return item | {"relayed": True, "sequence": queued.sequence, "accepted_at": queued.accepted_at}


def cancel_status(connection: Connection, queue: Queue, cancel_hash: str) -> Row:
    """A relayed cancel. Raises CancelUnknown."""
    row = queue.find("cancel", cancel_hash)
    if row is None:
        raise CancelUnknown(hash=cancel_hash)
    done = connection.execute(
        select(cancels.c.rest_wh, cancels.c.transaction_hash).where(
            cancels.c.market == row.market, cancels.c.ref == row.ref
        )
    ).first()
    state = "sent" if row.state == "batched" else row.state
    # The queue alone knows that it was this cancel; the chain alone, what it returned.
    rest = done.rest_wh if done and state == "cancelled" else None
    return {
        "hash": row.hash,
        "account": row.account,
        "market": row.market,
        "ref": row.ref,
        "state": state,
        **energy("rest", rest),
        "transaction": row.transaction_hash,
        "error": None if row.error is None else orjson.loads(row.error),
    }


def _of_word(word: str, order_hash: str) -> Row:
    """What the signed word says, and blanks for what became of it."""
    order = unpack_order(int(word, 16))
    blank: Iterable[str] = (
        "ref",
        "sequence",
        "accepted_at",
        "placed_at",
        "transaction",
        "block",
        "cancel_reason",
        "error",
    )
    return {
        "hash": order_hash,
        "order": word,
        "account": order.account,
        "market": pack_market(order.area, order.carrier, order.period),
        "side": SIDES[order.side],
        "kind": KINDS[order.kind],
        **price("limit", order.price_ticks),
        **energy("energy", order.energy_wh),
        "nonce": order.nonce,
        "valid_until": order.valid_until,
        **price("book_price", None),
        **energy("filled", 0),
        **energy("rest", 0),
        **price("average_price", None),
        "relayed": False,
        **dict.fromkeys(blank),
    }
