# SPDX-License-Identifier: MIT
"""Tables of what events say: a row an event, or a part of one, gone with its block."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic import op


@dataclass(frozen=True)
class Kind:
    """What a column holds."""

    type: sa.types.TypeEngine[Any]
    nullable: bool = False


INTEGER = Kind(sa.BigInteger())
MAYBE_INTEGER = Kind(sa.BigInteger(), nullable=True)
BOOLEAN = Kind(sa.Boolean())
TEXT = Kind(sa.Text())
HASH = Kind(sa.String(length=66))
ADDRESS = Kind(sa.String(length=42))


def string(length: int) -> Kind:
    return Kind(sa.String(length=length))


def create_event_table(name: str, **columns: Kind) -> None:
    op.create_table(
        name,
        sa.Column("block_hash", HASH.type, nullable=False),
        sa.Column("log_index", INTEGER.type, autoincrement=False, nullable=False),
        sa.Column("part", INTEGER.type, autoincrement=False, nullable=False),
        sa.Column("block_number", INTEGER.type, nullable=False),
        *(sa.Column(column, kind.type, nullable=kind.nullable) for column, kind in columns.items()),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
