# SPDX-License-Identifier: MIT
"""How far the index is."""

from typing import Any

from sqlalchemy import Connection, text

_HEAD = text("SELECT number, hash, at FROM blocks ORDER BY number DESC LIMIT 1")


def indexed_head(connection: Connection) -> Any:
    """The newest indexed block (number, hash, at), or None."""
    return connection.execute(_HEAD).first()


def indexed_block(connection: Connection) -> int:
    """Its number; 0 before the first."""
    head = indexed_head(connection)
    return head.number if head else 0
