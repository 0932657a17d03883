# SPDX-License-Identifier: MIT
"""What joins the grid areas in a period, read from the contracts."""

from typing import NamedTuple

from wattbook.chain.contracts import Contracts


class Way(NamedTuple):
    """From one area to another; `free_wh` is what no order has reserved yet."""

    source: int
    target: int
    fee_ticks: int
    capacity_wh: int
    free_wh: int


async def ways_between_areas(contracts: Contracts, carrier: int, period: int) -> list[Way]:
    """Each way one, by rising areas; none where nothing is scheduled yet."""
    joined = await contracts.read("GridOversight", "connections", carrier)
    known = [(way >> 8, way & 0xFF) for way in sorted(joined)]
    reads = [
        ("GridOversight", name, (*ends, carrier, period))
        for ends in known
        for name in ("connectionOf", "freeCapacity")
    ]
    answers = await contracts.read_many(reads) if reads else []
    found = zip(known, answers[::2], answers[1::2], strict=True)
    return [
        Way(*ends, it["feeTicks"], it["capacityWh"], free)
        for ends, (connected, it), free in found
        if connected
    ]
