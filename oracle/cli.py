# SPDX-License-Identifier: MIT
"""`wattbook oracle …`: run the gateway, look at device models, try a meter, look into the journal."""

import asyncio
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from oracle.commissioning import Finding, try_meter
from oracle.devices import load_catalogue
from oracle.devices.catalogue import SHIPPED
from oracle.devices.describe import describe
from oracle.entry import run_process
from oracle.errors import PointsFileInvalid
from oracle.exchange import Noted, note_exchange
from oracle.journal import Batches, Boundaries, LaneState, Polls, open_database
from oracle.journal.exchanges import Exchanges
from oracle.points import load_points
from oracle.settings import PROCESS, OracleSettings
from wattbook.calendar import Calendar
from wattbook.units import parse_energy

app = typer.Typer(help="The metering gateway: Modbus meters → signed readings → chain.", no_args_is_help=True)
devices_app = typer.Typer(help="Device models.", no_args_is_help=True)
journal_app = typer.Typer(help="The gateway's journal.", no_args_is_help=True)
app.add_typer(devices_app, name="devices")
app.add_typer(journal_app, name="journal")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DeviceFolder = Annotated[Path, typer.Option("--devices", help="A folder of device files.")]
JournalPath = Annotated[Path, typer.Option("--journal", help="The journal, an SQLite file.")]


def _print(data: Any, as_json: bool, lines: list[str]) -> None:
    sys.stdout.write((json.dumps(data) if as_json else "\n".join(lines)) + "\n")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run(context: typer.Context) -> None:
    """Runs the gateway until Ctrl-C; flags as `python -m oracle --help` lists them."""
    run_process(OracleSettings, PROCESS, "oracle.process", context.args)


@app.command()
def check(
    points: Annotated[Path, typer.Option("--points", help="The points file.")],
    point: Annotated[int | None, typer.Option(help="Only this metering point.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds for connecting and for each answer.")] = 3.0,
    period_seconds: Annotated[int, typer.Option(help="The market's period.")] = 900,
    devices: DeviceFolder = SHIPPED,
    as_json: AsJson = False,
) -> None:
    """Reads each meter once and shows its registers: compare import and export with its display."""
    chosen = load_points(points, load_catalogue(devices), period_seconds)
    chosen = tuple(it for it in chosen if point is None or it.point == point)
    if not chosen:
        raise PointsFileInvalid(path=points, reason=f"it has no point {point}")
    findings = asyncio.run(_try_all(chosen, timeout))
    _print([finding.to_json() for finding in findings], as_json, [finding.line() for finding in findings])
    if any(finding.fault for finding in findings):
        raise typer.Exit(1)


async def _try_all(points: Any, patience: float) -> list[Finding]:
    return [await try_meter(point, patience) for point in points]


@app.command()
def exchange(
    points: Annotated[Path, typer.Option("--points", help="The points file.")],
    point: Annotated[int, typer.Option(help="The metering point.")],
    at: Annotated[datetime, typer.Option(help="UTC; when the new meter took over.")],
    old_import: Annotated[str, typer.Option(help="kWh on the old meter's display then.")],
    new_import: Annotated[str, typer.Option(help="kWh on the new meter's display then.")],
    old_export: Annotated[str, typer.Option(help="kWh, likewise.")] = "0",
    new_export: Annotated[str, typer.Option(help="kWh, likewise.")] = "0",
    journal: JournalPath = Path("oracle.db"),
    period_seconds: Annotated[int, typer.Option(help="The market's period.")] = 900,
    devices: DeviceFolder = SHIPPED,
    as_json: AsJson = False,
) -> None:
    """Notes that another meter stands on a point; stop the gateway first.

    The new meter stands in the points file when it starts again; one of another model is registered by
    `wattbook meter device`.
    """
    found = [it for it in load_points(points, load_catalogue(devices), period_seconds) if it.point == point]
    if not found:
        raise PointsFileInvalid(path=points, reason=f"it has no point {point}")
    old = parse_energy(old_import), parse_energy(old_export)
    new = parse_energy(new_import), parse_energy(new_export)
    noted = Noted(int(at.replace(tzinfo=UTC).timestamp()), old, new)
    database = open_database(journal)
    try:
        done = note_exchange(database, found[0], noted, replace(Calendar(), period_seconds=period_seconds))
    finally:
        database.close()
    facts = {"point": done.point, "period": done.period}
    _print(facts, as_json, [f"Noted for period {done.period}: start the gateway again."])


@devices_app.command("list")
def list_devices(devices: DeviceFolder = SHIPPED, as_json: AsJson = False) -> None:
    """The known device models."""
    known = sorted(load_catalogue(devices).devices.values(), key=lambda device: device.model)
    lines = [f"{it.model:26} {it.maker} {it.name}, resolves {it.resolution_wh} Wh" for it in known]
    _print([it.model for it in known], as_json, lines)


@devices_app.command("show")
def show_device(model: str, devices: DeviceFolder = SHIPPED, as_json: AsJson = False) -> None:
    """Where a model keeps its registers."""
    facts = describe(load_catalogue(devices).get(model))
    _print(facts, as_json, [f"{name:14} {value}" for name, value in facts.items()])


@journal_app.command("status")
def journal_status(journal: JournalPath = Path("oracle.db"), as_json: AsJson = False) -> None:
    """What is journalled, sent, confirmed, held and refused."""
    database = open_database(journal, read_only=True)
    with database.read() as connection:
        status = {
            "polls": Polls(connection).count(),
            "newestPeriod": Boundaries(connection).newest_period(),
            "readings": Boundaries(connection).counts(),
            "batches": Batches(connection).counts(),
        }
    database.close()
    _print(status, as_json, [f"{name:14} {value}" for name, value in status.items()])


@app.command()
def retry(
    point: Annotated[int | None, typer.Option(help="Only this metering point.")] = None,
    journal: JournalPath = Path("oracle.db"),
    as_json: AsJson = False,
) -> None:
    """Posts again what the chain refused, readings and meter exchanges, after the cause was mended.

    Stop the gateway first.
    """
    database = open_database(journal)
    with database.write() as connection:
        readings = Boundaries(connection).release(point, LaneState.REFUSED)
        exchanges = Exchanges(connection).release(point)
    database.close()
    facts = {"readings": readings, "exchanges": exchanges}
    _print(facts, as_json, [f"{readings} readings and {exchanges} meter exchanges will be posted again."])
