# SPDX-License-Identifier: MIT
"""Who is asking: the session behind the bearer token, and whether the account is theirs."""

from typing import Annotated

from fastapi import Depends, Header, Path, Response

from api.context import Ctx
from api.errors import NotYourAccount, SessionMissing
from api.reads.accounts import find_account
from api.relay.sessions import OpenSession

Authorization = Annotated[str | None, Header(description="Bearer <token of POST /v1/sessions>")]


def bearer_token(authorization: Authorization = None) -> str:
    """Raises SessionMissing."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise SessionMissing()
    return token.strip()


Token = Annotated[str, Depends(bearer_token)]


def session_of(ctx: Ctx, token: Token) -> OpenSession:
    """Raises SessionMissing, SessionInvalid, SessionExpired."""
    return ctx.sessions.find(token, ctx.now())


CurrentSession = Annotated[OpenSession, Depends(session_of)]


def require_account(ctx: Ctx, session: OpenSession, account: int) -> None:
    """Raises AccountUnknown, NotYourAccount: the owner may, and the operators may."""
    with ctx.index() as connection:
        owner = find_account(connection, account).owner
    if session.participant != owner and session.participant not in ctx.settings.operators:
        raise NotYourAccount(account=account)


def owned_account(
    ctx: Ctx,
    session: CurrentSession,
    response: Response,
    account: Annotated[int, Path(ge=0, le=0xFFFFFF)],
) -> int:
    """The account of the path, for its owner's eyes; no cache keeps the answer."""
    require_account(ctx, session, account)
    response.headers["Cache-Control"] = "no-store"
    return account


OwnAccount = Annotated[int, Depends(owned_account)]
