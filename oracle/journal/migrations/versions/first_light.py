# SPDX-License-Identifier: MIT
"""Polls, boundary readings, batches."""

import sqlalchemy as sa
from alembic import op

from oracle.journal.columns import required

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
        *required(sa.Integer, "point"),
        *required(sa.BigInteger, "at", "import_wh", "export_wh"),
        *required(sa.Integer, "resolution_wh", "flags"),
        *required(sa.Boolean, "usable"),
        *required(sa.LargeBinary, "raw"),
        *required(sa.BigInteger, "import_carry_wh", "export_carry_wh"),
        sa.Column("scale_factor", sa.Integer),
        *required(sa.Text, "identity"),
        sa.UniqueConstraint("point", "at"),
    )
    op.create_index("polls_newest", "polls", ["point", "usable", "at"])


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer, primary_key=True),
        *required(sa.Integer, "gateway"),
        *required(sa.BigInteger, "period"),
        *required(sa.LargeBinary, "journal", "readings", "signature"),
        *required(sa.Text, "state", "transaction"),
    )
    op.create_index("ix_batches_state", "batches", ["state"])


def _boundaries() -> None:
    op.create_table(
        "boundaries",
        sa.Column("point", sa.Integer, primary_key=True),
        sa.Column("period", sa.BigInteger, primary_key=True),
        *required(sa.BigInteger, "import_wh", "export_wh"),
        *required(sa.Integer, "quality"),
        *required(sa.BigInteger, "polled_before", "polled_after"),
        *required(sa.Text, "state", "reason"),
        sa.Column("batch", sa.Integer, sa.ForeignKey("batches.id")),
    )
    op.create_index("ix_boundaries_batch", "boundaries", ["batch"])
    op.create_index("boundaries_waiting", "boundaries", ["state", "period"])
