# SPDX-License-Identifier: MIT
"""`wattbook book`: what a market looks like now."""

from typing import Any

from wattbook import ids
from wattbook.cli.choices import (
    Area,
    CarrierName,
    CarrierOption,
    PeriodOption,
    carrier_of,
    period_in,
    when,
)
from wattbook.cli.options import reads
from wattbook.cli.session import Session
from wattbook.units import format_energy, format_price

LEVELS = 20


@reads
async def book(
    session: Session,
    period: PeriodOption = None,
    area: Area = 0,
    carrier: CarrierOption = CarrierName.electricity,
) -> None:
    """Bids and offers of one market, best first; by default the next delivery period's."""
    async with session.chain() as chain:
        calendar = chain.deployment.calendar
        wanted = await period_in(chain, period)
        market = ids.pack_market(area, carrier_of(carrier), wanted)
        bids, offers = await chain.contracts.read_many(
            [("OrderBook", "depth", (market, side, LEVELS)) for side in (False, True)]
        )
        times = {"startsAt": calendar.starts_at(wanted), "gateAt": calendar.gate_at(wanted)}
    found: dict[str, Any] = {
        "market": market,
        "period": wanted,
        **times,
        "bids": levels(bids),
        "offers": levels(offers),
    }
    if session.as_json:
        session.show(found)
        return
    rows = [{"side": "offer", **level} for level in reversed(found["offers"])]
    rows += [{"side": "bid", **level} for level in found["bids"]]
    title = f"Period {found['period']}, {when(found['startsAt'])}, gate closes {when(found['gateAt'])}"
    session.show(rows or [{title: "nobody bids or offers"}], title)


def levels(depth: Any) -> list[dict[str, str]]:
    return [
        {"pricePerKwh": format_price(tick), "kWh": format_energy(wh)} for tick, wh in zip(*depth, strict=True)
    ]
