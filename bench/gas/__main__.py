# SPDX-License-Identifier: MIT
"""`make gas`: measures, prints the lines beside their reach and fails when one differs from the snapshot.

--write        keeps what was measured: bench/gas/snapshot.json and the table in docs/gas.md
--abi FOLDER   measures another build's exports; compares nothing
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from bench.gas import results
from bench.gas.chain import anvil
from bench.gas.community import START, Community
from bench.gas.results import Measured
from bench.gas.scenario import Scenario
from bench.gas.table import DOCUMENT, is_above, rich_table, with_table
from wattbook.chain.contracts import ABI_FOLDER
from wattbook.errors import WattbookError


def measure(abis: Path, console: Console) -> list[Measured]:
    """All lines, in the order in which an operation was first met, its states together."""
    with console.status("deploying, admitting 1,100 members") as status, anvil(START, abis) as chain:
        lines = list(Scenario(Community(chain), status.update).lines())
    operations = list(dict.fromkeys(line.operation for line in lines))
    return sorted(lines, key=lambda line: operations.index(line.operation))


def report(lines: list[Measured], console: Console) -> None:
    console.print(rich_table(lines))
    above = [line for line in lines if is_above(line)]
    console.print(f"{len(lines)} lines measured, {len(above)} above their reach.")


def keep(lines: list[Measured]) -> None:
    results.write(lines)
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(), lines))


def compare(lines: list[Measured]) -> int:
    found = list(results.differences(results.read(), lines))
    for sentence in found:
        print(sentence)
    if found:
        print("The gas has changed: `make gas ARGS=--write` keeps the new figures.")
    return 1 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make gas", description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="keep what was measured as the snapshot")
    parser.add_argument("--abi", type=Path, metavar="FOLDER", help="measure another build, compare nothing")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 170)
    try:
        lines = measure(options.abi or ABI_FOLDER, console)
    except WattbookError as error:
        sys.exit(f"wattbook: {error}")
    report(lines, console)
    if options.write:
        keep(lines)
    return 0 if options.write or options.abi else compare(lines)


if __name__ == "__main__":
    sys.exit(main())
