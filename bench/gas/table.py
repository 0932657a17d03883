# SPDX-License-Identifier: MIT
"""The measured lines beside their reach, on the terminal and in docs/gas.md."""

import math
from pathlib import Path

from rich.table import Table

from bench.gas.reaches import reach_of
from bench.gas.results import Measured

DOCUMENT = Path(__file__).parents[2] / "docs" / "gas.md"
HEAD = ("operation", "storage", "gas", "reach", "of reach", "best of others", "of best")
_START, _END = "<!-- measured: make gas ARGS=--write -->\n", "<!-- end -->\n"


def cells(line: Measured) -> tuple[str, ...]:
    """One row."""
    reach = reach_of(line)
    each = " each" if line.times > 1 else ""
    return (
        line.operation,
        line.state,
        f"{line.each:,}{each}",
        f"{reach.gas:,}" if reach.gas else "–",
        _ratio(line.each, reach.gas),
        f"{reach.whose} {reach.other:,}" if reach.other else "–",
        _ratio(line.each, reach.other),
    )


def _ratio(gas: int, other: int | None) -> str:
    """Rounded up: 1.00 is within."""
    return f"{math.ceil(gas * 100 / other) / 100:.2f}" if other else "–"


def is_above(line: Measured) -> bool:
    """Whether it misses its reach."""
    reach = reach_of(line).gas
    return reach is not None and line.each > reach


def rich_table(lines: list[Measured]) -> Table:
    """For the terminal; what misses its reach is marked."""
    table = Table(title="Gas of whole transactions")
    for place, head in enumerate(HEAD):
        table.add_column(head, justify="left" if place in (0, 1, 5) else "right")
    for line in lines:
        table.add_row(*cells(line), style="yellow" if is_above(line) else None)
    return table


def markdown(lines: list[Measured]) -> str:
    """For docs/gas.md; what misses its reach is bold."""
    rows = ["| " + " | ".join(HEAD) + " |", "| --- | --- | ---: | ---: | ---: | --- | ---: |"]
    for line in lines:
        row = list(cells(line))
        row[2] = f"**{row[2]}**" if is_above(line) else row[2]
        rows.append("| " + " | ".join(row) + " |")
    return "\n".join(rows) + "\n"


def with_table(text: str, lines: list[Measured]) -> str:
    """The document with its table drawn anew. Raises ValueError when it has no place for one."""
    before, start, rest = text.partition(_START)
    _, end, after = rest.partition(_END)
    if not start or not end:
        raise ValueError("the document has no place for the table")
    return before + start + markdown(lines) + end + after
