# SPDX-License-Identifier: MIT
"""Accepting signed orders and cancels: each gets the next sequence and a signed receipt, durably.

Any number of API workers call this at once: the counter's row is locked first, so commits follow it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from api.errors import TooManyWaiting
from api.tables.relay import counters, queue, receipts
from wattbook.errors import WattbookError
from wattbook.keys import Key, sign_digest_65
from wattbook.typeddata import Domain, Receipt

WAITING = ("accepted", "batched")


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed order (`word`, `nonce`) or cancel (`ref`), its signature checked already.

    `by_wallet`: a contract wallet answered for it.
    """

    kind: str
    hash: str
    account: int
    market: int
    valid_until: int
    signature: str
    by_wallet: bool
    word: str | None = None
    nonce: int | None = None
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """The relay's word. Times in UTC seconds."""

    sequence: int
    hash: str
    received_at: int
    signer: str
    signature: str


class Intake:
    """Writes relay.db's queue. `nonce_used` makes the contract's error of a nonce that is too low."""

    def __init__(
        self, engine: Engine, key: Key, domain: Domain, waiting_limit: int, nonce_used: type[WattbookError]
    ) -> None:
        self._engine = engine
        self._key = key
        self._domain = domain
        self._waiting_limit = waiting_limit
        self._nonce_used = nonce_used

    @property
    def signer(self) -> str:
        return self._key.address

    def accept(self, wanted: Sequence[Signed], now: int) -> list[SignedReceipt | WattbookError]:
        """A receipt or an error for each, in one durable transaction; what is known has its receipt."""
        with self._engine.begin() as connection:
            sequence = _lock_counter(connection)
            answers: list[SignedReceipt | WattbookError] = []
            for one in wanted:
                answer = self._known(connection, one.hash) or self._refusal(connection, one)
                if answer is None:
                    sequence += 1
                    answer = self._insert(connection, one, sequence, now)
                answers.append(answer)
            connection.execute(update(counters).where(counters.c.name == "queue").values(value=sequence))
        return answers

    def _known(self, connection: Connection, order_hash: str) -> SignedReceipt | None:
        row = (
            connection.execute(select(receipts).where(receipts.c.hash == order_hash)).mappings().one_or_none()
        )
        return SignedReceipt(**row) if row else None

    def _refusal(self, connection: Connection, one: Signed) -> WattbookError | None:
        mine = (queue.c.account == one.account) & queue.c.state.in_(WAITING)
        waiting, highest = connection.execute(select(func.count(), func.max(queue.c.nonce)).where(mine)).one()
        if waiting >= self._waiting_limit:
            return TooManyWaiting(account=one.account, waiting=waiting)
        if one.nonce is not None and highest is not None and one.nonce <= highest:
            return self._nonce_used(account=one.account, nonce=one.nonce, next=highest + 1, name="NonceUsed")
        return None

    def _insert(self, connection: Connection, one: Signed, sequence: int, now: int) -> SignedReceipt:
        digest = Receipt(bytes.fromhex(one.hash[2:]), sequence, now).digest(self._domain)
        signature = "0x" + sign_digest_65(self._key, digest).hex()
        receipt = SignedReceipt(sequence, one.hash, now, self._key.address, signature)
        row: dict[str, Any] = asdict(one)
        row |= {"sequence": sequence, "accepted_at": now, "state": "accepted"}
        connection.execute(insert(queue), row)
        connection.execute(insert(receipts), asdict(receipt))
        return receipt


def _lock_counter(connection: Connection) -> int:
    """Locks the counter's row until the commit and answers the last sequence given out."""
    step = update(counters).where(counters.c.name == "queue").values(value=counters.c.value)
    value: int | None = connection.execute(step.returning(counters.c.value)).scalar_one_or_none()
    if value is None:
        connection.execute(insert(counters), {"name": "queue", "value": 0})
        return 0
    return value
