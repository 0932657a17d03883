# SPDX-License-Identifier: MIT
"""The schedule of frozen terms, and what has happened to markets as a whole."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from api.tables import chain
from api.tables.money import area_settlements
from wattbook.calendar import Calendar
from wattbook.ids import pack_market, unpack_market

STATES = ("upcoming", "open", "gateClosed", "delivering", "metering", "settled", "void")


class Schedule:
    """Terms of (area, carrier) by period; the latest entry not above a period holds."""

    def __init__(self, connection: Connection) -> None:
        terms = chain.terms
        query = select(terms).order_by(terms.c.from_period, terms.c.block_number, terms.c.log_index)
        self._entries: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for row in connection.execute(query):
            self._entries[row.area, row.carrier].append(row)

    def at(self, area: int, carrier: int, period: int) -> Any:
        """The row of terms, or None where none is scheduled."""
        entries = self._entries.get((area, carrier), [])
        place = bisect_right(entries, period, key=lambda row: row.from_period)
        return entries[place - 1] if place else None

    def books(self, area: int | None = None, carrier: int | None = None) -> list[tuple[int, int]]:
        """The (area, carrier) that have terms, of all or of some."""
        return [
            book
            for book in sorted(self._entries)
            if (area is None or book[0] == area) and (carrier is None or book[1] == carrier)
        ]

    def markets(self, books: Iterable[tuple[int, int]], periods: Iterable[int]) -> Iterator[int]:
        """Markets that have terms, by period, area, carrier."""
        for period in periods:
            for area, carrier in books:
                if self.at(area, carrier, period) is not None:
                    yield pack_market(area, carrier, period)


def network_fee(connection: Connection, home: int, market: int) -> int:
    """What accounts of area `home` pay a Wh in a market, its levies apart; 0 also if it isn't connected."""
    place, it = unpack_market(market), chain.connections.c
    if home == place.area:
        return 0
    query = (
        select(it.fee_ticks)
        .where(it.source == home, it.target == place.area, it.carrier == place.carrier)
        .where(it.from_period <= place.period)
        .order_by(it.from_period.desc(), it.block_number.desc(), it.log_index.desc())
    )
    return connection.execute(query.limit(1)).scalar() or 0


class Fates:
    """Which markets are settled or void, which books are halted."""

    def __init__(self, connection: Connection, calendar: Calendar, venue: str, now: int) -> None:
        self._calendar = calendar
        self._now = now
        settled = area_settlements.c
        rows = connection.execute(select(settled.area, settled.carrier, settled.period))
        self._settled = {pack_market(*row) for row in rows}
        voids = select(chain.voids.c.market).where(chain.voids.c.venue == venue)
        self._void = set(connection.scalars(voids))
        halts = chain.halts.c
        query = (
            select(halts.area, halts.carrier, halts.until)
            .where(halts.venue == venue)
            .order_by(halts.block_number, halts.log_index)
        )
        self._halted = {(row.area, row.carrier): row.until for row in connection.execute(query)}

    def state(self, market: int) -> str:
        """One of STATES."""
        if market in self._void:
            return "void"
        period = unpack_market(market).period
        times = self._calendar
        for state, until in (
            ("upcoming", times.opens_at(period)),
            ("open", times.gate_at(period)),
            ("gateClosed", times.starts_at(period)),
            ("delivering", times.ends_at(period)),
        ):
            if self._now < until:
                return state
        return "settled" if market in self._settled else "metering"

    def is_void(self, market: int) -> bool:
        return market in self._void

    def is_halted(self, market: int) -> bool:
        place = unpack_market(market)
        return bool(self._halted.get((place.area, place.carrier), 0) > self._now)
