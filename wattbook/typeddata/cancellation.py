# SPDX-License-Identifier: MIT
"""A wish to cancel one resting order, signed by its owner and relayed by anyone; verified by OrderBook."""

from dataclasses import dataclass
from typing import ClassVar

from wattbook.typeddata.message import Message


@dataclass(frozen=True, slots=True)
class Cancellation(Message):
    """`tick` and `index` are the order's place in the book (`wattbook.orders.OrderRef`)."""

    TYPE: ClassVar[str] = (
        "Cancellation(uint24 account,uint8 area,uint8 carrier,uint32 period,uint16 tick,uint16 index,"
        "uint40 validUntil)"
    )

    account: int
    area: int
    carrier: int
    period: int
    tick: int
    index: int
    valid_until: int
