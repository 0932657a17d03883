# SPDX-License-Identifier: MIT
"""Puts the commands together. `oracle`, `relay`, `api` and `indexer` come from their own packages, if
installed.
"""

import json
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points

import typer

from wattbook import logs
from wattbook.cli import (
    book,
    certificates,
    dispute,
    member,
    meter,
    money,
    order,
    programs,
    settle,
    statement,
    terms,
)
from wattbook.errors import PartMissing, WattbookError

PARTS = {"oracle": "oracle", "relay": "api", "api": "api", "indexer": "api"}

app = typer.Typer(
    name="wattbook",
    help="Trade energy with your neighbours: contracts, meters, markets, settlement.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(context_settings=programs.PASS_ON)(programs.deploy)
app.command(context_settings=programs.PASS_ON)(programs.demo)
app.add_typer(member.app, name="member")
app.add_typer(meter.app, name="meter")
app.add_typer(dispute.app, name="dispute")
app.add_typer(money.app, name="money")
app.add_typer(order.app, name="order")
app.add_typer(certificates.app, name="certificates")
app.command()(book.book)
app.command()(settle.settle)
app.command()(statement.statement)
app.command()(terms.terms)


def add_parts() -> None:
    """The commands of the other packages, or in their place a command that says which part is missing."""
    found = {entry.name: entry for entry in entry_points(group="wattbook.commands")}
    for name, extra in PARTS.items():
        add_part(name, extra, found.get(name))


def add_part(name: str, extra: str, entry: EntryPoint | None) -> None:
    try:
        if entry is None:
            raise ModuleNotFoundError(name)
        app.add_typer(entry.load(), name=name)
    except ModuleNotFoundError:

        def missing() -> None:
            raise PartMissing(part=name, where=f"pip install 'wattbook[{extra}]'")

        app.command(name, help=f"Not installed: pip install 'wattbook[{extra}]'.")(missing)


def main(arguments: Sequence[str] | None = None) -> int:
    """The entry point. Answers the exit status; errors are one sentence, or problem JSON with --json."""
    add_parts()
    given = list(sys.argv[1:] if arguments is None else arguments)
    logs.configure_logs("wattbook", "warning")
    try:
        # It says itself what was mistyped, and ends the program with 2, or 130 after Ctrl-C.
        typer.main.get_command(app).main(given, prog_name="wattbook")
    except WattbookError as error:
        report(error, "--json" in given)
        return int(error.exit_status)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def report(error: WattbookError, as_json: bool) -> None:
    if as_json:
        problem = {"code": error.code, "detail": str(error), "facts": error.facts}
        sys.stdout.write(json.dumps(problem, default=str) + "\n")
    else:
        sys.stderr.write(f"wattbook: {error}\n")


def run() -> None:
    """For the console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
