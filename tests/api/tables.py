# SPDX-License-Identifier: MIT
"""What chain.db holds, for comparing two databases."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

import api.tables.book
import api.tables.metering
import api.tables.money
from api.database import open_database
from api.indexer.follow import Follower, prepare
from api.tables.chain import metadata
from wattbook.chain.contracts import Contracts

assert api.tables.book
assert api.tables.metering
assert api.tables.money


def contents(engine: Engine, *without: str) -> dict[str, list[dict[str, Any]]]:
    """All rows by table, sorted; those of `without` left out."""
    found = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name not in without:
                rows = [dict(row) for row in connection.execute(select(table)).mappings()]
                found[table.name] = sorted(rows, key=repr)
    return found


async def index_anew(contracts: Contracts, folder: Path, page: int = 500) -> Engine:
    """A second index of the same chain."""
    engine = open_database(f"sqlite:///{folder}/anew-{page}.db")
    prepare(engine, contracts)
    await Follower(engine, contracts.client, contracts, page).step()
    return engine
