# SPDX-License-Identifier: MIT
"""One period's readings of a gateway, signed by its key; verified by MeterReadings.

A lane of the body is 16 bytes, big-endian: point u24 | import u48 | export u48 | quality u8.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, NamedTuple

from wattbook.errors import IdOutOfRange
from wattbook.typeddata.message import Message

LANE_BYTES = 16


class Quality(IntEnum):
    """What is known of a metering point's registers; mirrors `Quality` of IMeterReadings.sol."""

    NONE = 0
    BASE = 1
    MEASURED = 2
    ESTIMATED = 3
    SUBSTITUTED = 4
    DEFAULTED = 5
    CORRECTED = 6
    APART = 7  # true registers; the period's energy isn't their difference


class Lane(NamedTuple):
    """Registers of one point at the period's end, in Wh since the meter was made."""

    point: int
    import_wh: int
    export_wh: int
    quality: int


@dataclass(frozen=True, slots=True)
class ReadingBatch(Message):
    """`journal` is the hash of the gateway's journal up to these readings; `readings` is the packed body."""

    TYPE: ClassVar[str] = "ReadingBatch(uint16 gateway,uint32 period,bytes32 journal,bytes readings)"

    gateway: int
    period: int
    journal: bytes
    readings: bytes


def pack_lanes(lanes: Iterable[Lane]) -> bytes:
    """The signed body. Raises IdOutOfRange when a value doesn't fit its lane."""
    return b"".join(_pack_lane(*lane) for lane in lanes)


def unpack_lanes(body: bytes) -> list[Lane]:
    """The reverse of `pack_lanes`. Raises IdOutOfRange when the body isn't made of whole lanes."""
    if len(body) % LANE_BYTES:
        raise IdOutOfRange(kind="A body of length", value=len(body), low=0, high="a multiple of 16")
    return [_unpack_lane(body[start : start + LANE_BYTES]) for start in range(0, len(body), LANE_BYTES)]


def _pack_lane(point: int, import_wh: int, export_wh: int, quality: int) -> bytes:
    for kind, value, bits in (
        ("Metering point", point, 24),
        ("Import register", import_wh, 48),
        ("Export register", export_wh, 48),
        ("Quality", quality, 8),
    ):
        if not 0 <= value < 1 << bits:
            raise IdOutOfRange(kind=kind, value=value, low=0, high=(1 << bits) - 1)
    return (point << 104 | import_wh << 56 | export_wh << 8 | quality).to_bytes(LANE_BYTES, "big")


def _unpack_lane(lane: bytes) -> Lane:
    word = int.from_bytes(lane, "big")
    return Lane(word >> 104, word >> 56 & (1 << 48) - 1, word >> 8 & (1 << 48) - 1, word & 0xFF)
