# SPDX-License-Identifier: MIT
"""Certificates retired."""

from alembic import op

from api.migrations.event_tables import INTEGER, create_event_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_event_table(
        "retirements", account=INTEGER, market=INTEGER, carrier=INTEGER, period=INTEGER, energy_wh=INTEGER
    )
    op.create_index("retirements_of_account", "retirements", ["account", "carrier", "period"], unique=False)


def downgrade() -> None:
    op.drop_index("retirements_of_account", table_name="retirements")
    op.drop_table("retirements")
