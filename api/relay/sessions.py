# SPDX-License-Identifier: MIT
"""Sign-ins: a wallet's signed Session message becomes a bearer token, which is kept only as its hash."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.errors import SessionExpired, SessionInvalid, SessionUsed
from api.tables.relay import sessions

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`participant` is the checksummed address that signed; times in UTC seconds."""

    participant: str
    expires_at: int


class Sessions:
    """Over relay.db; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, participant: str, nonce: str, now: int, expires_at: int) -> str:
        """A new token. Raises SessionUsed if the message's nonce opened one before."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "token_hash": _hash(token),
            "nonce": nonce,
            "participant": participant,
            "opened_at": now,
            "expires_at": expires_at,
            "revoked": False,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(sessions), row)
        except IntegrityError:
            raise SessionUsed() from None
        return token

    def find(self, token: str, now: int) -> OpenSession:
        """Raises SessionInvalid, SessionExpired."""
        query = select(sessions).where(sessions.c.token_hash == _hash(token))
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.revoked:
            raise SessionInvalid()
        if now >= row.expires_at:
            raise SessionExpired()
        return OpenSession(row.participant, row.expires_at)

    def revoke(self, token: str) -> None:
        """The token opens nothing any more; its message can't open another either."""
        with self._engine.begin() as connection:
            connection.execute(
                update(sessions).where(sessions.c.token_hash == _hash(token)).values(revoked=True)
            )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
