# SPDX-License-Identifier: MIT
"""relay.db as the relay and the API read it, and as the relay moves it on.

accepted ──► batched ──► placed, cancelled or skipped     (a reorganisation takes it back to batched)
        └──────────────► failed                           (never reached the chain: expired, gate closed)
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Engine, delete, func, insert, select, update

from api.relay.intake import WAITING
from api.tables.relay import batches, beats, queue, receipts
from wattbook.errors import WattbookError


class Outcome(NamedTuple):
    """What became of one queue row; `error` only for skipped and failed ones."""

    state: str
    error: WattbookError | None = None


class Content(NamedTuple):
    """One transaction to be: calldata, gas, and the queue's sequences in it."""

    kind: str
    data: bytes
    gas: int
    sequences: list[int]


class Queue:
    """Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self, limit: int) -> Sequence[Any]:
        """The next accepted rows, by sequence."""
        query = select(queue).where(queue.c.state == "accepted").order_by(queue.c.sequence).limit(limit)
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def rivals(self, account: int, market: int) -> Sequence[Any]:
        """An account's orders of a market that were put into a batch and didn't fail."""
        query = select(queue.c.hash, queue.c.word, queue.c.state).where(
            queue.c.account == account,
            queue.c.market == market,
            queue.c.kind == "order",
            queue.c.state.in_(("batched", "placed")),
        )
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def form(self, contents: Sequence[Content], instead_of: int | None = None) -> None:
        """New batches with their content, before anybody sends them; a failed one's rows move into them."""
        with self._engine.begin() as connection:
            for content in contents:
                values = {"kind": content.kind, "data": "0x" + content.data.hex(), "gas": content.gas}
                new = insert(batches).returning(batches.c.batch)
                batch = connection.execute(new, values | {"open": True}).scalar_one()
                connection.execute(
                    update(queue)
                    .where(queue.c.sequence.in_(content.sequences))
                    .values(state="batched", batch=batch, transaction_hash=None, error=None)
                )
            connection.execute(update(batches).where(batches.c.batch == instead_of).values(open=False))

    def open_batches(self) -> Sequence[Any]:
        """Batches whose outcome isn't final, oldest first."""
        query = select(batches).where(batches.c.open).order_by(batches.c.batch)
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def rows_of(self, batch: int) -> Sequence[Any]:
        """A batch's orders or cancels, in the sequence in which it lists them."""
        query = select(queue).where(queue.c.batch == batch).order_by(queue.c.sequence)
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def note(
        self, outcomes: Mapping[int, Outcome], transaction: str | None, closes: int | None = None
    ) -> None:
        """Keeps outcomes by sequence; `closes` is the batch that is final with them."""
        with self._engine.begin() as connection:
            for sequence, outcome in outcomes.items():
                error = outcome.error
                values = {
                    "state": outcome.state,
                    "transaction_hash": transaction,
                    "error": None if error is None else describe_error(error),
                }
                connection.execute(update(queue).where(queue.c.sequence == sequence).values(values))
            if closes is not None:
                connection.execute(update(batches).where(batches.c.batch == closes).values(open=False))

    def beat(self, name: str, now: int, address: str) -> None:
        """Says that a process did its work."""
        with self._engine.begin() as connection:
            connection.execute(delete(beats).where(beats.c.name == name))
            connection.execute(insert(beats), {"name": name, "at": now, "address": address})

    def last_beat(self, name: str) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(select(beats).where(beats.c.name == name)).one_or_none()

    def counts(self) -> dict[str, int]:
        """Rows a state, of those that aren't done."""
        query = select(queue.c.state, func.count()).where(queue.c.state.in_(WAITING)).group_by(queue.c.state)
        with self._engine.connect() as connection:
            return dict(connection.execute(query).all())

    def highest_nonce(self, account: int) -> int | None:
        """The highest nonce of an account that waits or is sent."""
        query = select(func.max(queue.c.nonce)).where(queue.c.account == account, queue.c.state.in_(WAITING))
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def find(self, kind: str, order_hash: str) -> Any:
        """An order or a cancel by its hash."""
        query = select(queue).where(queue.c.kind == kind, queue.c.hash == order_hash)
        with self._engine.connect() as connection:
            return connection.execute(query).one_or_none()

    def find_many(self, hashes: Sequence[str]) -> Sequence[Any]:
        """Those of the orders that came through the relay."""
        with self._engine.connect() as connection:
            return connection.execute(select(queue).where(queue.c.hash.in_(hashes))).all()

    def orders_of(self, account: int, market: int | None) -> Sequence[Any]:
        """An account's orders that no block holds: waiting, sent or failed; newest first."""
        query = select(queue).where(
            queue.c.account == account,
            queue.c.kind == "order",
            queue.c.state.in_((*WAITING, "failed")),
        )
        if market is not None:
            query = query.where(queue.c.market == market)
        with self._engine.connect() as connection:
            return connection.execute(query.order_by(queue.c.sequence.desc())).all()

    def receipt(self, order_hash: str) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(select(receipts).where(receipts.c.hash == order_hash)).one_or_none()


def describe_error(error: WattbookError) -> str:
    """Code and sentence, as the queue keeps them."""
    return orjson.dumps({"code": error.code, "detail": str(error)}).decode()
