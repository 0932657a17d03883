# SPDX-License-Identifier: MIT
"""What the day came to: each member's statement, the CSV files, the table, the series for the report."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from scripts.demo.stage import Files
from scripts.demo.trader import Trader
from wattbook.files import write_atomically
from wattbook.units import format_cash_rounded, format_energy

COLUMNS = ("made", "used", "sold", "bought", "imbal.", "cash €", "saved €", "certif.")
EXPLAINED = (
    "Energy in kWh. Imbalance: metered minus contracted. Saved: against buying and selling everything at the "
    "backstop. Certificates: a buyer's share of its neighbours' production, a producer's surplus."
)


@dataclass(frozen=True)
class MemberDay:
    """One member's statement over all periods; energy in Wh, money in cash units."""

    name: str
    account: int
    rows: Sequence[dict[str, Any]]
    totals: dict[str, Any]

    def total(self, column: str) -> int:
        return int(self.totals[column])

    def series(self, column: str) -> list[int]:
        return [int(row[column] or 0) for row in self.rows]


async def collect(traders: dict[str, Trader], periods: range, folder: Path) -> list[MemberDay]:
    """Reads every statement from the API and writes one CSV file a member."""
    days = []
    for name, trader in traders.items():
        csv = await trader.statement_csv(periods.start, periods.stop - 1)
        write_atomically(folder / f"{trader.account}-{name.lower()}.csv", csv)
        statement = await trader.statement(periods.start, periods.stop - 1)
        days.append(MemberDay(name, trader.account, statement["rows"], statement["totals"]))
    return days


def summary(days: Sequence[MemberDay]) -> Table:
    """The table a household would look at first."""
    table = Table(
        title="What the day came to", title_justify="left", caption=EXPLAINED, caption_justify="left"
    )
    table.box, table.padding = SIMPLE_HEAD, (0, 0)
    table.add_column("member", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column, justify="right", no_wrap=True)
    for day in days:
        table.add_row(day.name, *cells(day))
    return table


def cells(day: MemberDay) -> list[str]:
    energy = ("exportWh", "importWh", "soldWh", "boughtWh", "imbalanceWh")
    return [
        *(format_energy(day.total(column)) for column in energy),
        euros(day.total("cashUnits")),
        euros(day.total("savedUnits")),
        format_energy(day.total("certificatesWh")),
    ]


def euros(cash_units: int) -> str:
    """Four decimals for people; the CSV files have them all."""
    return format_cash_rounded(cash_units, 4, ROUND_HALF_EVEN)


def print_outcome(
    files: Files, page: str, days: Sequence[MemberDay], findings: Sequence[dict[str, Any]]
) -> None:
    """One JSON object on standard output, for --json."""
    members = [{"name": day.name, "account": day.account, **day.totals} for day in days]
    paths = {"report": str(files.report), "statements": str(files.statements)}
    json.dump({"page": page, **paths, "members": members, "checks": list(findings)}, sys.stdout)
    sys.stdout.write("\n")
    sys.stdout.flush()
