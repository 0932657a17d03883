# SPDX-License-Identifier: MIT
"""Polls, boundary readings, batches."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _polls()
    _batches()
    _boundaries()


def _polls() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("point", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("import_wh", sa.BigInteger, nullable=False),
        sa.Column("export_wh", sa.BigInteger, nullable=False),
        sa.Column("resolution_wh", sa.Integer, nullable=False),
        sa.Column("flags", sa.Integer, nullable=False),
        sa.Column("usable", sa.Boolean, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("import_carry_wh", sa.BigInteger, nullable=False),
        sa.Column("export_carry_wh", sa.BigInteger, nullable=False),
        sa.Column("scale_factor", sa.Integer),
        sa.Column("identity", sa.Text, nullable=False),
        sa.UniqueConstraint("point", "at"),
    )
    op.create_index("polls_newest", "polls", ["point", "usable", "at"])


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("gateway", sa.Integer, nullable=False),
        sa.Column("period", sa.BigInteger, nullable=False),
        sa.Column("journal", sa.LargeBinary, nullable=False),
        sa.Column("readings", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("transaction", sa.Text, nullable=False),
    )
    op.create_index("ix_batches_state", "batches", ["state"])


def _boundaries() -> None:
    op.create_table(
        "boundaries",
        sa.Column("point", sa.Integer, primary_key=True),
        sa.Column("period", sa.BigInteger, primary_key=True),
        sa.Column("import_wh", sa.BigInteger, nullable=False),
        sa.Column("export_wh", sa.BigInteger, nullable=False),
        sa.Column("quality", sa.Integer, nullable=False),
        sa.Column("polled_before", sa.BigInteger, nullable=False),
        sa.Column("polled_after", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("batch", sa.Integer, sa.ForeignKey("batches.id")),
    )
    op.create_index("ix_boundaries_batch", "boundaries", ["batch"])
    op.create_index("boundaries_waiting", "boundaries", ["state", "period"])
