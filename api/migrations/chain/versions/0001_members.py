# SPDX-License-Identifier: MIT
"""Blocks, members, terms, the stream."""

import sqlalchemy as sa
from alembic import op

from api.migrations.event_tables import (
    ADDRESS,
    BOOLEAN,
    INTEGER,
    MAYBE_INTEGER,
    TEXT,
    create_event_table,
    string,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _blocks()
    _facts()
    _accounts()
    _admissions()
    _areas()
    _halts()
    _points()
    _revocations()
    _rights()
    _stream()
    _terms()
    _voids()


def _blocks() -> None:
    op.create_table(
        "blocks",
        sa.Column("hash", sa.String(length=66), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("parent_hash", sa.String(length=66), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        sa.UniqueConstraint("number"),
    )


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _accounts() -> None:
    create_event_table("accounts", account=INTEGER, owner=ADDRESS)
    op.create_index(op.f("ix_accounts_account"), "accounts", ["account"], unique=False)
    op.create_index(op.f("ix_accounts_owner"), "accounts", ["owner"], unique=False)


def _admissions() -> None:
    create_event_table(
        "admissions", number=string(20), participant=ADDRESS, account=INTEGER, first_period=INTEGER
    )
    op.create_index(op.f("ix_admissions_account"), "admissions", ["account"], unique=False)


def _areas() -> None:
    create_event_table("areas", area=INTEGER, backstop_owner=ADDRESS, fee_owner=ADDRESS)


def _halts() -> None:
    create_event_table("halts", venue=ADDRESS, area=INTEGER, carrier=INTEGER, until=INTEGER, reason=TEXT)


def _points() -> None:
    create_event_table(
        "points",
        point=INTEGER,
        account=INTEGER,
        carrier=INTEGER,
        max_import_wh=INTEGER,
        max_export_wh=INTEGER,
        default_import_wh=INTEGER,
        resolution_wh=INTEGER,
        gateway=INTEGER,
        first_period=INTEGER,
    )
    op.create_index(op.f("ix_points_account"), "points", ["account"], unique=False)
    op.create_index(op.f("ix_points_point"), "points", ["point"], unique=False)


def _revocations() -> None:
    create_event_table("revocations", number=string(20), account=INTEGER)
    op.create_index(op.f("ix_revocations_account"), "revocations", ["account"], unique=False)


def _rights() -> None:
    create_event_table("rights", account=INTEGER, buyer=BOOLEAN, seller=BOOLEAN)
    op.create_index(op.f("ix_rights_account"), "rights", ["account"], unique=False)


def _stream() -> None:
    create_event_table(
        "stream", kind=string(20), account=MAYBE_INTEGER, market=MAYBE_INTEGER, area=MAYBE_INTEGER, data=TEXT
    )
    op.create_index("stream_in_order", "stream", ["block_number", "log_index", "part"], unique=False)


def _terms() -> None:
    create_event_table(
        "terms",
        area=INTEGER,
        carrier=INTEGER,
        from_period=INTEGER,
        retail_ticks=INTEGER,
        feed_in_ticks=INTEGER,
        levy_buy_ticks=INTEGER,
        levy_sell_ticks=INTEGER,
        export_capacity_wh=INTEGER,
        inbound_capacity_wh=INTEGER,
    )
    op.create_index("terms_by_period", "terms", ["area", "carrier", "from_period"], unique=False)


def _voids() -> None:
    create_event_table("voids", venue=ADDRESS, market=INTEGER, reason=TEXT)
    op.create_index(op.f("ix_voids_market"), "voids", ["market"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_voids_market"), table_name="voids")
    op.drop_table("voids")
    op.drop_index("terms_by_period", table_name="terms")
    op.drop_table("terms")
    op.drop_index("stream_in_order", table_name="stream")
    op.drop_table("stream")
    op.drop_index(op.f("ix_rights_account"), table_name="rights")
    op.drop_table("rights")
    op.drop_index(op.f("ix_revocations_account"), table_name="revocations")
    op.drop_table("revocations")
    op.drop_index(op.f("ix_points_point"), table_name="points")
    op.drop_index(op.f("ix_points_account"), table_name="points")
    op.drop_table("points")
    op.drop_table("halts")
    op.drop_table("areas")
    op.drop_index(op.f("ix_admissions_account"), table_name="admissions")
    op.drop_table("admissions")
    op.drop_index(op.f("ix_accounts_owner"), table_name="accounts")
    op.drop_index(op.f("ix_accounts_account"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("facts")
    op.drop_table("blocks")
