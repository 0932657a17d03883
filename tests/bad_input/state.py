# SPDX-License-Identifier: MIT
"""Everything that bad input might change, as one hash."""

import gzip
import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from tests.bad_input.town import Town


def state_hash(town: Town, scratch: Path) -> str:
    """Over every storage slot of every contract (balances, nonces, rights, book, readings, settlements), what
    waits for a block, every row of every database, and all files of the town and of the row's own folder.

    Not in it: what a refused transaction costs its sender on any chain (gas, a nonce, a block), and logs.
    """
    state = {
        "storage": storage(town),
        "waiting": town.chain.rpc("txpool_content"),
        "rows": {path.name: rows(path) for path in sorted(town.folder.glob("*.db"))},
        "files": {str(path): digest(path) for folder in (town.folder, scratch) for path in files(folder)},
    }
    return hashlib.sha256(json.dumps(state, sort_keys=True, default=repr).encode()).hexdigest()


def storage(town: Town) -> dict[str, Any]:
    dump = bytes.fromhex(town.chain.rpc("anvil_dumpState")[2:])
    accounts = json.loads(gzip.decompress(dump))["accounts"]
    # Anvil lists slots that were only looked at, too; to a contract an empty slot is one with 0.
    return {
        name: {slot: word for slot, word in accounts[address.lower()]["storage"].items() if int(word, 16)}
        for name, address in town.chain.at.items()
    }


def rows(path: Path) -> dict[str, list[Any]]:
    """All rows of an SQLite file by table."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type='table'")]
        found = {name: sorted(connection.execute(f'select * from "{name}"'), key=repr) for name in tables}
    connection.close()
    return found


def files(folder: Path) -> list[Path]:
    """But for logs, and for the town's databases, whose rows are compared."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "logs" not in path.parts and path.suffix not in (".db", ".db-wal", ".db-shm")
    ]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
