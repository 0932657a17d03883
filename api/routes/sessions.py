# SPDX-License-Identifier: MIT
"""A wallet signature opens a session; the bearer token that it gives shows the owner's own figures."""

import secrets
from typing import Any

from eth_utils.address import to_checksum_address
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.auth import CurrentSession, Token
from api.context import Context, Ctx
from api.errors import RequestInvalid, SessionExpired
from api.reads.accounts import accounts_of
from api.routes import problems
from api.schemas.order import OpenedSession, Session, SessionToSign, SessionWish, SignedSession
from api.signatures import check_signature
from wattbook.errors import InputError
from wattbook.typeddata import Session as SessionMessage

router = APIRouter(prefix="/v1", tags=["sessions"])

# How long a message may lie between asking for it and opening it.
SIGNING_SECONDS = 3_600
MISSING = problems(s401="session-missing, session-invalid, session-expired")


def _origin(ctx: Context, request: Request) -> str:
    return ctx.settings.origin or f"{request.url.scheme}://{request.url.netloc}"


@router.post("/typed-data/session", summary="A sign-in to sign", response_model=SessionToSign)
async def session_to_sign(ctx: Ctx, request: Request, wish: SessionWish) -> dict[str, Any]:
    """Good for one session, opened within an hour."""
    now = ctx.now()
    message = SessionMessage(
        participant=to_checksum_address(wish.address),
        origin=_origin(ctx, request),
        issued_at=now,
        valid_until=now + ctx.settings.session_seconds,
        nonce=secrets.token_bytes(32),
    )
    return {"session": message.message_json(), "typed_data": message.typed_data(ctx.domain)}


@router.post(
    "/sessions",
    status_code=201,
    summary="Open a session",
    response_model=OpenedSession,
    responses=problems(
        s401="session-expired",
        s403="signature-invalid, wallet-disagrees",
        s409="session-used",
        s422="signature-malformed",
    ),
)
async def open_session(ctx: Ctx, request: Request, body: SignedSession, response: Response) -> dict[str, Any]:
    """The token is shown once; keep it where no other page can read it."""
    message = _read_message(body.session)
    _check_message(ctx, message, _origin(ctx, request))
    await check_signature(ctx, message, body.signature, to_checksum_address(message.participant))
    response.headers["Cache-Control"] = "no-store"
    return await run_in_threadpool(_open, ctx, message)


def _read_message(given: dict[str, Any]) -> SessionMessage:
    try:
        message = SessionMessage.from_json(given)
        message.encoded()
    except (KeyError, ValueError, TypeError, AttributeError, InputError):
        raise RequestInvalid(reason="session is not the message that /v1/typed-data/session gave") from None
    return message


def _check_message(ctx: Context, message: SessionMessage, origin: str) -> None:
    now = ctx.now()
    if message.origin != origin:
        raise RequestInvalid(reason=f"the session was signed for {message.origin}, this is {origin}")
    in_time = now - SIGNING_SECONDS <= message.issued_at <= now + 60
    if not in_time or not now < message.valid_until <= message.issued_at + ctx.settings.session_seconds:
        raise SessionExpired()


def _open(ctx: Context, message: SessionMessage) -> dict[str, Any]:
    participant = to_checksum_address(message.participant)
    nonce = "0x" + message.nonce.hex()
    token = ctx.sessions.open(participant, nonce, ctx.now(), message.valid_until)
    return {"token": token, **_describe(ctx, participant, message.valid_until)}


def _describe(ctx: Context, participant: str, expires_at: int) -> dict[str, Any]:
    with ctx.index() as connection:
        accounts = accounts_of(connection, participant)
    return {"address": participant, "accounts": accounts, "expires_at": expires_at}


@router.get("/session", summary="Whose session this is", response_model=Session, responses=MISSING)
def current_session(ctx: Ctx, session: CurrentSession) -> dict[str, Any]:
    """Address and accounts behind the token."""
    return _describe(ctx, session.participant, session.expires_at)


@router.delete("/session", status_code=204, summary="End the session", responses=MISSING)
def end_session(ctx: Ctx, session: CurrentSession, token: Token) -> None:  # noqa: ARG001 - must be open
    """The token opens nothing from now on."""
    ctx.sessions.revoke(token)
