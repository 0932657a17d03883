# SPDX-License-Identifier: MIT
"""Totals of a grid area, only where at least five members are in each of them."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, select

from api.amounts import energy
from api.reads.energy import latest
from api.tables.book import tops, trades
from api.tables.metering import energies
from api.tables.money import area_settlements
from wattbook.calendar import Calendar
from wattbook.ids import pack_account, pack_market

FEWEST = 5


def community_periods(
    connection: Connection, calendar: Calendar, area: int, carrier: int, periods: range
) -> list[dict[str, Any]]:
    """One row a period, earliest first."""
    metered = _metered(connection, area, carrier, periods)
    traded = _traded(connection, area, carrier, periods)
    settled = _settled(connection, area, carrier)
    rows = []
    for period in periods:
        members, import_wh, export_wh = metered.get(period, (0, 0, 0))
        traders, volume = traded.get(period, (0, 0))
        shown = members >= FEWEST
        rows.append(
            {
                "period": period,
                "starts_at": calendar.starts_at(period),
                "members": members,
                **energy("import", import_wh if shown else None),
                **energy("export", export_wh if shown else None),
                **energy("traded", volume if traders >= FEWEST else None),
                "final": period in settled,
            }
        )
    return rows


def _metered(
    connection: Connection, area: int, carrier: int, periods: range
) -> dict[int, tuple[int, int, int]]:
    """Members, import and export by period."""
    query = latest(
        energies.c.carrier == carrier,
        energies.c.period >= periods.start,
        energies.c.period < periods.stop,
        energies.c.account.between(pack_account(area, 1), pack_account(area, 0xFFFF)),
    )
    by_period: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        by_period[row.period].append(row)
    return {
        period: (
            len({row.account for row in rows}),
            sum(row.import_wh for row in rows),
            sum(row.export_wh for row in rows),
        )
        for period, rows in by_period.items()
    }


def _traded(connection: Connection, area: int, carrier: int, periods: range) -> dict[int, tuple[int, int]]:
    """Members who traded, and the energy, by period."""
    first, last = pack_market(area, carrier, periods.start), pack_market(area, carrier, periods.stop)
    volumes = select(tops.c.market, tops.c.volume_wh).where(tops.c.market >= first, tops.c.market < last)
    sides = select(trades.c.market, trades.c.buyer, trades.c.seller).where(
        trades.c.market >= first, trades.c.market < last
    )
    members: dict[int, set[int]] = defaultdict(set)
    for market, buyer, seller in connection.execute(sides):
        members[market] |= {buyer, seller}
    return {
        market & 0xFFFF_FFFF: (len(members[market]), volume) for market, volume in connection.execute(volumes)
    }


def _settled(connection: Connection, area: int, carrier: int) -> set[int]:
    query = select(area_settlements.c.period).where(
        area_settlements.c.area == area, area_settlements.c.carrier == carrier
    )
    return set(connection.scalars(query))
