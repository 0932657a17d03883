# SPDX-License-Identifier: MIT
"""Every message that somebody signs, one file each: struct, type string, hash.

EIP-712, domain `Wattbook`, version 1; a changed field is version 2.

A message has `digest(domain)`, the 32 bytes to sign, and `typed_data(domain)`, the JSON that a wallet shows.
`tests/vectors/typed-data.json` holds digests that Solidity, Python and TypeScript share.
"""

from wattbook.typeddata.admission import Admission
from wattbook.typeddata.cancellation import Cancellation
from wattbook.typeddata.domain import Domain
from wattbook.typeddata.message import Message
from wattbook.typeddata.meter_exchange import MeterExchange
from wattbook.typeddata.order import Kind, Order, Side
from wattbook.typeddata.own_reading import OwnReading
from wattbook.typeddata.permit import Permit, token_domain
from wattbook.typeddata.reading_batch import Lane, Quality, ReadingBatch, pack_lanes, unpack_lanes
from wattbook.typeddata.receipt import Receipt
from wattbook.typeddata.session import Session

__all__ = [
    "Admission",
    "Cancellation",
    "Domain",
    "Kind",
    "Lane",
    "Message",
    "MeterExchange",
    "Order",
    "OwnReading",
    "Permit",
    "Quality",
    "ReadingBatch",
    "Receipt",
    "Session",
    "Side",
    "pack_lanes",
    "token_domain",
    "unpack_lanes",
]
