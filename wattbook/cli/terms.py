# SPDX-License-Identifier: MIT
"""`wattbook terms`: what the areas charge in a period, and what joins them."""

from contextlib import suppress
from typing import Any

from wattbook.cli.choices import (
    CarrierName,
    CarrierOption,
    PeriodOption,
    carrier_of,
    period_in,
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
        wanted = await period_in(chain, period)
        number = carrier_of(carrier)
        found: dict[str, Any] = {
            "period": wanted,
            "startsAt": chain.deployment.calendar.starts_at(wanted),
            "areas": [describe(*each) for each in (await terms_by_area(chain, number, wanted)).items()],
            "connections": await connections(chain, number, wanted),
        }
    if session.as_json:
        session.show(found)
        return
    session.show(found["areas"], f"Period {found['period']}, {when(found['startsAt'])}, per kWh")
    if found["connections"]:
        session.show(found["connections"], "Between areas")


async def terms_by_area(chain: Chain, carrier: int, period: int) -> dict[int, dict[str, int]]:
    """Of the areas that have terms then."""
    found = {}
    for area in await chain.contracts.read("Registry", "areas"):
        with suppress(chain.contracts.refusals.by_name("NoTerms")):
            found[int(area)] = await chain.contracts.read("GridOversight", "termsOf", area, carrier, period)
    return found


def describe(area: int, it: dict[str, int]) -> dict[str, Any]:
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
