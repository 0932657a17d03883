# SPDX-License-Identifier: MIT
"""Connections between areas, share caps."""

import sqlalchemy as sa
from alembic import op

from api.migrations.event_tables import INTEGER, create_event_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("terms", sa.Column("share_cap_wh", sa.BigInteger(), nullable=False, server_default="0"))
    create_event_table(
        "connections",
        source=INTEGER,
        target=INTEGER,
        carrier=INTEGER,
        from_period=INTEGER,
        fee_ticks=INTEGER,
        capacity_wh=INTEGER,
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
