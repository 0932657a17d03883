# SPDX-License-Identifier: MIT
"""The FastAPI application: routes, errors, size limit, figures, and the page."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.context import Context
from api.errors import BodyTooLarge
from api.routes import (
    accounts,
    connections,
    disputes,
    markets,
    metering,
    orders,
    rpc,
    sessions,
    status,
    stream,
    transactions,
)
from wattbook import __version__

LARGEST_BODY = 300_000

_ABOUT = """
Peer-to-peer energy trading. Amounts are strings, in integer base units and as decimals. Errors are
`application/problem+json`; branch on `code`. The API holds no user's key: whatever changes anything is signed
by a wallet. Load curves are shown to their owner only, whose wallet signature opens a session.
"""


def create_app(context: Context) -> FastAPI:
    """The application over what the entry point built."""
    app = FastAPI(
        title="Wattbook",
        version=__version__,
        description=_ABOUT.strip(),
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.context = context
    problems.install(app)
    for module in (
        status,
        markets,
        connections,
        orders,
        sessions,
        transactions,
        accounts,
        metering,
        disputes,
        stream,
        rpc,
    ):
        app.include_router(module.router)
    if context.settings.static.is_dir():
        app.mount("/", StaticFiles(directory=context.settings.static, html=True), name="page")
    app.add_middleware(Watch, context=context)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    looking = asyncio.create_task(app.state.context.hub.run())
    yield
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking


class Watch:
    """Refuses large bodies, and counts requests by route, never by path: a path may name an account."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        self._app = app
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clock, started, status = self._context.clock, self._context.clock.stamp_ns(), 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        if _length(scope) > LARGEST_BODY:
            await problems.problem(BodyTooLarge(limit=LARGEST_BODY))(scope, receive, note)
        else:
            await self._app(scope, _limited(receive), note)
        route = getattr(scope.get("route"), "path", "page")
        self._context.metrics.note(scope["method"], route, status, clock.stamp_ns() - started)


def _length(scope: Scope) -> int:
    given = dict(scope["headers"]).get(b"content-length", b"0")
    return int(given) if given.isdigit() else 0


def _limited(receive: Receive) -> Receive:
    """Bodies without a length are cut off where they grow too large."""
    total = 0

    async def limited() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > LARGEST_BODY:
            raise BodyTooLarge(limit=LARGEST_BODY)
        return message

    return limited
