# SPDX-License-Identifier: MIT
"""The next transactions: what waits, in sequence, as calldata of placeSigned and cancelSigned.

An order that may meet an own opposite order lists that order's place in the book, so it waits until the
earlier one is in a block and indexed; what is behind it waits too, because the sequence was promised.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from api.reads.own import OwnOrders
from api.relay.late import late
from api.relay.queue import Content, Outcome, Queue
from wattbook.calendar import Calendar
from wattbook.chain.abi import ContractAbi
from wattbook.chain.errors import Refusals
from wattbook.errors import WattbookError
from wattbook.orders import Kind, Order, pack_signed, unpack_order

BASE_GAS = 100_000
GAS_A_REF = 40_000
NEVER_REST = (Kind.IMMEDIATE_OR_CANCEL, Kind.FILL_OR_KILL)


class Batches:
    """Forms batches; sends nothing."""

    def __init__(
        self,
        queue: Queue,
        own: OwnOrders,
        book: ContractAbi,
        refusals: Refusals,
        calendar: Calendar,
        size: int,
        max_touches: int,
        gas_each: int,
        gas_limit: int,
    ) -> None:
        self._queue = queue
        self._own = own
        self._book = book
        self._refusals = refusals
        self._calendar = calendar
        self._size = min(size, max(1, (gas_limit - BASE_GAS) // gas_each))
        self._max_touches = max_touches
        self._gas_each = gas_each
        self._gas_limit = gas_limit

    def fail_late(self, now: int) -> int:
        """Gives up what the chain would refuse by the clock alone; answers how many."""
        late = {
            row.sequence: refusal for row in self._queue.waiting(1000) if (refusal := self._late(row, now))
        }
        self._queue.note({s: Outcome("failed", refusal) for s, refusal in late.items()}, None)
        return len(late)

    def _late(self, row: Any, now: int) -> WattbookError | None:
        return late(self._refusals, self._calendar, row.kind, row.market, row.valid_until, now)

    def form(self) -> None:
        """Puts what waits into batches, up to the first that must wait."""
        while rows := self._queue.waiting(self._size):
            ready = self._ready(rows)
            self._queue.form(self._split(ready))
            if len(ready) < len(rows):
                return

    def form_alone(self, failed: int, rows: Sequence[Any]) -> None:
        """The rows of a batch that failed as a whole, each in a transaction of its own."""
        self._queue.form([self._content(row.kind, [row]) for row in rows], instead_of=failed)

    def _ready(self, rows: Sequence[Any]) -> list[Any]:
        """The rows up to the first that may meet an own order which isn't in the index yet."""
        ready: list[Any] = []
        for row in rows:
            if row.kind == "order" and self._must_wait(row, ready):
                break
            ready.append(row)
        return ready

    def _must_wait(self, row: Any, ahead: Sequence[Any]) -> bool:
        order = order_of(row)
        rivals = [r for r in ahead if (r.kind, r.account, r.market) == ("order", row.account, row.market)]
        sent = [r for r in self._queue.rivals(row.account, row.market) if not self._own.is_indexed(r.hash)]
        return any(may_meet(order, order_of(rival)) for rival in (*rivals, *sent))

    def _split(self, rows: Sequence[Any]) -> list[Content]:
        """One batch for each run of the same kind."""
        return [self._content(kind, list(run)) for kind, run in groupby(rows, key=lambda row: row.kind)]

    def _content(self, kind: str, rows: Sequence[Any]) -> Content:
        sequences = [row.sequence for row in rows]
        if kind == "cancel":
            data = self._book.encode("cancelSigned", [_signed_cancel(row) for row in rows])
            return Content(kind, data, self._gas(len(rows), 0), sequences)
        own = [self._own.opposite(order_of(row), row.market) for row in rows]
        batch = b"".join(_signed_order(row, refs) for row, refs in zip(rows, own, strict=True))
        data = self._book.encode("placeSigned", batch, self._max_touches)
        return Content(kind, data, self._gas(len(rows), sum(map(len, own))), sequences)

    def _gas(self, rows: int, refs: int) -> int:
        # Never estimated: with too little gas an order would be skipped, not the transaction refused.
        return min(BASE_GAS + rows * self._gas_each + refs * GAS_A_REF, self._gas_limit)


def _signed_order(row: Any, own: Sequence[int]) -> bytes:
    return pack_signed(int(row.word, 16), own, bytes.fromhex(row.signature[2:]))


def _signed_cancel(row: Any) -> dict[str, Any]:
    return {
        "account": row.account,
        "market": row.market,
        "ref": row.ref,
        "validUntil": row.valid_until,
        "signature": bytes.fromhex(row.signature[2:]),
    }


def order_of(row: Any) -> Order:
    """The order of a queue row."""
    return unpack_order(int(row.word, 16))


def may_meet(order: Order, earlier: Order) -> bool:
    """Whether an earlier order of the same account may rest where this one would trade with it."""
    if earlier.kind in NEVER_REST or earlier.side == order.side:
        return False
    bid, offer = (earlier, order) if order.is_offer else (order, earlier)
    return bid.price_ticks >= offer.price_ticks
