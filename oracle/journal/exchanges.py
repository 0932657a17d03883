# SPDX-License-Identifier: MIT
"""Meter exchanges in the journal: noted → signed → sent → confirmed, or refused."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import Row, insert, select, update

from oracle.journal.boundaries import LaneState
from oracle.journal.part import Part
from oracle.journal.tables import boundaries, exchanges
from oracle.readings import Boundary


class ExchangeState(StrEnum):
    NOTED = "noted"
    SIGNED = "signed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Exchange:
    """The old meter's last registers and the new one's first, in Wh; it happened within `period`."""

    point: int
    period: int
    old_import_wh: int
    old_export_wh: int
    new_import_wh: int
    new_export_wh: int
    signature: bytes = b""


class Exchanges(Part):
    def add(self, exchange: Exchange) -> None:
        """As noted. Raises IntegrityError if the point's meter was exchanged in that period already."""
        statement = insert(exchanges).values(**asdict(exchange), state=ExchangeState.NOTED)
        self._connection.execute(statement)

    def claim(self, closed: Iterable[Boundary]) -> None:
        """Readings at the end of a period with an exchange travel with it, not in a batch."""
        noted = {(it.point, it.period) for it in self.in_state(ExchangeState.NOTED)}
        for it in closed:
            if (it.point, it.period) in noted:
                self._connection.execute(
                    update(boundaries)
                    .where(boundaries.c.point == it.point, boundaries.c.period == it.period)
                    .values(state=LaneState.EXCHANGED)
                )

    def in_state(self, state: ExchangeState) -> list[Exchange]:
        """The oldest first."""
        query = select(exchanges).where(exchanges.c.state == state).order_by(exchanges.c.period)
        return [_exchange(row) for row in self._connection.execute(query)]

    def sign(self, exchange: Exchange, signature: bytes) -> None:
        self._set(exchange, state=ExchangeState.SIGNED, signature=signature)

    def move(self, exchange: Exchange, state: ExchangeState) -> None:
        self._set(exchange, state=state)

    def release(self, point: int | None) -> int:
        """What the chain refused of a point (None: of all) will be signed and posted anew; how many."""
        where = [exchanges.c.state == ExchangeState.REFUSED]
        if point is not None:
            where.append(exchanges.c.point == point)
        return self._connection.execute(
            update(exchanges).where(*where).values(state=ExchangeState.NOTED)
        ).rowcount

    def _set(self, exchange: Exchange, **values: object) -> None:
        chosen = exchanges.c.point == exchange.point, exchanges.c.period == exchange.period
        self._connection.execute(update(exchanges).where(*chosen).values(**values))


def _exchange(row: Row[tuple[object, ...]]) -> Exchange:
    values = dict(row._mapping)
    del values["state"]
    return Exchange(**values)
