# SPDX-License-Identifier: MIT
"""Markets as they are listed: terms, times, state and the book's top."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from api import paging
from api.amounts import energy, price
from api.errors import MarketUnknown, RequestInvalid
from api.reads.terms import Fates, Schedule
from api.tables.book import tops
from wattbook.calendar import Calendar
from wattbook.ids import unpack_market

LONGEST_RANGE = 20_000

Row = dict[str, Any]


class Markets:
    """One moment's view; `now` in UTC seconds, `venue` is the order book's address."""

    def __init__(self, connection: Connection, calendar: Calendar, venue: str, now: int) -> None:
        self._connection = connection
        self._calendar = calendar
        self._now = now
        self.schedule = Schedule(connection)
        self.fates = Fates(connection, calendar, venue, now)

    def one(self, market: int) -> Row:
        """Raises MarketUnknown where no terms are scheduled."""
        if self.schedule.at(*unpack_market(market)) is None:
            raise MarketUnknown(market=market)
        return self._describe([market])[0]

    def page(
        self,
        area: int | None,
        carrier: int | None,
        periods: range,
        state: str | None,
        limit: int,
        cursor: str | None,
    ) -> Row:
        """One page, earliest period first."""
        if len(periods) > LONGEST_RANGE:
            raise RequestInvalid(reason=f"a range holds at most {LONGEST_RANGE} periods")
        after = paging.decode_cursor(cursor, 3) or (-1, -1, -1)
        found: list[int] = []
        books = self.schedule.books(area, carrier)
        start = max(periods.start, after[0])
        for market in self.schedule.markets(books, range(start, periods.stop)):
            if _key(market) > after and (state is None or self.fates.state(market) == state):
                found.append(market)
            if len(found) > limit:
                break
        page = paging.cut(found, limit, _key)
        return {"items": self._describe(page["items"]), "next": page["next"]}

    def open_now(self, area: int | None, carrier: int | None) -> list[Row]:
        """Open markets, earliest first."""
        books = self.schedule.books(area, carrier)
        markets = self.schedule.markets(books, self._calendar.open_periods(self._now))
        return self._describe([market for market in markets if self.fates.state(market) == "open"])

    def default_periods(self, first: int | None, last: int | None) -> range:
        """From now's period to the last one open, unless said otherwise; both ends included."""
        open_periods = self._calendar.open_periods(self._now)
        start = self._calendar.period_of(self._now) if first is None else first
        stop = open_periods.stop if last is None else last + 1
        return range(start, max(stop, start))

    def day(self, day: str, area: int, carrier: int) -> list[Row]:
        """Prices of a UTC day's periods. Raises RequestInvalid."""
        try:
            start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            raise RequestInvalid(reason=f"{day!r} is not a day such as 2026-06-21") from None
        stop = start + timedelta(days=1)
        seconds = self._calendar.period_seconds
        periods = range(-(-int(start.timestamp()) // seconds), -(-int(stop.timestamp()) // seconds))
        markets = list(self.schedule.markets([(area, carrier)], periods))
        found = self._tops(markets)
        return [self._day_row(market, found.get(market, {})) for market in markets]

    def _day_row(self, market: int, top: Row) -> Row:
        place = unpack_market(market)
        terms = self.schedule.at(*place)
        return {
            "market": market,
            "period": place.period,
            "starts_at": self._calendar.starts_at(place.period),
            "trades": top.get("trades", 0),
            **energy("volume", top.get("volume_wh", 0)),
            **price("average_price", average(top)),
            **price("low", top.get("low")),
            **price("high", top.get("high")),
            **price("retail", terms.retail_ticks),
            **price("feed_in", terms.feed_in_ticks),
        }

    def _tops(self, markets: Sequence[int]) -> dict[int, Row]:
        query = select(tops).where(tops.c.market.in_(markets))
        return {row["market"]: dict(row) for row in self._connection.execute(query).mappings()}

    def _describe(self, markets: Sequence[int]) -> list[Row]:
        found = self._tops(markets)
        return [self._row(market, found.get(market)) for market in markets]

    def _row(self, market: int, top: Row | None) -> Row:
        place, times = unpack_market(market), self._calendar
        terms = self.schedule.at(*place)
        return {
            "market": market,
            "area": place.area,
            "carrier": place.carrier,
            "period": place.period,
            "state": self.fates.state(market),
            "opened": top is not None,
            "halted": self.fates.is_halted(market),
            "opens_at": times.opens_at(place.period),
            "gate_at": times.gate_at(place.period),
            "starts_at": times.starts_at(place.period),
            "ends_at": times.ends_at(place.period),
            "final_at": times.final_at(place.period),
            **price("retail", terms.retail_ticks),
            **price("feed_in", terms.feed_in_ticks),
            **price("levy_buy", terms.levy_buy_ticks),
            **price("levy_sell", terms.levy_sell_ticks),
            **quote(top or {}),
            **price("average_price", average(top or {})),
            "trades": (top or {}).get("trades", 0),
        }


def quote(top: Row) -> Row:
    """Best prices, last price and volume of a row of `tops`; an empty one means nothing happened."""
    return {
        **price("best_bid", top.get("best_bid")),
        **price("best_offer", top.get("best_offer")),
        **price("last_price", top.get("last_price")),
        **energy("volume", top.get("volume_wh", 0)),
    }


def average(top: Row) -> int | None:
    """Volume-weighted price, rounded down."""
    volume = top.get("volume_wh", 0)
    return top["value"] // volume if volume else None


def _key(market: int) -> tuple[int, int, int]:
    place = unpack_market(market)
    return place.period, place.area, place.carrier
