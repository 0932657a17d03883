# SPDX-License-Identifier: MIT
"""Certificates that an account's owner holds, and how much of each it may use up: asked of the chain."""

from collections.abc import Sequence
from typing import Any

from api.amounts import energy
from wattbook.calendar import Calendar
from wattbook.chain.contracts import Contracts
from wattbook.ids import unpack_account, unpack_market
from wattbook.metered import MeteredWord, unpack_metered


async def held_certificates(
    contracts: Contracts, account: int, owner: str, markets: Sequence[int], now: int
) -> list[dict[str, Any]]:
    """Those of the markets of which the owner holds any."""
    area, number = unpack_account(account)
    reads: list[tuple[str, str, tuple[Any, ...]]] = []
    for market in markets:
        _, carrier, period = unpack_market(market)
        reads += [
            ("EnergyToken", "balanceOf", (owner, market)),
            ("EnergyToken", "retiredOf", (account, carrier, period)),
            ("MeterReadings", "metered", (area, carrier, period, number, 1)),
        ]
    answers = await contracts.read_many(reads) if reads else []
    found = zip(markets, answers[::3], answers[1::3], answers[2::3], strict=True)
    calendar = contracts.deployment.calendar
    return [
        _describe(market, held, retired, unpack_metered(word), _is_readable(market, calendar, now))
        for market, held, retired, [word] in found
        if held
    ]


def _is_readable(market: int, calendar: Calendar, now: int) -> bool:
    """Until another period takes over the market's words."""
    return now < calendar.opens_at(unpack_market(market).period + calendar.ring_periods)


def _describe(market: int, held: int, retired: int, metered: MeteredWord, readable: bool) -> dict[str, Any]:
    area, carrier, period = unpack_market(market)
    imported = metered.import_wh if readable and metered.final else 0
    return {
        "market": market,
        "area": area,
        "carrier": carrier,
        "period": period,
        **energy("held", held),
        **energy("retirable", min(held, max(imported - retired, 0))),
    }
