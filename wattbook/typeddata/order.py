# SPDX-License-Identifier: MIT
"""An order, as its owner signs it; verified by OrderBook. Its packed word is in `wattbook.orders`."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from wattbook.typeddata.message import Message


class Side(IntEnum):
    BID = 0
    OFFER = 1


class Kind(IntEnum):
    LIMIT = 0
    IMMEDIATE_OR_CANCEL = 1
    FILL_OR_KILL = 2
    POST_ONLY = 3


@dataclass(frozen=True, slots=True)
class Order(Message):
    """A wish to buy or sell.

    `price_ticks` is the owner's limit, fees included; `valid_until` is in UTC seconds, 0 means no deadline.
    """

    TYPE: ClassVar[str] = (
        "Order(uint24 account,uint8 area,uint8 carrier,uint32 period,uint8 side,uint8 kind,"
        "bool restRemainder,uint16 priceTicks,uint24 energyWh,uint16 maxFeeTicks,uint32 nonce,"
        "uint40 validUntil)"
    )

    account: int
    area: int
    carrier: int
    period: int
    side: int
    kind: int
    rest_remainder: bool
    price_ticks: int
    energy_wh: int
    max_fee_ticks: int
    nonce: int
    valid_until: int

    @property
    def is_offer(self) -> bool:
        """Whether it sells."""
        return self.side == Side.OFFER
