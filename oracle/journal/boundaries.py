# SPDX-License-Identifier: MIT
"""Boundary readings in the journal, each on its way to the chain.

pending → batched → confirmed, or aside: held (the chain wants an earlier one first), refused (the chain won't
have it), superseded (the chain has another word for it: a substitute, a default), exchanged (it travels with
a meter exchange).
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.sqlite import insert

from oracle.journal.part import Part
from oracle.journal.tables import boundaries
from oracle.readings import Boundary
from wattbook.typeddata import Quality


class LaneState(StrEnum):
    PENDING = "pending"
    BATCHED = "batched"
    CONFIRMED = "confirmed"
    HELD = "held"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    EXCHANGED = "exchanged"  # travels with a meter exchange


class Boundaries(Part):
    def add(self, new: Sequence[Boundary]) -> None:
        """As pending; one that is known already is left as it was."""
        if new:
            values = [{**_values(boundary), "state": LaneState.PENDING, "reason": ""} for boundary in new]
            self._connection.execute(insert(boundaries).on_conflict_do_nothing(), values)

    def pending(self) -> dict[int, list[Boundary]]:
        """Period → its pending readings by point, oldest period first."""
        query = (
            select(boundaries)
            .where(boundaries.c.state == LaneState.PENDING)
            .order_by(boundaries.c.period, boundaries.c.point)
        )
        found: dict[int, list[Boundary]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.period, []).append(_boundary(row))
        return found

    def of_batch(self, batch: int) -> list[Boundary]:
        query = select(boundaries).where(boundaries.c.batch == batch).order_by(boundaries.c.point)
        return [_boundary(row) for row in self._connection.execute(query)]

    def assign(self, batch: int, period: int, points: Iterable[int]) -> None:
        """These readings travel in `batch`."""
        self._set(period, points, state=LaneState.BATCHED, batch=batch, reason="")

    def move(self, period: int, points: Iterable[int], state: LaneState, reason: str = "") -> None:
        """Into another state; a reading that is pending again belongs to no batch."""
        batch = {"batch": None} if state is LaneState.PENDING else {}
        self._set(period, points, state=state, reason=reason, **batch)

    def state_of(self, point: int, period: int) -> LaneState | None:
        query = select(boundaries.c.state).where(boundaries.c.point == point, boundaries.c.period == period)
        found = self._connection.execute(query).scalar_one_or_none()
        return LaneState(found) if found else None

    def find(self, point: int, period: int) -> Boundary | None:
        query = select(boundaries).where(boundaries.c.point == point, boundaries.c.period == period)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _boundary(row)

    def between(self, point: int, first: int, last: int) -> list[Boundary]:
        """A point's readings of these periods, both included, oldest first."""
        chosen = boundaries.c.point == point, boundaries.c.period.between(first, last)
        query = select(boundaries).where(*chosen).order_by(boundaries.c.period)
        return [_boundary(row) for row in self._connection.execute(query)]

    def has_travelled(self, point: int, period: int) -> bool:
        """Whether a batch with this reading is in the chain, whatever became of the reading there."""
        query = select(boundaries.c.batch).where(
            boundaries.c.point == point,
            boundaries.c.period == period,
            boundaries.c.state.in_([LaneState.CONFIRMED, LaneState.SUPERSEDED]),
        )
        return self._connection.execute(query).scalar_one_or_none() is not None

    def has_reason(self, reason: str) -> bool:
        """Whether any reading carries this reason."""
        query = select(boundaries.c.point).where(boundaries.c.reason == reason).limit(1)
        return self._connection.execute(query).first() is not None

    def held(self) -> dict[int, list[int]]:
        """Point → its held periods, oldest first."""
        query = (
            select(boundaries.c.point, boundaries.c.period)
            .where(boundaries.c.state == LaneState.HELD)
            .order_by(boundaries.c.point, boundaries.c.period)
        )
        found: dict[int, list[int]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.point, []).append(row.period)
        return found

    def hold_back(self) -> None:
        """Pending readings behind a held one of their point are held too: the chain would skip them."""
        first = {point: periods[0] for point, periods in self.held().items()}
        for period, readings in self.pending().items():
            points = [it.point for it in readings if period > first.get(it.point, period)]
            if points:
                self.move(period, points, LaneState.HELD, "behind-a-held-one")

    def release(self, point: int | None, state: LaneState) -> int:
        """All of a point's (None: everybody's) readings of a state are pending again; how many there were."""
        where = [boundaries.c.state == state]
        if point is not None:
            where.append(boundaries.c.point == point)
        statement = update(boundaries).where(*where).values(state=LaneState.PENDING, batch=None, reason="")
        return self._connection.execute(statement).rowcount

    def counts(self) -> dict[str, int]:
        """How many readings are in each state."""
        query = select(boundaries.c.state, func.count()).group_by(boundaries.c.state)
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def newest_period(self) -> int | None:
        return self._connection.execute(select(func.max(boundaries.c.period))).scalar_one_or_none()

    def _set(self, period: int, points: Iterable[int], **values: object) -> None:
        chosen = boundaries.c.period == period, boundaries.c.point.in_(list(points))
        self._connection.execute(update(boundaries).where(*chosen).values(**values))


def _values(boundary: Boundary) -> dict[str, int]:
    return {
        "point": boundary.point,
        "period": boundary.period,
        "import_wh": boundary.import_wh,
        "export_wh": boundary.export_wh,
        "quality": int(boundary.quality),
        "polled_before": boundary.polled_before,
        "polled_after": boundary.polled_after,
    }


def _boundary(row: Row[tuple[object, ...]]) -> Boundary:
    names = ("point", "period", "import_wh", "export_wh")
    return Boundary(
        **{name: row._mapping[name] for name in names},
        quality=Quality(row._mapping["quality"]),
        polled_before=row._mapping["polled_before"],
        polled_after=row._mapping["polled_after"],
    )
