# SPDX-License-Identifier: MIT
"""Load curves and statements: for the account's owner only."""

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic.alias_generators import to_camel
from sqlalchemy import Connection

from api.amounts import energy
from api.auth import OwnAccount
from api.context import Context, Ctx
from api.paging import Cursor, Limit
from api.reads.accounts import describe_point, points_of
from api.reads.energy import Metered, Readings
from api.reads.figures import Traded
from api.reads.statements import Statements
from api.routes.markets import FromPeriod, Period, last_periods
from api.routes.own import OWNER
from api.schemas.account import EnergyPeriod, Point, Reading, Statement, StatementRow
from api.schemas.base import ListOf, PageOf

router = APIRouter(prefix="/v1/accounts/{account}", tags=["metering"])

Carrier = Annotated[int, Query(ge=0, le=0xFF)]
_EVERYTHING = range(1 << 32)


@router.get("/points", summary="One's metering points", response_model=ListOf[Point], responses=OWNER)
def points(ctx: Ctx, account: OwnAccount) -> dict[str, Any]:
    """In order of registration."""
    with ctx.index() as connection:
        return {"items": [describe_point(row) for row in points_of(connection, account)]}


@router.get("/readings", summary="Energy a point and period", response_model=PageOf[Reading], responses=OWNER)
def readings(
    ctx: Ctx,
    account: OwnAccount,
    point: Annotated[int | None, Query(ge=1, le=0xFFFFFF)] = None,
    carrier: Carrier = 0,
    first: FromPeriod = None,
    to: Period = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Newest period first."""
    stop = _EVERYTHING.stop if to is None else to + 1
    with ctx.index() as connection:
        found = Readings(connection, ctx.calendar, ctx.now())
        return found.page(account, carrier, point, range(first or 0, stop), limit, cursor)


@router.get("/energy", summary="Metered beside traded", response_model=ListOf[EnergyPeriod], responses=OWNER)
def energy_by_period(
    ctx: Ctx, account: OwnAccount, carrier: Carrier = 0, first: FromPeriod = None, to: Period = None
) -> dict[str, Any]:
    """All points together, earliest first; the last 96 periods unless said otherwise."""
    periods = last_periods(ctx, first, to)
    with ctx.index() as connection:
        metered = Readings(connection, ctx.calendar, ctx.now()).metered(account, carrier, periods)
        traded = _statements(ctx, connection, account, carrier).traded(periods)
    return {"items": [_energy_row(ctx, p, metered.get(p), traded.get(p, Traded())) for p in periods]}


def _energy_row(ctx: Context, period: int, metered: Metered | None, traded: Traded) -> dict[str, Any]:
    return {
        "period": period,
        "starts_at": ctx.calendar.starts_at(period),
        **energy("import", metered.import_wh if metered else None),
        **energy("export", metered.export_wh if metered else None),
        **energy("bought", traded.bought_wh),
        **energy("sold", traded.sold_wh),
        "final": metered is not None and metered.final,
    }


def _statements(ctx: Context, connection: Connection, account: int, carrier: int) -> Statements:
    return Statements(connection, ctx.calendar, ctx.venue, ctx.now(), account, carrier)


@router.get("/settlements", summary="Settled periods", response_model=PageOf[StatementRow], responses=OWNER)
def settlements(
    ctx: Ctx, account: OwnAccount, carrier: Carrier = 0, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Newest first."""
    with ctx.index() as connection:
        return _statements(ctx, connection, account, carrier).page(limit, cursor)


@router.get("/statement", summary="Statement of a range", response_model=Statement, responses=OWNER)
def statement(
    ctx: Ctx, account: OwnAccount, carrier: Carrier = 0, first: FromPeriod = None, to: Period = None
) -> dict[str, Any]:
    """A row a period in which anything happened, and the totals."""
    with ctx.index() as connection:
        return _statements(ctx, connection, account, carrier).whole(first, to)


@router.get("/statement.csv", summary="The same as CSV", response_class=Response, responses=OWNER)
def statement_csv(
    ctx: Ctx, account: OwnAccount, carrier: Carrier = 0, first: FromPeriod = None, to: Period = None
) -> Response:
    """Equal runs give equal bytes."""
    with ctx.index() as connection:
        found = _statements(ctx, connection, account, carrier).whole(first, to)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="statement-{account}.csv"',
    }
    return Response(_as_csv(found), media_type="text/csv; charset=utf-8", headers=headers)


def _as_csv(found: dict[str, Any]) -> str:
    amounts = list(found["totals"])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["period", "kind", "startsAt", "state", *(to_camel(name) for name in amounts)])
    for row in found["rows"]:
        writer.writerow([row[name] for name in ("period", "kind", "starts_at", "state", *amounts)])
    writer.writerow(["total", "", "", "", *(found["totals"][name] for name in amounts)])
    return text.getvalue()
