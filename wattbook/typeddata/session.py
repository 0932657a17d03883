# SPDX-License-Identifier: MIT
"""A wallet's sign-in to the API: opens the owner's own load curves for a while; verified by the API."""

from dataclasses import dataclass
from typing import ClassVar

from wattbook.typeddata.message import Message


@dataclass(frozen=True, slots=True)
class Session(Message):
    """`origin` is the page that asked; `nonce`, 32 bytes, comes from the API and is used once.

    Times in UTC seconds.
    """

    TYPE: ClassVar[str] = (
        "Session(address participant,string origin,uint40 issuedAt,uint40 validUntil,bytes32 nonce)"
    )

    participant: str
    origin: str
    issued_at: int
    valid_until: int
    nonce: bytes
