# SPDX-License-Identifier: MIT
"""Residuals, and accounts that were set aside."""

from alembic import op

from api.migrations.event_tables import INTEGER, create_event_table

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_event_table(
        "residuals",
        id=INTEGER,
        account=INTEGER,
        carrier=INTEGER,
        first_period=INTEGER,
        last_period=INTEGER,
        import_wh=INTEGER,
        export_wh=INTEGER,
    )
    op.create_index("residuals_of_account", "residuals", ["account", "carrier", "last_period"], unique=False)
    create_event_table(
        "residual_settlements", id=INTEGER, account=INTEGER, payout=INTEGER, debt_added=INTEGER
    )
    op.create_index(
        op.f("ix_residual_settlements_account"), "residual_settlements", ["account"], unique=False
    )
    create_event_table("set_asides", account=INTEGER, carrier=INTEGER, period=INTEGER)
    op.create_index("set_asides_of_account", "set_asides", ["account", "carrier", "period"], unique=False)


def downgrade() -> None:
    op.drop_index("set_asides_of_account", table_name="set_asides")
    op.drop_table("set_asides")
    op.drop_index(op.f("ix_residual_settlements_account"), table_name="residual_settlements")
    op.drop_table("residual_settlements")
    op.drop_index("residuals_of_account", table_name="residuals")
    op.drop_table("residuals")
