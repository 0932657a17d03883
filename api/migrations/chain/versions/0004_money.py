# SPDX-License-Identifier: MIT
"""Deposits, settlements, certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_settlements",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("payout", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_area_settlements_period"), "area_settlements", ["period"], unique=False)
    op.create_table(
        "booked_fees",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("market", sa.BigInteger(), nullable=False),
        sa.Column("fees", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_booked_fees_market"), "booked_fees", ["market"], unique=False)
    op.create_table(
        "certificate_moves",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.String(length=42), nullable=False),
        sa.Column("receiver", sa.String(length=42), nullable=False),
        sa.Column("market", sa.BigInteger(), nullable=False),
        sa.Column("energy_wh", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_certificate_moves_receiver"), "certificate_moves", ["receiver"], unique=False)
    op.create_index(op.f("ix_certificate_moves_sender"), "certificate_moves", ["sender"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("market", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("energy_wh", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index("certificates_of_account", "certificates", ["account", "carrier", "period"], unique=False)
    op.create_table(
        "debts",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_debts_account"), "debts", ["account"], unique=False)
    op.create_table(
        "fee_payments",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_fee_payments_period"), "fee_payments", ["period"], unique=False)
    op.create_table(
        "guarantees",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(op.f("ix_guarantees_period"), "guarantees", ["period"], unique=False)
    op.create_table(
        "lowered_locks",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(
        "lowered_locks_of_account", "lowered_locks", ["account", "carrier", "period"], unique=False
    )
    op.create_table(
        "moves",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=True),
        sa.Column("transaction_hash", sa.String(length=66), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index(
        "moves_of_account", "moves", ["account", "block_number", "log_index", "part"], unique=False
    )
    op.create_table(
        "positions",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("market", sa.BigInteger(), nullable=False),
        sa.Column("venue", sa.String(length=42), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("bought_wh", sa.BigInteger(), nullable=False),
        sa.Column("sold_wh", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("locked", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index("positions_of_account", "positions", ["account", "carrier", "period"], unique=False)
    op.create_table(
        "settlements",
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("import_wh", sa.BigInteger(), nullable=False),
        sa.Column("export_wh", sa.BigInteger(), nullable=False),
        sa.Column("payout", sa.BigInteger(), nullable=False),
        sa.Column("debt_added", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["block_hash"], ["blocks.hash"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("block_hash", "log_index", "part"),
    )
    op.create_index("settlements_of_account", "settlements", ["account", "carrier", "period"], unique=False)
    op.create_index("settlements_of_period", "settlements", ["carrier", "period"], unique=False)


def downgrade() -> None:
    op.drop_index("settlements_of_period", table_name="settlements")
    op.drop_index("settlements_of_account", table_name="settlements")
    op.drop_table("settlements")
    op.drop_index("positions_of_account", table_name="positions")
    op.drop_table("positions")
    op.drop_index("moves_of_account", table_name="moves")
    op.drop_table("moves")
    op.drop_index("lowered_locks_of_account", table_name="lowered_locks")
    op.drop_table("lowered_locks")
    op.drop_index(op.f("ix_guarantees_period"), table_name="guarantees")
    op.drop_table("guarantees")
    op.drop_index(op.f("ix_fee_payments_period"), table_name="fee_payments")
    op.drop_table("fee_payments")
    op.drop_index(op.f("ix_debts_account"), table_name="debts")
    op.drop_table("debts")
    op.drop_index("certificates_of_account", table_name="certificates")
    op.drop_table("certificates")
    op.drop_index(op.f("ix_certificate_moves_sender"), table_name="certificate_moves")
    op.drop_index(op.f("ix_certificate_moves_receiver"), table_name="certificate_moves")
    op.drop_table("certificate_moves")
    op.drop_index(op.f("ix_booked_fees_market"), table_name="booked_fees")
    op.drop_table("booked_fees")
    op.drop_index(op.f("ix_area_settlements_period"), table_name="area_settlements")
    op.drop_table("area_settlements")
