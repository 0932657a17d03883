# SPDX-License-Identifier: MIT
"""What routes of an account's owner share."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection

from api.auth import OwnAccount
from api.context import Ctx
from api.paging import Cursor, Limit
from api.routes import problems

OWNER = problems(
    s401="session-missing, session-invalid, session-expired", s403="not-your-account", s404="account-unknown"
)

ReadPage = Callable[[Connection, int, int, str | None], dict[str, Any]]


def add_own_page(router: APIRouter, path: str, summary: str, answer: Any, read: ReadPage) -> None:
    """A route of what `read` answers of (account, limit, cursor), described by its docstring."""

    def page(ctx: Ctx, account: OwnAccount, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
        with ctx.index() as connection:
            return read(connection, account, limit, cursor)

    router.add_api_route(
        path,
        page,
        name=read.__name__,
        summary=summary,
        description=read.__doc__,
        response_model=answer,
        responses=OWNER,
    )
