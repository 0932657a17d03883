# SPDX-License-Identifier: MIT
"""Registers and energies."""

from alembic import op

from api.migrations.event_tables import HASH, INTEGER, create_event_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_event_table("batches", gateway=INTEGER, period=INTEGER, journal=HASH, transaction_hash=HASH)
    create_event_table(
        "energies",
        point=INTEGER,
        account=INTEGER,
        carrier=INTEGER,
        period=INTEGER,
        import_wh=INTEGER,
        export_wh=INTEGER,
        quality=INTEGER,
    )
    op.create_index("energies_of_account", "energies", ["account", "carrier", "period"], unique=False)
    op.create_index("energies_of_period", "energies", ["carrier", "period"], unique=False)
    op.create_index("energies_of_point", "energies", ["point", "period"], unique=False)
    create_event_table("disputes", point=INTEGER, period=INTEGER, disputed=INTEGER)
    op.create_index("disputes_of_point", "disputes", ["point", "period"], unique=False)
    create_event_table(
        "registers",
        point=INTEGER,
        period=INTEGER,
        import_register=INTEGER,
        export_register=INTEGER,
        quality=INTEGER,
    )
    op.create_index("registers_of_point", "registers", ["point", "period"], unique=False)


def downgrade() -> None:
    op.drop_index("registers_of_point", table_name="registers")
    op.drop_table("registers")
    op.drop_index("disputes_of_point", table_name="disputes")
    op.drop_table("disputes")
    op.drop_index("energies_of_point", table_name="energies")
    op.drop_index("energies_of_period", table_name="energies")
    op.drop_index("energies_of_account", table_name="energies")
    op.drop_table("energies")
    op.drop_table("batches")
