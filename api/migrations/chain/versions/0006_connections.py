# SPDX-License-Identifier: MIT
"""Connections between areas, share caps."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("terms", sa.Column("share_cap_wh", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "connections",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("from_period", sa.BigInteger(), nullable=False),
        sa.Column("fee_ticks", sa.BigInteger(), nullable=False),
        sa.Column("capacity_wh", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(
        "connections_by_period",
        "connections",
        ["source", "target", "carrier", "from_period"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("connections_by_period", table_name="connections")
    op.drop_table("connections")
    op.drop_column("terms", "share_cap_wh")
