# SPDX-License-Identifier: MIT
"""An order in one word, as it is posted and emitted, and where it rests.

Mirrors contracts/types/Order.sol, OrderRef.sol and PlacedOrder.sol. From the lowest bit: account 24 |
period 32 | carrier 8 | area 8 | side 1 | kind 2 | restRemainder 1 | priceTicks 16 | energyWh 23 |
maxFeeTicks 16 | nonce 28 | validUntil 40. A signed order in a batch follows contracts/types/SignedOrder.sol.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from wattbook.errors import IdOutOfRange
from wattbook.typeddata.order import Kind, Order, Side

__all__ = [
    "Kind",
    "Order",
    "OrderRef",
    "PlacedOrder",
    "Side",
    "pack_order",
    "pack_signed",
    "unpack_order",
    "unpack_placed",
]

MAX_NONCE = (1 << 28) - 1
COMPACT_SIGNATURE = 64
MOST_OWN = 255

_LAYOUT = (
    ("account", 24),
    ("period", 32),
    ("carrier", 8),
    ("area", 8),
    ("side", 1),
    ("kind", 2),
    ("rest_remainder", 1),
    ("price_ticks", 16),
    ("energy_wh", 23),
    ("max_fee_ticks", 16),
    ("nonce", 28),
    ("valid_until", 40),
)
_WORD_BITS = sum(bits for _, bits in _LAYOUT)


def pack_order(order: Order) -> int:
    """The order's word. Raises IdOutOfRange when a value doesn't fit its field."""
    word = 0
    shift = 0
    for name, bits in _LAYOUT:
        value = int(getattr(order, name))
        if not 0 <= value < 1 << bits:
            raise IdOutOfRange(kind=f"The order's {name}:", value=value, low=0, high=(1 << bits) - 1)
        word |= value << shift
        shift += bits
    return word


def unpack_order(word: int) -> Order:
    """The reverse of `pack_order`. Raises IdOutOfRange when bits above the last field are set."""
    if not 0 <= word < 1 << _WORD_BITS:
        raise IdOutOfRange(kind="The order word", value=word, low=0, high=f"2^{_WORD_BITS} − 1")
    values: dict[str, Any] = {}
    for name, bits in _LAYOUT:
        values[name] = word & (1 << bits) - 1
        word >>= bits
    values["rest_remainder"] = bool(values["rest_remainder"])
    return Order(**values)


class PlacedOrder(NamedTuple):
    """What the event OrderPlaced tells; `ref` is None if nothing rests."""

    word: int
    ref: int | None
    rest_wh: int

    @property
    def account(self) -> int:
        return self.word & 0xFF_FFFF

    @property
    def market(self) -> int:
        return self.word >> 24 & (1 << 48) - 1


def unpack_placed(placed: int) -> PlacedOrder:
    """From the event's one word: order, ref 32, restWh 23."""
    rest_wh = placed >> _WORD_BITS + 32
    ref = placed >> _WORD_BITS & 0xFFFF_FFFF
    return PlacedOrder(placed & (1 << _WORD_BITS) - 1, ref if rest_wh else None, rest_wh)


def pack_signed(word: int, own: Sequence[int], signature: bytes, by_wallet: bool = False) -> bytes:
    """A signed order as `placeSigned` takes it; a batch is such bytes one after the other.

    `own` are packed refs of own opposite entries, rising; `by_wallet`: a contract wallet's signature
    (EIP-1271). Raises IdOutOfRange when there are more than 255 refs, or the signature is too long.
    """
    length = 0 if len(signature) == COMPACT_SIGNATURE else len(signature)
    for kind, value, high in (("Own orders:", len(own), MOST_OWN), ("Signature length:", length, 0xFFFF)):
        if value > high:
            raise IdOutOfRange(kind=kind, value=value, low=0, high=high)
    header = length | len(own) << 16 | by_wallet << 24
    words = (word | header << 200, *own)
    return b"".join(value.to_bytes(32) for value in words) + signature


@dataclass(frozen=True, slots=True, order=True)
class OrderRef:
    """Where an order rests: its folded price, and how many entries rested there before it in this market."""

    tick: int
    index: int

    def pack(self) -> int:
        """`tick << 16 | index`. Raises IdOutOfRange."""
        for kind, value in (("Tick", self.tick), ("Entry", self.index)):
            if not 0 <= value <= 0xFFFF:
                raise IdOutOfRange(kind=kind, value=value, low=0, high=0xFFFF)
        return self.tick << 16 | self.index

    @classmethod
    def unpack(cls, word: int) -> "OrderRef":
        """The reverse of `pack`. Raises IdOutOfRange."""
        if not 0 <= word < 1 << 32:
            raise IdOutOfRange(kind="Order reference", value=word, low=0, high=(1 << 32) - 1)
        return cls(word >> 16, word & 0xFFFF)
