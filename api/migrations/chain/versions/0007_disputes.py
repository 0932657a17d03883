# SPDX-License-Identifier: MIT
"""What became of disputes."""

from alembic import op

from api.migrations.event_tables import INTEGER, create_event_table, string

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_event_table(
        "dispute_steps",
        account=INTEGER,
        point=INTEGER,
        period=INTEGER,
        state=string(8),
        import_register=INTEGER,
        export_register=INTEGER,
    )
    op.create_index(op.f("ix_dispute_steps_account"), "dispute_steps", ["account"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_dispute_steps_account"), table_name="dispute_steps")
    op.drop_table("dispute_steps")
