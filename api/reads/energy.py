# SPDX-License-Identifier: MIT
"""Energy of metering points by period: personal data, for the account's owner or in sums of five and more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select, tuple_

from api import paging
from api.amounts import energy
from api.reads.accounts import points_of
from api.tables.metering import disputes, energies
from wattbook.calendar import Calendar
from wattbook.typeddata import Quality

_FINAL_AT_ONCE = (Quality.SUBSTITUTED, Quality.DEFAULTED)


@dataclass
class Metered:
    """Sums of one period, in Wh. `complete`: all points are known; `final`: no reading can change."""

    import_wh: int = 0
    export_wh: int = 0
    complete: bool = True
    final: bool = True


def latest(*conditions: Any) -> Select[Any]:
    """The row that holds, of each (point, period) that meets the conditions."""
    newest = (energies.c.block_number.desc(), energies.c.log_index.desc(), energies.c.part.desc())
    place = func.row_number().over(partition_by=(energies.c.point, energies.c.period), order_by=newest)
    ranked = select(energies, place.label("place")).where(*conditions).subquery()
    return select(ranked).where(ranked.c.place == 1)


class Readings:
    """One moment's view; `now` in UTC seconds."""

    def __init__(self, connection: Connection, calendar: Calendar, now: int) -> None:
        self._connection = connection
        self._calendar = calendar
        self._now = now

    def page(
        self, account: int, carrier: int, point: int | None, periods: range, limit: int, cursor: str | None
    ) -> dict[str, Any]:
        """An account's energies, newest period first."""
        rows = latest(*_of_account(account, carrier, periods)).subquery()
        query = select(rows).order_by(rows.c.period.desc(), rows.c.point.desc()).limit(limit + 1)
        if point is not None:
            query = query.where(rows.c.point == point)
        before = paging.decode_cursor(cursor, 2)
        if before is not None:
            query = query.where(tuple_(rows.c.period, rows.c.point) < before)
        found = self._connection.execute(query).all()
        page = paging.cut(found, limit, lambda row: (row.period, row.point))
        disputed = self._disputed(page["items"])
        items = [self._describe(row, disputed) for row in page["items"]]
        return {"items": items, "next": page["next"]}

    def metered(self, account: int, carrier: int, periods: range) -> dict[int, Metered]:
        """Sums of all the account's points, of the periods that have a reading or take none."""
        rows = self._connection.execute(latest(*_of_account(account, carrier, periods))).all()
        by_period: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            by_period[row.period].append(row)
        points = [row for row in points_of(self._connection, account) if row.carrier == carrier]
        disputed = self._disputed(rows)
        return {period: self._sum(period, found, points, disputed) for period, found in by_period.items()}

    def _sum(
        self, period: int, rows: Sequence[Any], points: Sequence[Any], disputed: set[tuple[int, int]]
    ) -> Metered:
        expected = {row.point for row in points if row.first_period <= period}
        complete = expected <= {row.point for row in rows}
        return Metered(
            import_wh=sum(row.import_wh for row in rows),
            export_wh=sum(row.export_wh for row in rows),
            complete=complete,
            final=complete and all(self._is_final(row, disputed) for row in rows),
        )

    def _is_final(self, row: Any, disputed: set[tuple[int, int]]) -> bool:
        if (row.point, row.period) in disputed:
            return False
        # The boundary before belongs to an energy between two registers only.
        if row.quality not in _FINAL_AT_ONCE and (row.point, row.period - 1) in disputed:
            return False
        return row.quality in _FINAL_AT_ONCE or self._now >= self._calendar.final_at(row.period)

    def _disputed(self, rows: Sequence[Any]) -> set[tuple[int, int]]:
        """(point, period) of the readings that are disputed now; both periods at a boundary wait for it."""
        keys = [(row.point, period) for row in rows for period in (row.period - 1, row.period)]
        query = select(disputes).where(tuple_(disputes.c.point, disputes.c.period).in_(keys))
        rows_ = self._connection.execute(query.order_by(disputes.c.block_number, disputes.c.log_index))
        now = {(row.point, row.period): row.disputed for row in rows_}
        return {key for key, disputed in now.items() if disputed}

    def _describe(self, row: Any, disputed: set[tuple[int, int]]) -> dict[str, Any]:
        return {
            "point": row.point,
            "period": row.period,
            "starts_at": self._calendar.starts_at(row.period),
            **energy("import", row.import_wh),
            **energy("export", row.export_wh),
            "quality": Quality(row.quality).name.lower(),
            "disputed": (row.point, row.period) in disputed,
            "final": self._is_final(row, disputed),
        }


def _of_account(account: int, carrier: int, periods: range) -> tuple[Any, ...]:
    return (
        energies.c.account == account,
        energies.c.carrier == carrier,
        energies.c.period >= periods.start,
        energies.c.period < periods.stop,
    )
