# SPDX-License-Identifier: MIT
"""`wattbook terms`: what the areas charge in a period, and what joins them."""

from typing import Any

from wattbook.cli.choices import (
    CarrierName,
    CarrierOption,
    PeriodOption,
    carrier_of,
    chain_time,
    period_of,
    when,
)
from wattbook.cli.options import reads
from wattbook.cli.session import Chain, Session
from wattbook.connections import ways_between_areas
from wattbook.units import format_energy, format_price

PRICES = ("retailTicks", "feedInTicks", "levyBuyTicks", "levySellTicks")
ENERGIES = ("exportCapacityWh", "inboundCapacityWh", "shareCapWh")


@reads
async def terms(
    session: Session,
    period: PeriodOption = None,
    carrier: CarrierOption = CarrierName.electricity,
) -> None:
    """Tariffs, levies and capacities of every area, and the connections between areas, of one period."""
    async with session.chain() as chain:
        calendar = chain.deployment.calendar
        wanted = period_of(period, calendar, await chain_time(chain))
        number = carrier_of(carrier)
        found = {
            "period": wanted,
            "startsAt": calendar.starts_at(wanted),
            "areas": [
                await terms_of(chain, area, number, wanted) for area in await areas(chain, number, wanted)
            ],
            "connections": await connections(chain, number, wanted),
        }
    if session.as_json:
        session.show(found)
        return
    session.show(found["areas"], f"Period {found['period']}, {when(found['startsAt'])}, per kWh")
    if found["connections"]:
        session.show(found["connections"], "Between areas")


async def areas(chain: Chain, carrier: int, period: int) -> list[int]:
    """The areas that have terms then."""
    found = []
    for area in await chain.contracts.read("Registry", "areas"):
        try:
            await chain.contracts.read("GridOversight", "termsOf", area, carrier, period)
        except chain.contracts.refusals.by_name("NoTerms"):
            continue
        found.append(int(area))
    return found


async def terms_of(chain: Chain, area: int, carrier: int, period: int) -> dict[str, Any]:
    it = await chain.contracts.read("GridOversight", "termsOf", area, carrier, period)
    prices = {name.removesuffix("Ticks"): format_price(it[name]) for name in PRICES}
    return {"area": area, **prices, **{f"{name[:-2]}KWh": format_energy(it[name]) for name in ENERGIES}}


async def connections(chain: Chain, carrier: int, period: int) -> list[dict[str, Any]]:
    """Each way one; what is left of a capacity is what no order has reserved yet."""
    return [
        {
            "from": way.source,
            "to": way.target,
            "fee": format_price(way.fee_ticks),
            "capacityKWh": format_energy(way.capacity_wh),
            "freeKWh": format_energy(way.free_wh),
        }
        for way in await ways_between_areas(chain.contracts, carrier, period)
    ]
