# SPDX-License-Identifier: MIT
"""Meter exchanges."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchanges",
        sa.Column("point", sa.Integer, primary_key=True),
        sa.Column("period", sa.BigInteger, primary_key=True),
        sa.Column("old_import_wh", sa.BigInteger, nullable=False),
        sa.Column("old_export_wh", sa.BigInteger, nullable=False),
        sa.Column("new_import_wh", sa.BigInteger, nullable=False),
        sa.Column("new_export_wh", sa.BigInteger, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
