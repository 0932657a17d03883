# SPDX-License-Identifier: MIT
"""`wattbook certificates …`: look at them, and use them up against one's own import."""

from typing import Annotated

import typer

from wattbook import ids
from wattbook.cli.choices import (
    Account,
    Area,
    CarrierName,
    CarrierOption,
    WantedPeriod,
    carrier_of,
    period_in,
)
from wattbook.cli.options import reads, signs
from wattbook.cli.session import Session, SigningSession, owner_of
from wattbook.units import format_energy, parse_energy

app = typer.Typer(help="Certificates of energy made in the community.", no_args_is_help=True)


@app.command("list")
@reads
async def list_certificates(
    session: Session,
    account: Account,
    period: WantedPeriod,
    carrier: CarrierOption = CarrierName.electricity,
) -> None:
    """What the account's owner holds of a period, by area of origin, and what the account has retired."""
    async with session.chain() as chain:
        owner, key = await owner_of(chain, account), (carrier_of(carrier), await period_in(chain, period))
        areas = await chain.contracts.read("Registry", "areas")
        markets = [ids.pack_market(area, *key) for area in areas]
        held = await chain.contracts.read_many(
            [("EnergyToken", "balanceOf", (owner, market)) for market in markets]
        )
        retired = await chain.contracts.read("EnergyToken", "retiredOf", account, *key)
        origins = {
            str(area): format_energy(energy) for area, energy in zip(areas, held, strict=True) if energy
        }
        session.show(
            {
                "account": account,
                "period": key[1],
                "kWhByArea": origins,
                "retiredKWh": format_energy(retired),
            },
            "certificates",
        )


@app.command()
@signs
async def retire(
    session: SigningSession,
    kwh: Annotated[str, typer.Argument(help="Energy in kWh, such as 1.5")],
    account: Account,
    period: WantedPeriod,
    area: Area = 0,
    carrier: CarrierOption = CarrierName.electricity,
) -> None:
    """Uses certificates up for what the account took from the grid in their period; only its owner can."""
    async with session.signing() as chain:
        market = ids.pack_market(area, carrier_of(carrier), await period_in(chain, period))
        session.show(await chain.send("EnergyToken", "retire", account, market, parse_energy(kwh)), "retired")
