# SPDX-License-Identifier: MIT
"""Blocks, members, terms, the stream."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("hash", sa.String(length=66), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("parent_hash", sa.String(length=66), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "accounts",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(length=42), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_accounts_account"), "accounts", ["account"], unique=False)
    op.create_index(op.f("ix_accounts_owner"), "accounts", ["owner"], unique=False)
    op.create_table(
        "admissions",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("participant", sa.String(length=42), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("first_period", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_admissions_account"), "admissions", ["account"], unique=False)
    op.create_table(
        "areas",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("backstop_owner", sa.String(length=42), nullable=False),
        sa.Column("fee_owner", sa.String(length=42), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_table(
        "halts",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("venue", sa.String(length=42), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_table(
        "points",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("point", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("max_import_wh", sa.BigInteger(), nullable=False),
        sa.Column("max_export_wh", sa.BigInteger(), nullable=False),
        sa.Column("default_import_wh", sa.BigInteger(), nullable=False),
        sa.Column("resolution_wh", sa.BigInteger(), nullable=False),
        sa.Column("gateway", sa.BigInteger(), nullable=False),
        sa.Column("first_period", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_points_account"), "points", ["account"], unique=False)
    op.create_index(op.f("ix_points_point"), "points", ["point"], unique=False)
    op.create_table(
        "revocations",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_revocations_account"), "revocations", ["account"], unique=False)
    op.create_table(
        "rights",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("buyer", sa.Boolean(), nullable=False),
        sa.Column("seller", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_rights_account"), "rights", ["account"], unique=False)
    op.create_table(
        "stream",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("market", sa.BigInteger(), nullable=True),
        sa.Column("area", sa.BigInteger(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index("stream_in_order", "stream", ["block_number", "log_index", "part"], unique=False)
    op.create_table(
        "terms",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("from_period", sa.BigInteger(), nullable=False),
        sa.Column("retail_ticks", sa.BigInteger(), nullable=False),
        sa.Column("feed_in_ticks", sa.BigInteger(), nullable=False),
        sa.Column("levy_buy_ticks", sa.BigInteger(), nullable=False),
        sa.Column("levy_sell_ticks", sa.BigInteger(), nullable=False),
        sa.Column("export_capacity_wh", sa.BigInteger(), nullable=False),
        sa.Column("inbound_capacity_wh", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index("terms_by_period", "terms", ["area", "carrier", "from_period"], unique=False)
    op.create_table(
        "voids",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("venue", sa.String(length=42), nullable=False),
        sa.Column("market", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
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
