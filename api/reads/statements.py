# SPDX-License-Identifier: MIT
"""An account's statement: a row a period, by the formula of design section 7.

    cash = received − paid + (imbalance ≥ 0 ? imbalance × feed-in : imbalance × retail)

with fees inside paid and received. `backstop only`: what the same metering comes to without any trade.
`unsettled`: what a correction still brings once it is settled. A residual has a row of its own, at its last
period.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select

from api import paging
from api.errors import RequestInvalid
from api.reads.energy import Metered, Readings
from api.reads.figures import Figures, Traded, at_tariff, sum_of
from api.reads.residuals import residuals_of
from api.reads.terms import Fates, Schedule
from api.tables.book import trades
from api.tables.metering import energies
from api.tables.money import (
    certificates,
    lowered_locks,
    positions,
    residuals,
    set_asides,
    settlements,
)
from wattbook.calendar import Calendar
from wattbook.ids import pack_market, unpack_account

LONGEST = 20_000


class Settled(NamedTuple):
    """What an account's period was settled with. Energies in Wh, what was paid and owed in cash units."""

    import_wh: int
    export_wh: int
    payout: int
    debt_added: int
    corrected: bool


class Statements:
    """One moment's view of an account and a carrier; `now` in UTC seconds, `venue` is the order book."""

    def __init__(
        self, connection: Connection, calendar: Calendar, venue: str, now: int, account: int, carrier: int
    ) -> None:
        self._connection = connection
        self._calendar = calendar
        self._account = account
        self._carrier = carrier
        self._schedule = Schedule(connection)
        self._fates = Fates(connection, calendar, venue, now)
        self._readings = Readings(connection, calendar, now)

    def page(self, limit: int, cursor: str | None) -> dict[str, Any]:
        """Settled periods, newest first."""
        query = (
            select(settlements.c.period)
            .distinct()
            .where(settlements.c.account == self._account, settlements.c.carrier == self._carrier)
            .order_by(settlements.c.period.desc())
            .limit(limit + 1)
        )
        before = paging.decode_cursor(cursor, 1)
        if before is not None:
            query = query.where(settlements.c.period < before[0])
        page = paging.cut(list(self._connection.scalars(query)), limit, lambda period: (period,))
        periods = page["items"]
        rows = self._rows(range(periods[-1], periods[0] + 1)) if periods else []
        wanted = set(periods)
        return {
            "items": [row for row, _ in reversed(rows) if row["period"] in wanted],
            "next": page["next"],
        }

    def whole(self, first: int | None, last: int | None) -> dict[str, Any]:
        """All periods of a range in which anything happened, and their sums. Raises RequestInvalid."""
        periods = self._range(first, last)
        if len(periods) > LONGEST:
            raise RequestInvalid(reason=f"a statement holds at most {LONGEST} periods")
        rows = self._rows(periods)
        return {
            "account": self._account,
            "carrier": self._carrier,
            "first": periods.start,
            "to": max(periods.stop - 1, periods.start),
            "rows": [row for row, _ in rows],
            "totals": sum_of(figures for _, figures in rows).amounts(),
        }

    def traded(self, periods: range) -> dict[int, Traded]:
        """What the account bought and sold; markets that were voided are left out."""
        area = unpack_account(self._account).area
        first = pack_market(area, self._carrier, periods.start)
        stop = pack_market(area, self._carrier, periods.stop)
        query = select(trades).where(
            or_(trades.c.buyer == self._account, trades.c.seller == self._account),
            trades.c.market >= first,
            trades.c.market < stop,
        )
        found: dict[int, Traded] = defaultdict(Traded)
        for row in self._connection.execute(query):
            if not self._fates.is_void(row.market):
                self._add(found[row.market & 0xFFFF_FFFF], row)
        return found

    def _add(self, sums: Traded, row: Any) -> None:
        if row.buyer == self._account:
            sums.bought_wh += row.energy_wh
            sums.paid += row.energy_wh * (row.tick + row.buyer_fee_ticks)
        else:
            sums.sold_wh += row.energy_wh
            sums.received += row.energy_wh * (row.tick - row.seller_fee_ticks)

    def _range(self, first: int | None, last: int | None) -> range:
        """The given range, its open ends where the account's first and last figures are."""
        period = trades.c.market.op("&")(0xFFFF_FFFF)
        mine = or_(trades.c.buyer == self._account, trades.c.seller == self._account)
        bounds: list[int] = []
        for query in (
            select(func.min(period), func.max(period)).where(mine),
            select(func.min(energies.c.period), func.max(energies.c.period)).where(
                energies.c.account == self._account
            ),
            select(func.min(settlements.c.period), func.max(settlements.c.period)).where(
                settlements.c.account == self._account
            ),
            select(func.min(residuals.c.last_period), func.max(residuals.c.last_period)).where(
                residuals.c.account == self._account
            ),
        ):
            bounds += [value for value in self._connection.execute(query).one() if value is not None]
        start = first if first is not None else min(bounds, default=0)
        end = last if last is not None else max(bounds, default=start - 1)
        return range(start, max(end + 1, start))

    def _rows(self, periods: range) -> list[tuple[dict[str, Any], Figures]]:
        traded = self.traded(periods)
        metered = self._readings.metered(self._account, self._carrier, periods)
        settled = self._settled(periods)
        handed: dict[int, int] = defaultdict(int)
        for row in self._of_periods(certificates, periods):
            handed[row.period] += row.energy_wh
        happened = sorted({*traded, *metered, *settled})
        rows = [
            self._row(period, traded.get(period, Traded()), metered.get(period), settled.get(period), handed)
            for period in happened
        ]
        late = residuals_of(self._connection, self._account, self._carrier, periods)
        rows += [self._residual_row(row) for row in late]
        return sorted(rows, key=lambda row: row[0]["period"])

    def _of_periods(self, table: Any, periods: range) -> Iterable[Any]:
        return self._connection.execute(
            select(table)
            .where(
                table.c.account == self._account,
                table.c.carrier == self._carrier,
                table.c.period >= periods.start,
                table.c.period < periods.stop,
            )
            .order_by(table.c.block_number, table.c.log_index, table.c.part)
        )

    def _settled(self, periods: range) -> dict[int, Settled]:
        """Corrections settle a period anew: the newest energies count, debts add up."""
        found: dict[int, Settled] = {}
        for row in self._of_periods(settlements, periods):
            before = found.get(row.period)
            debt = row.debt_added + (before.debt_added if before else 0)
            found[row.period] = Settled(row.import_wh, row.export_wh, row.payout, debt, before is not None)
        return found

    def _row(
        self,
        period: int,
        traded: Traded,
        metered: Metered | None,
        settled: Settled | None,
        handed: Mapping[int, int],
    ) -> tuple[dict[str, Any], Figures]:
        figures = Figures(
            bought_wh=traded.bought_wh,
            sold_wh=traded.sold_wh,
            paid=traded.paid,
            received=traded.received,
            certificates_wh=handed.get(period, 0),
        )
        state = "traded"
        if settled is not None:
            state = "corrected" if settled.corrected else "settled"
            self._meter(figures, traded, period, settled.import_wh, settled.export_wh)
            figures.debt = settled.debt_added
            self._wait(figures, traded, period, metered, settled)
        elif metered is not None and metered.complete:
            state = "metered"
            self._meter(figures, traded, period, metered.import_wh, metered.export_wh)
        starts_at = self._calendar.starts_at(period)
        head = {"kind": "period", "period": period, "starts_at": starts_at, "state": state}
        return head | figures.amounts(), figures

    def _residual_row(self, row: Any) -> tuple[dict[str, Any], Figures]:
        """Its time is when its first period began."""
        figures = Figures(import_wh=row.import_wh, export_wh=row.export_wh)
        figures.imbalance_wh = row.export_wh - row.import_wh
        if row.payout is not None:
            cash = row.payout - row.debt_added
            figures.imbalance = figures.cash = figures.backstop_only = cash
            figures.saved, figures.unsettled, figures.debt = 0, 0, row.debt_added
        starts_at = self._calendar.starts_at(row.first_period)
        state = "metered" if row.payout is None else "settled"
        head = {"kind": "residual", "period": row.last_period, "starts_at": starts_at, "state": state}
        return head | figures.amounts(), figures

    def _wait(
        self, figures: Figures, traded: Traded, period: int, metered: Metered | None, settled: Settled
    ) -> None:
        """What the newest readings are worth beyond what was settled, and a surplus that nobody could pay."""
        if self._is_unpaid(figures, period, settled):
            figures.imbalance, figures.cash = 0, traded.received - traded.paid
            figures.saved = figures.cash - (figures.backstop_only or 0)
        terms = self._schedule.at(unpack_account(self._account).area, self._carrier, period)
        known = metered if metered is not None and metered.complete else settled
        net = known.export_wh - known.import_wh
        due = at_tariff(net - traded.sold_wh + traded.bought_wh, terms)
        figures.unsettled = due - (figures.imbalance or 0)

    def _is_unpaid(self, figures: Figures, period: int, settled: Settled) -> bool:
        """Whether the account was set aside with its surplus unpaid: its payout is what it received alone."""
        if settled.corrected or not figures.imbalance or figures.imbalance < 0:
            return False
        if not list(self._of_periods(set_asides, range(period, period + 1))):
            return False
        returned = self._position(positions.c.locked, period) - self._position(lowered_locks.c.amount, period)
        return settled.payout == self._position(positions.c.received, period) + returned

    def _position(self, column: Any, period: int) -> int:
        """A column's sum over the account's position of a period."""
        it = column.table.c
        where = (it.account == self._account, it.carrier == self._carrier, it.period == period)
        total = select(func.coalesce(func.sum(column), 0)).where(*where)
        return int(self._connection.execute(total).scalar_one())

    def _meter(self, figures: Figures, traded: Traded, period: int, import_wh: int, export_wh: int) -> None:
        terms = self._schedule.at(unpack_account(self._account).area, self._carrier, period)
        figures.import_wh, figures.export_wh = import_wh, export_wh
        figures.imbalance_wh = export_wh - import_wh - traded.sold_wh + traded.bought_wh
        figures.imbalance = at_tariff(figures.imbalance_wh, terms)
        figures.cash = traded.received - traded.paid + figures.imbalance
        figures.backstop_only = at_tariff(export_wh - import_wh, terms)
        figures.saved = figures.cash - figures.backstop_only
