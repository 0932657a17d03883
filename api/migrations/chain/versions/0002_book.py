# SPDX-License-Identifier: MIT
"""Orders and trades."""

import sqlalchemy as sa
from alembic import op

from api.migrations.event_tables import HASH, INTEGER, MAYBE_INTEGER, TEXT, create_event_table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _levels()
    _orders()
    _tops()
    _cancels()
    _claims()
    _markets()
    _placements()
    _skipped_cancels()
    _skipped_orders()
    _takes()
    _trades()


def _levels() -> None:
    op.create_table(
        "levels",
        sa.Column("market", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tick", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("side", sa.BigInteger(), nullable=False),
        sa.Column("energy_wh", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("head_filled_wh", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("market", "tick"),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("market", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_hash", sa.String(length=66), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.BigInteger(), nullable=False),
        sa.Column("tick", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.BigInteger(), nullable=True),
        sa.Column("limit_ticks", sa.BigInteger(), nullable=False),
        sa.Column("fee_ticks", sa.BigInteger(), nullable=False),
        sa.Column("energy_wh", sa.BigInteger(), nullable=False),
        sa.Column("taken_wh", sa.BigInteger(), nullable=False),
        sa.Column("taken_value", sa.BigInteger(), nullable=False),
        sa.Column("rested_wh", sa.BigInteger(), nullable=False),
        sa.Column("filled_wh", sa.BigInteger(), nullable=False),
        sa.Column("returned_wh", sa.BigInteger(), nullable=False),
        sa.Column("cancel_reason", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("market", "seen"),
    )
    op.create_index(op.f("ix_orders_order_hash"), "orders", ["order_hash"], unique=False)
    op.create_index("orders_by_ref", "orders", ["market", "ref"], unique=True)
    op.create_index("orders_of_account", "orders", ["account", "seen"], unique=False)


def _tops() -> None:
    op.create_table(
        "tops",
        sa.Column("market", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("best_bid", sa.BigInteger(), nullable=True),
        sa.Column("best_offer", sa.BigInteger(), nullable=True),
        sa.Column("last_price", sa.BigInteger(), nullable=True),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("volume_wh", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("trades", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("market"),
    )


def _cancels() -> None:
    create_event_table(
        "cancels",
        market=INTEGER,
        ref=INTEGER,
        account=INTEGER,
        rest_wh=INTEGER,
        reason=INTEGER,
        transaction_hash=HASH,
    )
    op.create_index("cancels_of_block", "cancels", ["block_number"], unique=False)
    op.create_index("cancels_of_market", "cancels", ["market", "block_number", "log_index"], unique=False)
    op.create_index(op.f("ix_cancels_account"), "cancels", ["account"], unique=False)


def _claims() -> None:
    create_event_table(
        "claims",
        market=INTEGER,
        account=INTEGER,
        bought_wh=INTEGER,
        sold_wh=INTEGER,
        paid=INTEGER,
        received=INTEGER,
        locked=INTEGER,
    )
    op.create_index("claims_of_account", "claims", ["account", "market"], unique=False)


def _markets() -> None:
    create_event_table(
        "markets",
        market=INTEGER,
        area=INTEGER,
        carrier=INTEGER,
        period=INTEGER,
        retail_ticks=INTEGER,
        levy_buy_ticks=INTEGER,
        levy_sell_ticks=INTEGER,
    )
    op.create_index(op.f("ix_markets_market"), "markets", ["market"], unique=False)
    op.create_index("markets_by_period", "markets", ["area", "carrier", "period"], unique=False)


def _placements() -> None:
    create_event_table(
        "placements",
        order_hash=HASH,
        word=HASH,
        account=INTEGER,
        market=INTEGER,
        side=INTEGER,
        kind=INTEGER,
        limit_ticks=INTEGER,
        energy_wh=INTEGER,
        nonce=INTEGER,
        valid_until=INTEGER,
        tick=INTEGER,
        fee_ticks=INTEGER,
        ref=MAYBE_INTEGER,
        rest_wh=INTEGER,
        transaction_hash=HASH,
    )
    op.create_index(op.f("ix_placements_order_hash"), "placements", ["order_hash"], unique=False)
    op.create_index("placements_of_block", "placements", ["block_number"], unique=False)
    op.create_index(
        "placements_of_market", "placements", ["market", "block_number", "log_index"], unique=False
    )


def _skipped_cancels() -> None:
    create_event_table("skipped_cancels", account=INTEGER, ref=INTEGER, error=TEXT, transaction_hash=HASH)
    op.create_index(op.f("ix_skipped_cancels_account"), "skipped_cancels", ["account"], unique=False)


def _skipped_orders() -> None:
    create_event_table(
        "skipped_orders",
        order_hash=HASH,
        word=HASH,
        account=INTEGER,
        market=INTEGER,
        error=TEXT,
        transaction_hash=HASH,
    )
    op.create_index(op.f("ix_skipped_orders_account"), "skipped_orders", ["account"], unique=False)
    op.create_index(op.f("ix_skipped_orders_order_hash"), "skipped_orders", ["order_hash"], unique=False)


def _takes() -> None:
    create_event_table(
        "takes",
        market=INTEGER,
        tick=INTEGER,
        energy_wh=INTEGER,
        head=INTEGER,
        head_filled_wh=INTEGER,
        transaction_hash=HASH,
    )
    op.create_index("takes_of_block", "takes", ["block_number"], unique=False)
    op.create_index("takes_of_market", "takes", ["market", "block_number", "log_index"], unique=False)


def _trades() -> None:
    create_event_table(
        "trades",
        market=INTEGER,
        tick=INTEGER,
        energy_wh=INTEGER,
        taker_side=INTEGER,
        buyer=INTEGER,
        seller=INTEGER,
        buyer_fee_ticks=INTEGER,
        seller_fee_ticks=INTEGER,
        bid_hash=HASH,
        offer_hash=HASH,
        at=INTEGER,
    )
    op.create_index("trades_of_buyer", "trades", ["buyer", "block_number", "log_index"], unique=False)
    op.create_index(
        "trades_of_market", "trades", ["market", "block_number", "log_index", "part"], unique=False
    )
    op.create_index("trades_of_seller", "trades", ["seller", "block_number", "log_index"], unique=False)


def downgrade() -> None:
    op.drop_index("trades_of_seller", table_name="trades")
    op.drop_index("trades_of_market", table_name="trades")
    op.drop_index("trades_of_buyer", table_name="trades")
    op.drop_table("trades")
    op.drop_index("takes_of_market", table_name="takes")
    op.drop_index("takes_of_block", table_name="takes")
    op.drop_table("takes")
    op.drop_index(op.f("ix_skipped_orders_order_hash"), table_name="skipped_orders")
    op.drop_index(op.f("ix_skipped_orders_account"), table_name="skipped_orders")
    op.drop_table("skipped_orders")
    op.drop_index(op.f("ix_skipped_cancels_account"), table_name="skipped_cancels")
    op.drop_table("skipped_cancels")
    op.drop_index("placements_of_market", table_name="placements")
    op.drop_index("placements_of_block", table_name="placements")
    op.drop_index(op.f("ix_placements_order_hash"), table_name="placements")
    op.drop_table("placements")
    op.drop_index("markets_by_period", table_name="markets")
    op.drop_index(op.f("ix_markets_market"), table_name="markets")
    op.drop_table("markets")
    op.drop_index("claims_of_account", table_name="claims")
    op.drop_table("claims")
    op.drop_index(op.f("ix_cancels_account"), table_name="cancels")
    op.drop_index("cancels_of_market", table_name="cancels")
    op.drop_index("cancels_of_block", table_name="cancels")
    op.drop_table("cancels")
    op.drop_table("tops")
    op.drop_index("orders_of_account", table_name="orders")
    op.drop_index("orders_by_ref", table_name="orders")
    op.drop_index(op.f("ix_orders_order_hash"), table_name="orders")
    op.drop_table("orders")
    op.drop_table("levels")
