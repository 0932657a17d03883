# SPDX-License-Identifier: MIT
"""`wattbook meter …`: gateways, metering points and their readings on the chain."""

from typing import Annotated

import typer

from wattbook.cli import meter_devices, meter_keys, meter_words
from wattbook.cli.choices import (
    CarrierName,
    CarrierOption,
    PeriodOption,
    Point,
    address_of,
    carrier_of,
    ended_period_in,
    when,
)
from wattbook.cli.options import reads, signs
from wattbook.cli.session import Session, SigningSession
from wattbook.units import format_energy, parse_energy

QUALITIES = ("none", "base", "measured", "estimated", "substituted", "defaulted", "corrected", "apart")
LAST_PERIODS = 8

app = typer.Typer(help="Gateways, metering points and readings.", no_args_is_help=True)
app.command("own-key")(meter_keys.own_key)
app.command()(meter_keys.move)
app.command("gateway-key")(meter_keys.gateway_key)
app.command("device")(meter_devices.change)
app.command("types")(meter_devices.types)
app.command("approve-type")(meter_devices.approve)
app.command("withdraw-type")(meter_devices.withdraw)
app.command()(meter_words.substitute)
app.command()(meter_words.correct)


@app.command()
@signs
async def gateway(
    session: SigningSession,
    address: Annotated[str, typer.Argument(help="The address of the gateway's signing key.")],
) -> None:
    """Registers a gateway, with the operator's key."""
    async with session.signing() as chain:
        done = await chain.send("Registry", "registerGateway", address_of(address))
        events = await chain.contracts.events(
            done["block"], done["block"], ["Registry"], ["GatewayRegistered"]
        )
        session.show({"gateway": events[-1].arguments["gateway"], "key": address, **done}, "gateway")


@app.command()
@signs
async def register(
    session: SigningSession,
    account: Annotated[int, typer.Option(help="The account that it belongs to.")],
    gateway: Annotated[int, typer.Option(help="The gateway that reads it.")],
    max_import: Annotated[str, typer.Option(help="Most kWh it can take in one period.")],
    max_export: Annotated[str, typer.Option(help="Most kWh it can feed in in one period.")],
    default_import: Annotated[str, typer.Option(help="kWh booked for a period whose reading never came.")],
    device: meter_devices.Model,
    resolution_wh: meter_devices.Resolution = None,
    refined: meter_devices.Refined = False,
    carrier: CarrierOption = CarrierName.electricity,
) -> None:
    """Registers a metering point, with the operator's key; it takes part from the next untraded period on."""
    data = {
        "account": account,
        "carrier": carrier_of(carrier),
        "maxImportWh": parse_energy(max_import),
        "maxExportWh": parse_energy(max_export),
        "defaultImportWh": parse_energy(default_import),
        "gateway": gateway,
        "firstPeriod": 0,
    }
    async with session.signing() as chain:
        data.update(await meter_devices.fields(chain, device, resolution_wh, refined))
        done = await chain.send("Registry", "registerPoint", data)
        events = await chain.contracts.events(done["block"], done["block"], ["Registry"], ["PointRegistered"])
        fields = events[-1].arguments
        session.show(
            {"point": fields["point"], "firstPeriod": fields["data"]["firstPeriod"], **done}, "metering point"
        )


@app.command("show")
@reads
async def show_point(
    session: Session,
    point: Point,
) -> None:
    """How a metering point is registered."""
    async with session.chain() as chain:
        found = dict(await chain.contracts.read("Registry", "point", point))
        session.show({**found, "deviceType": "0x" + found["deviceType"].hex()}, f"metering point {point}")


@app.command()
@reads
async def readings(
    session: Session,
    point: Point,
    period: PeriodOption = None,
    count: Annotated[
        int, typer.Option(help="How many periods, up to the named one.", min=1, max=1000)
    ] = LAST_PERIODS,
) -> None:
    """Energy of a metering point, period by period; by default the last ones."""
    async with session.chain() as chain:
        calendar = chain.deployment.calendar
        last = await ended_period_in(chain, period)
        periods = range(last - count + 1, last + 1)
        energies = await chain.contracts.read_many(
            [("MeterReadings", "energyOf", (point, p)) for p in periods]
        )
        details = await chain.contracts.read_many([("MeterReadings", "reading", (point, p)) for p in periods])
        session.show(
            [
                {
                    "period": p,
                    "starts": when(calendar.starts_at(p)),
                    "importKwh": format_energy(imported) if known else None,
                    "exportKwh": format_energy(exported) if known else None,
                    "quality": QUALITIES[reading["quality"]],
                }
                for p, (known, imported, exported), reading in zip(periods, energies, details, strict=True)
            ],
            f"metering point {point}",
        )
