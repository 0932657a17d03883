# SPDX-License-Identifier: MIT
"""`wattbook certificates …`: look at them, and use them up against one's own import."""

from typing import Annotated, Any

import typer

from wattbook import ids
from wattbook.cli.choices import Area, CarrierName, CarrierOption, carrier_of, chain_time, period_of
from wattbook.cli.session import (
    DEFAULT_DEPLOYMENT,
    AsJson,
    Chain,
    DemoKey,
    Deployment,
    KeyChoice,
    Keystore,
    PasswordFile,
    Rpc,
    owner_of,
    send,
    show,
    with_chain,
)
from wattbook.units import format_energy, parse_energy

app = typer.Typer(help="Certificates of energy made in the community.", no_args_is_help=True)

PeriodArgument = Annotated[
    str, typer.Option("--period", help="Delivery period: its index, or a UTC time in it.")
]
Account = Annotated[int, typer.Option(help="The account.")]


@app.command("list")
def list_certificates(
    account: Account,
    period: PeriodArgument,
    carrier: CarrierOption = CarrierName.electricity,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """What the account's owner holds of a period, by area of origin, and what the account has retired."""

    async def work(chain: Chain) -> dict[str, Any]:
        owner, key = await owner_of(chain, account), (carrier_of(carrier), await wanted(chain, period))
        areas = await chain.contracts.read("Registry", "areas")
        markets = [ids.pack_market(area, *key) for area in areas]
        held = await chain.contracts.read_many(
            [("EnergyToken", "balanceOf", (owner, market)) for market in markets]
        )
        retired = await chain.contracts.read("EnergyToken", "retiredOf", account, *key)
        origins = {
            str(area): format_energy(energy) for area, energy in zip(areas, held, strict=True) if energy
        }
        return {
            "account": account,
            "period": key[1],
            "kWhByArea": origins,
            "retiredKWh": format_energy(retired),
        }

    show(with_chain(deployment, rpc, work), as_json, "certificates")


@app.command()
def retire(
    kwh: Annotated[str, typer.Argument(help="Energy in kWh, such as 1.5")],
    account: Account,
    period: PeriodArgument,
    area: Area = 0,
    carrier: CarrierOption = CarrierName.electricity,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """Uses certificates up for what the account took from the grid in their period; only its owner can."""

    async def work(chain: Chain) -> dict[str, Any]:
        key = KeyChoice(keystore, password_file, demo_key).open(chain.deployment.chain_id)
        market = ids.pack_market(area, carrier_of(carrier), await wanted(chain, period))
        return await send(chain, key, "EnergyToken", "retire", account, market, parse_energy(kwh))

    show(with_chain(deployment, rpc, work), as_json, "retired")


async def wanted(chain: Chain, period: str) -> int:
    return period_of(period, chain.deployment.calendar, await chain_time(chain))
