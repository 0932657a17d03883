# SPDX-License-Identifier: MIT
"""Certificates retired."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retirements",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("market", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("energy_wh", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index("retirements_of_account", "retirements", ["account", "carrier", "period"], unique=False)


def downgrade() -> None:
    op.drop_index("retirements_of_account", table_name="retirements")
    op.drop_table("retirements")
