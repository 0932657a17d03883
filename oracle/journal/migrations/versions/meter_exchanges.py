# SPDX-License-Identifier: MIT
"""Meter exchanges."""

import sqlalchemy as sa
from alembic import op

from oracle.journal.columns import required

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchanges",
        sa.Column("point", sa.Integer, primary_key=True),
        sa.Column("period", sa.BigInteger, primary_key=True),
        *required(sa.BigInteger, "old_import_wh", "old_export_wh", "new_import_wh", "new_export_wh"),
        *required(sa.LargeBinary, "signature"),
        *required(sa.Text, "state"),
    )
