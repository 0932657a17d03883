# SPDX-License-Identifier: MIT
"""The dense ids of the contracts: markets, accounts, periods, metering points.

market   uint48 = area << 40 | carrier << 32 | period
account  uint24 = area << 16 | number   (1 backstop, 2 fee account, 3–15 reserved, members from 16)
period   uint32 = startsAt // periodSeconds, an absolute UTC index
point    uint24, dense from 1; four share a storage word
device type   bytes8, the beginning of the keccak-256 hash of its model's name
"""

from enum import IntEnum
from typing import NamedTuple

from eth_utils.crypto import keccak

from wattbook.errors import IdOutOfRange

BACKSTOP_INDEX = 1
FEE_INDEX = 2
FIRST_MEMBER_INDEX = 16
POINTS_PER_WORD = 4


class Carrier(IntEnum):
    ELECTRICITY = 0
    HEAT = 1
    GAS = 2


class Market(NamedTuple):
    area: int
    carrier: int
    period: int


class Account(NamedTuple):
    area: int
    number: int


def _within(kind: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise IdOutOfRange(kind=kind, value=value, low=low, high=high)
    return value


def pack_market(area: int, carrier: int, period: int) -> int:
    """The market's uint48. Raises IdOutOfRange."""
    _within("Grid area", area, 0, 0xFF)
    _within("Carrier", carrier, 0, 0xFF)
    _within("Period", period, 0, 0xFFFF_FFFF)
    return area << 40 | carrier << 32 | period


def unpack_market(market: int) -> Market:
    """The reverse of `pack_market`. Raises IdOutOfRange."""
    _within("Market", market, 0, (1 << 48) - 1)
    return Market(market >> 40, market >> 32 & 0xFF, market & 0xFFFF_FFFF)


def pack_account(area: int, number: int) -> int:
    """The account's uint24. Raises IdOutOfRange."""
    _within("Grid area", area, 0, 0xFF)
    _within("Account number", number, 1, 0xFFFF)
    return area << 16 | number


def unpack_account(account: int) -> Account:
    """The reverse of `pack_account`. Raises IdOutOfRange."""
    _within("Account", account, 0, (1 << 24) - 1)
    return Account(account >> 16, account & 0xFFFF)


def backstop_of(area: int) -> int:
    """The account of the area's backstop supplier."""
    return pack_account(area, BACKSTOP_INDEX)


def fee_account_of(area: int) -> int:
    """The account that collects the area's fees and levies."""
    return pack_account(area, FEE_INDEX)


def is_member(account: int) -> bool:
    """True for participants' accounts, false for backstop, fee and reserved ones."""
    return unpack_account(account).number >= FIRST_MEMBER_INDEX


def period_of(timestamp: int, period_seconds: int) -> int:
    """The period in which a UTC second lies; a boundary belongs to the period that starts there."""
    return _within("Period", timestamp // period_seconds, 0, 0xFFFF_FFFF)


def starts_at(period: int, period_seconds: int) -> int:
    """UTC second at which a period starts."""
    return period * period_seconds


def point_word(point: int) -> tuple[int, int]:
    """(word, lane) of a metering point's storage: four points a word. Raises IdOutOfRange."""
    _within("Metering point", point, 1, (1 << 24) - 1)
    return point // POINTS_PER_WORD, point % POINTS_PER_WORD


def device_type_of(model: str) -> bytes:
    """The id under which the regulator approves a device model."""
    return keccak(text=model)[:8]
