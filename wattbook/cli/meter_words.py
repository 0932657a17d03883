# SPDX-License-Identifier: MIT
"""`wattbook meter substitute` and `correct`: a person's word where a meter's is missing or wrong."""

from typing import Annotated, Any

import typer

from wattbook.cli.choices import chain_time, period_of
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
    send,
    show,
    with_chain,
)
from wattbook.units import parse_energy

Point = Annotated[int, typer.Argument(help="The metering point.")]
WantedPeriod = Annotated[
    str, typer.Option("--period", help="Delivery period: its index, or a UTC time in it.")
]


def substitute(
    point: Point,
    period: WantedPeriod,
    imported: Annotated[str, typer.Option("--import", help="kWh taken from the grid in the period.")],
    exported: Annotated[str, typer.Option("--export", help="kWh fed in in the period.")] = "0",
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """Books a period's energy where no reading came, with the grid operator's key, until the deadline."""
    energies = parse_energy(imported), parse_energy(exported)

    async def work(chain: Chain) -> dict[str, Any]:
        wanted = period_of(period, chain.deployment.calendar, await chain_time(chain))
        key = KeyChoice(keystore, password_file, demo_key).open(chain.deployment.chain_id)
        done = await send(chain, key, "MeterReadings", "postSubstitute", point, wanted, *energies)
        return {"point": point, "period": wanted, **done}

    show(with_chain(deployment, rpc, work), as_json, "substitute")


def correct(
    point: Point,
    period: WantedPeriod,
    imported: Annotated[
        str, typer.Option("--import", help="The import register at the period's end, in kWh.")
    ],
    exported: Annotated[
        str, typer.Option("--export", help="The export register at the period's end, in kWh.")
    ],
    reason: Annotated[str, typer.Option(help="Why; it stays readable for everybody.")],
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """Corrects the registers at a period's end, with the corrector's key; money follows."""
    registers = parse_energy(imported), parse_energy(exported)

    async def work(chain: Chain) -> dict[str, Any]:
        wanted = period_of(period, chain.deployment.calendar, await chain_time(chain))
        key = KeyChoice(keystore, password_file, demo_key).open(chain.deployment.chain_id)
        done = await send(chain, key, "MeterReadings", "correct", point, wanted, *registers, reason)
        return {"point": point, "period": wanted, **done}

    show(with_chain(deployment, rpc, work), as_json, "correction")
