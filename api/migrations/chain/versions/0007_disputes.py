# SPDX-License-Identifier: MIT
"""What became of disputes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dispute_steps",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("point", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("import_register", sa.BigInteger(), nullable=False),
        sa.Column("export_register", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_dispute_steps_account"), "dispute_steps", ["account"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_dispute_steps_account"), table_name="dispute_steps")
    op.drop_table("dispute_steps")
