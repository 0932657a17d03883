# SPDX-License-Identifier: MIT
"""Columns of one kind by their names. Old migrations stand on it too: what it makes never changes."""

from typing import Any

from sqlalchemy import Column
from sqlalchemy.types import TypeEngine


def required(kind: type[TypeEngine[Any]], *names: str) -> list[Column[Any]]:
    """Columns that are never null."""
    return [Column(name, kind, nullable=False) for name in names]
