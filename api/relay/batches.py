# SPDX-License-Identifier: MIT
"""The next transactions: what waits, in sequence, as calldata of placeSigned and cancelSigned.

An order that may meet an own opposite order lists that order's place in the book, so it waits until the
earlier one is in a block and indexed; what is behind it waits too, because the sequence was promised.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

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
# A contract wallet may use 150,000; the book keeps 1/64 of what is left for itself and asks for its owner.
GAS_A_WALLET = 160_000
# Of a long signature: posted, copied, hashed.
GAS_A_BYTE = 30
NEVER_REST = (Kind.IMMEDIATE_OR_CANCEL, Kind.FILL_OR_KILL)


class Entry(NamedTuple):
    """A queue row, the own opposite entries that it lists, and the gas that it may use."""

    row: Any
    own: Sequence[int]
    gas: int


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
        contents = [content for row in rows for content in self._split([row])]
        self._queue.form(contents, instead_of=failed)

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
        """Batches of one kind each, none of which may need more gas than a block gives."""
        return [self._content(run) for kind, same in groupby(rows, _kind) for run in self._runs(kind, same)]

    def _runs(self, kind: str, rows: Iterable[Any]) -> Iterator[list[Entry]]:
        run: list[Entry] = []
        gas = BASE_GAS
        for row in rows:
            own = self._own.opposite(order_of(row), row.market) if kind == "order" else []
            entry = Entry(row, own, self._gas_of(row, own))
            if run and gas + entry.gas > self._gas_limit:
                yield run
                run, gas = [], BASE_GAS
            run.append(entry)
            gas += entry.gas
        if run:
            yield run

    def _content(self, run: Sequence[Entry]) -> Content:
        kind = run[0].row.kind
        if kind == "cancel":
            data = self._book.encode("cancelSigned", [_signed_cancel(entry.row) for entry in run])
        else:
            batch = b"".join(_signed_order(entry.row, entry.own) for entry in run)
            data = self._book.encode("placeSigned", batch, self._max_touches)
        gas = min(BASE_GAS + sum(entry.gas for entry in run), self._gas_limit)
        return Content(kind, data, gas, [entry.row.sequence for entry in run])

    def _gas_of(self, row: Any, own: Sequence[int]) -> int:
        # Never estimated: with too little gas an order would be skipped, not the transaction refused.
        wallet = GAS_A_WALLET + GAS_A_BYTE * (len(row.signature) // 2) if row.by_wallet else 0
        return self._gas_each + len(own) * GAS_A_REF + wallet


def _kind(row: Any) -> str:
    return str(row.kind)


def _signed_order(row: Any, own: Sequence[int]) -> bytes:
    return pack_signed(int(row.word, 16), own, bytes.fromhex(row.signature[2:]), row.by_wallet)


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
