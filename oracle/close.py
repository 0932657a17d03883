# SPDX-License-Identifier: MIT
"""Closes periods: new polls become boundary readings, both journalled in one synced step.

Each pair of neighbouring usable polls yields the period ends between them, exactly once: so an outage of any
length is caught up by the first poll after it, consecutively and `estimated`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from oracle.boundary import boundaries_between
from oracle.journal import Boundaries, Database, Polls
from oracle.journal.exchanges import Exchanges
from oracle.points import Point
from oracle.readings import Boundary, Poll
from oracle.validate.flags import names_of
from oracle.validate.review import DAY_SECONDS, ends_day, review_day
from wattbook import logs
from wattbook.calendar import Calendar
from wattbook.typeddata import Quality

log = logs.get_logger()


class Closer:
    """Holds each point's last usable poll; the journal holds it too, for the next start."""

    def __init__(self, points: Sequence[Point], calendar: Calendar, database: Database) -> None:
        self._points = {point.point: point for point in points}
        self._calendar = calendar
        self._database = database
        with database.read() as connection:
            self._newest = Polls(connection).newest_usable()

    @property
    def newest(self) -> Mapping[int, Poll]:
        """Point → its last usable poll."""
        return self._newest

    def take(self, polls: Sequence[Poll]) -> list[Boundary]:
        """Journals polls and the readings that they complete; answers the readings."""
        usable = [poll for poll in polls if poll.usable]
        closed = [boundary for poll in usable for boundary in self._closed_by(poll)]
        with self._database.write() as connection:
            Polls(connection).add(polls)
            Boundaries(connection).add(closed)
            Exchanges(connection).claim(closed)
        self._newest |= {poll.point: poll for poll in usable}
        self._review(closed)
        return closed

    def _review(self, closed: Sequence[Boundary]) -> None:
        """Says what is odd about each point's day that is over."""
        seconds = self._calendar.period_seconds
        for last in (it for it in closed if ends_day(it.period, seconds)):
            with self._database.read() as connection:
                start = last.period - DAY_SECONDS // seconds
                day = Boundaries(connection).between(last.point, start, last.period)
            if flags := review_day(day, seconds):
                log.warning("day looks odd", point=last.point, period=last.period, flags=names_of(flags))

    def _closed_by(self, poll: Poll) -> list[Boundary]:
        point, before = self._points[poll.point], self._newest.get(poll.point)
        if before is not None:
            return list(boundaries_between(before, poll, point.first_period, self._calendar))
        if poll.at < self._calendar.starts_at(point.first_period):
            return []
        return list(first_boundaries(point, poll, self._calendar))


def first_boundaries(point: Point, poll: Poll, calendar: Calendar) -> list[Boundary]:
    """The readings of a point whose first poll comes after its first period began.

    Its base is what was noted at commissioning, or else this poll: energy before it is then nobody's.
    """
    base = replace(
        poll,
        at=calendar.starts_at(point.first_period),
        import_wh=poll.import_wh if point.base_import_wh is None else point.base_import_wh,
        export_wh=poll.export_wh if point.base_export_wh is None else point.base_export_wh,
        import_ahead_mws=0,
        export_ahead_mws=0,
    )
    registers = (base.import_wh, base.export_wh)
    first = Boundary(point.point, point.first_period - 1, *registers, Quality.BASE, base.at, poll.at)
    return [first, *boundaries_between(base, poll, point.first_period, calendar)]
