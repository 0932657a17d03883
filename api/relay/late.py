# SPDX-License-Identifier: MIT
"""What the chain would refuse by the clock alone."""

from wattbook.calendar import Calendar
from wattbook.chain.errors import Refusals, Seconds
from wattbook.errors import ContractError


def late(
    refusals: Refusals, calendar: Calendar, kind: str, market: int, valid_until: int, now: int
) -> ContractError | None:
    """The contract's own error for an order or cancel that comes too late, or None."""
    if valid_until and now > valid_until:
        return refusals.by_name("OrderExpired")(validUntil=Seconds(valid_until), name="OrderExpired")
    period = market & 0xFFFF_FFFF
    if kind == "order" and now >= calendar.gate_at(period):
        return refusals.by_name("GateClosed")(period=period, name="GateClosed")
    return None
