# SPDX-License-Identifier: MIT
"""`wattbook meter substitute` and `correct`: a person's word where a meter's is missing or wrong."""

from typing import Annotated

import typer

from wattbook.cli.choices import Point, WantedPeriod, period_in
from wattbook.cli.options import signs
from wattbook.cli.session import SigningSession
from wattbook.units import parse_energy


@signs
async def substitute(
    session: SigningSession,
    point: Point,
    period: WantedPeriod,
    imported: Annotated[str, typer.Option("--import", help="kWh taken from the grid in the period.")],
    exported: Annotated[str, typer.Option("--export", help="kWh fed in in the period.")] = "0",
) -> None:
    """Books a period's energy where no reading came, with the grid operator's key, until the deadline."""
    energies = parse_energy(imported), parse_energy(exported)
    async with session.signing() as chain:
        wanted = await period_in(chain, period)
        done = await chain.send("MeterReadings", "postSubstitute", point, wanted, *energies)
    session.show({"point": point, "period": wanted, **done}, "substitute")


@signs
async def correct(
    session: SigningSession,
    point: Point,
    period: WantedPeriod,
    imported: Annotated[
        str, typer.Option("--import", help="The import register at the period's end, in kWh.")
    ],
    exported: Annotated[
        str, typer.Option("--export", help="The export register at the period's end, in kWh.")
    ],
    reason: Annotated[str, typer.Option(help="Why; it stays readable for everybody.")],
) -> None:
    """Corrects the registers at a period's end, with the corrector's key; money follows."""
    registers = parse_energy(imported), parse_energy(exported)
    async with session.signing() as chain:
        wanted = await period_in(chain, period)
        done = await chain.send("MeterReadings", "correct", point, wanted, *registers, reason)
    session.show({"point": point, "period": wanted, **done}, "correction")
