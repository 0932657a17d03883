# SPDX-License-Identifier: MIT
"""How answers are printed."""

import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table


def show(data: Any, as_json: bool, title: str = "") -> None:
    """A dict as two columns, a list of dicts as a table, or either as JSON."""
    if as_json:
        sys.stdout.write(json.dumps(data, default=str) + "\n")
        return
    rows = (
        data
        if isinstance(data, list)
        else [{"": name, title or "value": value} for name, value in data.items()]
    )
    table = Table(title=title if isinstance(data, list) else None, title_justify="left")
    for column in rows[0] if rows else ("nothing",):
        table.add_column(str(column))
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(highlight=False).print(table)
