# SPDX-License-Identifier: MIT
"""`wattbook dispute …`: a member's word against a reading, its bond, and what was decided."""

from typing import Annotated, Any

import typer

from wattbook.cli.choices import Point, WantedPeriod, period_in, when
from wattbook.cli.options import reads, signs
from wattbook.cli.session import Chain, Session, SigningSession, owner_of
from wattbook.errors import DecisionUnclear
from wattbook.units import format_cash, format_energy, parse_energy

STATES = ("none", "open", "upheld", "rejected", "expired")

app = typer.Typer(help="Dispute a reading, decide and close disputes.", no_args_is_help=True)


@app.command("open")
@signs
async def open_dispute(
    session: SigningSession,
    point: Point,
    period: WantedPeriod,
    imported: Annotated[
        str, typer.Option("--import", help="The true import register at the period's end, kWh.")
    ],
    exported: Annotated[
        str, typer.Option("--export", help="The true export register at the period's end, kWh.")
    ],
) -> None:
    """Disputes the reading of your own point at a period's end; locks the bond until it is decided."""
    claim = parse_energy(imported), parse_energy(exported)
    async with session.signing() as chain:
        wanted = await period_in(chain, period)
        done = await chain.send("Disputes", "fileDispute", point, wanted, *claim)
        bond = await chain.contracts.read("Disputes", "bond")
        session.show({"point": point, "period": wanted, "bond": format_cash(bond), **done}, "dispute")


@app.command("list")
@reads
async def list_disputes(
    session: Session,
    account: Annotated[int | None, typer.Option(help="Of one account; else all.")] = None,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only those that nobody decided or closed.")
    ] = False,
) -> None:
    """Disputes, the oldest first: registers as they were read and as they are claimed."""
    async with session.chain() as chain:
        if account is not None:
            await owner_of(chain, account)
        events = await chain.contracts.history("Disputes", "DisputeFiled")
        filed = [e.arguments for e in events if account in (None, e.arguments["account"])]
        found = await chain.contracts.read_many(
            [("Disputes", "disputeOf", (each["point"], each["period"])) for each in filed]
        )
        rows = [describe(*each) for each in zip(filed, found, strict=True)]
        session.show([each for each in rows if not only_open or each["state"] == "open"], "disputes")


@app.command()
@signs
async def decide(
    session: SigningSession,
    point: Point,
    period: WantedPeriod,
    uphold: Annotated[bool, typer.Option("--uphold", help="The claim is true.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="The reading was true: the bond is lost.")] = False,
    imported: Annotated[
        str | None, typer.Option("--import", help="The import register in between, kWh.")
    ] = None,
    exported: Annotated[
        str | None, typer.Option("--export", help="The export register in between, kWh.")
    ] = None,
) -> None:
    """Decides an open dispute, with the grid operator's key: claim, reading, or registers in between."""
    ways = (uphold, reject, imported is not None and exported is not None)
    if sum(ways) != 1 or (imported is None) != (exported is None):
        raise DecisionUnclear()
    async with session.signing() as chain:
        wanted = await period_in(chain, period)
        found = await chain.contracts.read("Disputes", "disputeOf", point, wanted)
        claimed, disputed = registers_of(found)
        decided = claimed if uphold else disputed
        if imported is not None and exported is not None:
            decided = parse_energy(imported), parse_energy(exported)
        done = await chain.send("Disputes", "decideDispute", point, wanted, *decided)
        session.show({**await outcome(chain, point, wanted), **done}, "decision")


@app.command()
@signs
async def close(
    session: SigningSession,
    point: Point,
    period: WantedPeriod,
) -> None:
    """Closes a dispute that nobody decided in time: the reading stands, the bond returns. Anyone may."""
    async with session.signing() as chain:
        wanted = await period_in(chain, period)
        done = await chain.send("Disputes", "expireDispute", point, wanted)
        session.show({**await outcome(chain, point, wanted), **done}, "dispute")


async def outcome(chain: Chain, point: int, period: int) -> dict[str, Any]:
    found = await chain.contracts.read("Disputes", "disputeOf", point, period)
    return {"point": point, "period": period, "state": STATES[found["state"]]}


def registers_of(found: dict[str, Any]) -> tuple[tuple[int, int], tuple[int, int]]:
    """(import, export) as claimed, and as they stood when they were disputed; Wh, modulo 2^28."""
    claimed = found["importClaimed"], found["exportClaimed"]
    return claimed, (found["importRegister"], found["exportRegister"])


def describe(filed: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    claimed, disputed = registers_of(found)
    return {
        "point": filed["point"],
        "period": filed["period"],
        "account": filed["account"],
        "state": STATES[found["state"]],
        "importKwh": format_energy(disputed[0]),
        "exportKwh": format_energy(disputed[1]),
        "claimedImportKwh": format_energy(claimed[0]),
        "claimedExportKwh": format_energy(claimed[1]),
        "decideUntil": when(filed["decideUntil"]),
    }
