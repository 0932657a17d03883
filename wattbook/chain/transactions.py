# SPDX-License-Identifier: MIT
"""What the sender's journal holds, as values."""

from dataclasses import dataclass
from enum import StrEnum

from wattbook.chain.fees import Fees


class State(StrEnum):
    """Of a submission."""

    SIGNED = "signed"  # journalled; maybe never sent, maybe dropped
    SENT = "sent"  # a node took it
    MINED = "mined"  # has a receipt that a reorganisation may still take away
    FINAL = "final"  # has a receipt with enough confirmations


@dataclass(frozen=True, slots=True)
class Attempt:
    """One signed transaction; a `void` one is empty and only spends the nonce of a submission given up."""

    hash: str
    raw: bytes
    fees: Fees
    void: bool = False


@dataclass(frozen=True, slots=True)
class SentTransaction:
    """A submission as the journal knows it.

    `hash` is the mined attempt's, else the newest one's. `status` is the receipt's (1, or 0: reverted), None
    before. `sent_at` and `seen_at` (its receipt) are UTC seconds by our clock. `refusal` is the node's last
    word if it didn't take the transaction. `void`: given up, its nonce is spent on an empty transaction.
    """

    id: int
    key: str
    nonce: int
    to: str
    data: bytes
    value: int
    gas: int
    state: State
    hash: str
    sent_at: int | None = None
    seen_at: int | None = None
    refusal: str | None = None
    void: bool = False
    block_number: int | None = None
    block_hash: str | None = None
    status: int | None = None
    gas_used: int | None = None

    @property
    def succeeded(self) -> bool:
        """Mined, not reverted, not given up."""
        return self.status == 1 and not self.void


@dataclass(frozen=True, slots=True)
class NewTransaction:
    """What is to be journalled: content and first attempt."""

    key: str
    nonce: int
    to: str
    data: bytes
    value: int
    gas: int
    attempt: Attempt
