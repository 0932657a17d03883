# SPDX-License-Identifier: MIT
"""The relay's word that it took an order, and in which sequence: what it reorders later can be shown."""

from dataclasses import dataclass
from typing import ClassVar

from wattbook.typeddata.message import Message


@dataclass(frozen=True, slots=True)
class Receipt(Message):
    """`order_hash` is the signed digest, `sequence` counts orders, `received_at` is in UTC seconds."""

    TYPE: ClassVar[str] = "Receipt(bytes32 orderHash,uint64 sequence,uint40 receivedAt)"

    order_hash: bytes
    sequence: int
    received_at: int
