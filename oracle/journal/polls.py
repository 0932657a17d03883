# SPDX-License-Identifier: MIT
"""Polls in the journal: raw words and what was made of them."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.sqlite import insert

from oracle.journal.part import Part
from oracle.journal.tables import polls
from oracle.readings import Poll
from oracle.validate.flags import Flag


class Polls(Part):
    def add(self, new: Sequence[Poll]) -> None:
        """Polls of an instant that is in the journal already are left as they were."""
        if new:
            self._connection.execute(insert(polls).on_conflict_do_nothing(), [_values(poll) for poll in new])

    def newest_usable(self) -> dict[int, Poll]:
        """The last poll of every point that can be believed."""
        newest = (
            select(polls.c.point, func.max(polls.c.at).label("at"))
            .where(polls.c.usable)
            .group_by(polls.c.point)
            .subquery()
        )
        query = select(polls).join(newest, (polls.c.point == newest.c.point) & (polls.c.at == newest.c.at))
        return {row.point: _poll(row) for row in self._connection.execute(query)}

    def at(self, point: int, instants: Sequence[int]) -> list[Poll]:
        """A point's polls of these instants, oldest first."""
        query = select(polls).where(polls.c.point == point, polls.c.at.in_(instants)).order_by(polls.c.at)
        return [_poll(row) for row in self._connection.execute(query)]

    def count(self) -> int:
        return int(self._connection.execute(select(func.count()).select_from(polls)).scalar_one())


def _values(poll: Poll) -> dict[str, object]:
    return {**asdict(poll), "flags": int(poll.flags), "usable": poll.usable}


def _poll(row: Row[tuple[object, ...]]) -> Poll:
    values = dict(row._mapping)
    del values["id"], values["usable"]
    return Poll(**{**values, "flags": Flag(values["flags"])})
