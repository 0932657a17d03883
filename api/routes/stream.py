# SPDX-License-Identifier: MIT
"""Server-sent events: public ones for everybody, an account's own for its owner."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.auth import Authorization, bearer_token, require_account
from api.context import Context, Ctx
from api.routes import problems
from api.stream import Event, Wish

router = APIRouter(prefix="/v1", tags=["stream"])

PING_SECONDS = 15


@router.get(
    "/stream",
    summary="Live events",
    response_class=EventSourceResponse,
    responses=problems(
        s401="session-missing", s403="not-your-account", s422="request-invalid", s503="stream-full"
    ),
)
async def stream(
    ctx: Ctx,
    market: Annotated[int | None, Query(ge=0, le=(1 << 48) - 1)] = None,
    area: Annotated[int | None, Query(ge=0, le=0xFF)] = None,
    account: Annotated[int | None, Query(ge=0, le=0xFFFFFF)] = None,
    authorization: Authorization = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventSourceResponse:
    """Resumes after Last-Event-ID. Only with `account` is a session needed."""
    if account is not None:
        await run_in_threadpool(_require_owner, ctx, authorization, account)
    events = await ctx.hub.listen(Wish(market, area, account), last_event_id)
    return EventSourceResponse(_sent(events), ping=PING_SECONDS, headers={"Cache-Control": "no-store"})


def _require_owner(ctx: Context, authorization: str | None, account: int) -> None:
    session = ctx.sessions.find(bearer_token(authorization), ctx.now())
    require_account(ctx, session, account)


async def _sent(events: AsyncIterator[Event]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        yield ServerSentEvent(event.data, event=event.kind, id=event.id or None)
