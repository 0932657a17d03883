# SPDX-License-Identifier: MIT
"""Signed batches in the journal: signed → sent → confirmed, or failed (reverted, or lost with its sender)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import Row, func, insert, select, update

from oracle.journal.part import Part
from oracle.journal.tables import batches


class BatchState(StrEnum):
    SIGNED = "signed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewBatch:
    """One period's signed readings. `journal` is the hash of the raw polls behind them."""

    gateway: int
    period: int
    journal: bytes
    readings: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Batch(NewBatch):
    """A batch that the journal holds. `transaction` is empty until it is sent."""

    id: int
    state: BatchState
    transaction: str


class Batches(Part):
    def add(self, new: NewBatch) -> int:
        """As signed; answers its id."""
        statement = insert(batches).values(**asdict(new), state=BatchState.SIGNED, transaction="")
        return int(self._connection.execute(statement.returning(batches.c.id)).scalar_one())

    def in_state(self, states: Iterable[BatchState]) -> list[Batch]:
        """The oldest first."""
        query = select(batches).where(batches.c.state.in_(list(states))).order_by(batches.c.id)
        return [_batch(row) for row in self._connection.execute(query)]

    def move(self, batch: int, state: BatchState, transaction: str | None = None) -> None:
        values = {"state": state} | ({} if transaction is None else {"transaction": transaction})
        self._connection.execute(update(batches).where(batches.c.id == batch).values(**values))

    def counts(self) -> dict[str, int]:
        """How many batches are in each state."""
        query = select(batches.c.state, func.count()).group_by(batches.c.state)
        return {row[0]: row[1] for row in self._connection.execute(query)}


def _batch(row: Row[tuple[object, ...]]) -> Batch:
    values = dict(row._mapping)
    return Batch(**{**values, "state": BatchState(values["state"])})
