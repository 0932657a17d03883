# SPDX-License-Identifier: MIT
"""What joins the grid areas: public, and no account is named."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.amounts import energy, price
from api.context import Ctx
from api.routes import problems
from api.schemas.base import ListOf
from api.schemas.market import Connection
from wattbook.connections import Way, ways_between_areas

router = APIRouter(prefix="/v1", tags=["markets"])


@router.get(
    "/connections",
    summary="Fees and capacities between grid areas",
    response_model=ListOf[Connection],
    responses=problems(s503="chain-unreachable"),
)
async def connections(
    ctx: Ctx,
    carrier: Annotated[int, Query(ge=0, le=0xFF)] = 0,
    period: Annotated[int | None, Query(ge=0, le=0xFFFF_FFFF)] = None,
) -> dict[str, Any]:
    """A way a row, in one delivery period: the next that takes orders unless said otherwise."""
    wanted = ctx.calendar.open_periods(ctx.now()).start if period is None else period
    ways = await ways_between_areas(ctx.contracts, carrier, wanted)
    return {"items": [_describe(way, carrier, wanted) for way in ways]}


def _describe(way: Way, carrier: int, period: int) -> dict[str, Any]:
    return {
        "from_area": way.source,
        "to_area": way.target,
        "carrier": carrier,
        "period": period,
        **price("fee", way.fee_ticks),
        **energy("capacity", way.capacity_wh),
        **energy("free", way.free_wh),
    }
