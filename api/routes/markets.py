# SPDX-License-Identifier: MIT
"""Markets, books, trades, prices: public, and no account is named."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import Connection

from api.context import Context, Ctx
from api.paging import Cursor, Limit
from api.reads import trades as reads
from api.reads.blocks import indexed_block
from api.reads.community import community_periods
from api.reads.markets import Markets
from api.routes import problems
from api.schemas.base import ListOf, PageOf
from api.schemas.market import Candles, CommunityPeriod, Day, Depth, Market, MarketState, Ticker, Trade

router = APIRouter(prefix="/v1", tags=["markets"])

MarketId = Annotated[int, Path(ge=0, le=(1 << 48) - 1)]
Area = Annotated[int, Query(ge=0, le=0xFF)]
Carrier = Annotated[int, Query(ge=0, le=0xFF)]
Period = Annotated[int | None, Query(ge=0, le=0xFFFF_FFFF)]
FromPeriod = Annotated[int | None, Query(alias="from", ge=0, le=0xFFFF_FFFF)]
UNKNOWN = problems(s404="market-unknown")


def _markets(ctx: Context, connection: Connection) -> Markets:
    return Markets(connection, ctx.calendar, ctx.venue, ctx.now())


@router.get("/markets", summary="Markets, earliest period first", response_model=PageOf[Market])
def markets(
    ctx: Ctx,
    area: Annotated[int | None, Query(ge=0, le=0xFF)] = None,
    carrier: Annotated[int | None, Query(ge=0, le=0xFF)] = None,
    first: FromPeriod = None,
    to: Period = None,
    state: MarketState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Periods nobody traded are listed too; from now's period to the last open one unless said otherwise."""
    with ctx.index() as connection:
        found = _markets(ctx, connection)
        return found.page(area, carrier, found.default_periods(first, to), state, limit, cursor)


@router.get("/markets/{market}", summary="One market", response_model=Market, responses=UNKNOWN)
def market(ctx: Ctx, market: MarketId) -> dict[str, Any]:
    """Terms, times, state and the book's top."""
    with ctx.index() as connection:
        return _markets(ctx, connection).one(market)


@router.get("/ticker", summary="Open markets in brief", response_model=Ticker)
async def ticker(ctx: Ctx, area: Area, carrier: Carrier = 0) -> Response:
    """Best prices and volume, earliest period first."""
    now = ctx.now()

    def build(connection: Connection) -> Ticker:
        rows = Markets(connection, ctx.calendar, ctx.venue, now).open_now(area, carrier)
        return Ticker.model_validate({"at": now, "block": indexed_block(connection), "markets": rows})

    return ctx.hot.answer(("ticker", area, carrier, now), build)


@router.get("/markets/{market}/depth", summary="Order book", response_model=Depth)
async def depth(ctx: Ctx, market: MarketId, levels: Annotated[int, Query(ge=1, le=500)] = 50) -> Response:
    """Live energy a price, best first; an unknown market has an empty book."""

    def build(connection: Connection) -> Depth:
        bids = reads.depth(connection, market, reads.BID, levels)
        offers = reads.depth(connection, market, reads.OFFER, levels)
        body = {"market": market, "block": indexed_block(connection), "bids": bids, "offers": offers}
        return Depth.model_validate(body)

    return ctx.hot.answer(("depth", market, levels), build)


@router.get("/markets/{market}/trades", summary="Trades, newest first", response_model=PageOf[Trade])
async def trades(ctx: Ctx, market: MarketId, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Price, energy and the taker's side."""

    def build(connection: Connection) -> PageOf[Trade]:
        return PageOf[Trade].model_validate(reads.trades(connection, market, limit, cursor))

    return ctx.hot.answer(("trades", market, limit, cursor), build)


@router.get("/markets/{market}/prices", summary="Prices by time, earliest first", response_model=Candles)
def prices(
    ctx: Ctx,
    market: MarketId,
    bucket_seconds: Annotated[int, Query(alias="bucketSeconds", ge=1, le=86_400)] = 300,
) -> dict[str, Any]:
    """Open, high, low, close; buckets without trades are left out."""
    with ctx.index() as connection:
        items = reads.candles(connection, market, bucket_seconds)
    return {"market": market, "bucket_seconds": bucket_seconds, "items": items}


@router.get("/days/{day}/prices", summary="A UTC day's prices", response_model=Day)
def day(ctx: Ctx, day: str, area: Area, carrier: Carrier = 0) -> dict[str, Any]:
    """A period a row; prices are null where nothing traded."""
    with ctx.index() as connection:
        items = _markets(ctx, connection).day(day, area, carrier)
    return {"day": day, "area": area, "carrier": carrier, "items": items}


@router.get(
    "/community/periods", summary="Totals of five members or more", response_model=ListOf[CommunityPeriod]
)
def community(
    ctx: Ctx, area: Area, carrier: Carrier = 0, first: FromPeriod = None, to: Period = None
) -> dict[str, Any]:
    """Earliest first; the last 96 periods unless said otherwise."""
    with ctx.index() as connection:
        periods = last_periods(ctx, first, to)
        return {"items": community_periods(connection, ctx.calendar, area, carrier, periods)}


def last_periods(ctx: Context, first: int | None, last: int | None, most: int = 2_000) -> range:
    """The given range, or the 96 periods up to now's; at most `most`, the latest."""
    end = (ctx.calendar.period_of(ctx.now()) if last is None else last) + 1
    start = max(end - 96, 0) if first is None else first
    return range(max(start, end - most), max(end, start))
