# SPDX-License-Identifier: MIT
"""What flowed beyond a coarse register, and the power that says so."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("import_ahead_mws", "export_ahead_mws"):
        op.add_column("polls", sa.Column(name, sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("polls", sa.Column("power_mw", sa.BigInteger))
