# SPDX-License-Identifier: MIT
"""What an owner may dispute, and what became of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool

from api.amounts import energy, money
from api.auth import OwnAccount
from api.context import Context, Ctx
from api.errors import PointUnknown
from api.reads import accounts as reads
from api.routes import problems
from api.routes.own import OWNER, add_own_page
from api.schemas.account import Disputable, DisputeStep
from api.schemas.base import PageOf

router = APIRouter(prefix="/v1/accounts/{account}/disputes", tags=["metering"])

STATES = ("none", "open", "upheld", "rejected", "expired")


add_own_page(router, "", "What became of one's disputes", PageOf[DisputeStep], reads.disputes_page)


@router.get(
    "/{point}/{period}",
    summary="A reading of one's own, and on what terms it can be disputed",
    response_model=Disputable,
    responses=OWNER | problems(s404="account-unknown, point-unknown", s503="chain-unreachable"),
)
async def disputable(
    ctx: Ctx,
    account: OwnAccount,
    point: Annotated[int, Path(ge=1, le=0xFFFFFF)],
    period: Annotated[int, Path(ge=0, le=0xFFFF_FFFF)],
) -> dict[str, Any]:
    """The registers at the period's end, modulo 2^28 Wh, as the chain has them now."""
    await run_in_threadpool(_require_own, ctx, account, point)
    reading, dispute, bond, until, decided = await ctx.contracts.read_many(
        [
            ("MeterReadings", "reading", (point, period)),
            ("Disputes", "disputeOf", (point, period)),
            ("Disputes", "bond", ()),
            ("Disputes", "disputableUntil", (period,)),
            ("Disputes", "decidableUntil", (period,)),
        ]
    )
    state = STATES[dispute["state"]]
    known = bool(reading["quality"])
    claimed = state != "none"
    return {
        "point": point,
        "period": period,
        "state": state,
        "disputable": known and not claimed and ctx.now() < until,
        **energy("import_register", reading["importRegister"] if known else None),
        **energy("export_register", reading["exportRegister"] if known else None),
        **energy("import_claimed", dispute["importClaimed"] if claimed else None),
        **energy("export_claimed", dispute["exportClaimed"] if claimed else None),
        **money("bond", bond),
        "disputable_until": until,
        "decidable_until": decided,
    }


def _require_own(ctx: Context, account: int, point: int) -> None:
    with ctx.index() as connection:
        if point not in {row.point for row in reads.points_of(connection, account)}:
            raise PointUnknown(account=account, point=point)
