# SPDX-License-Identifier: MIT
"""chain.db: orders and trades.

The first group comes from logs; the second is derived from it, market by market, and after a reorganisation
derived anew for the markets that it touched.
"""

from sqlalchemy import BigInteger, Column, Index, Table

from api.tables.chain import HASH, integer, log_table, metadata, text

# side and kind as in wattbook.orders: 0 bid, 1 offer; 0 limit, 1 immediate-or-cancel.

markets = log_table(
    "markets",
    integer("market", index=True),
    integer("area"),
    integer("carrier"),
    integer("period"),
    integer("retail_ticks"),
    integer("levy_buy_ticks"),
    integer("levy_sell_ticks"),
    Index("markets_by_period", "area", "carrier", "period"),
)

# `tick` is the folded price, `ref` is null where nothing rests.
placements = log_table(
    "placements",
    text("order_hash", HASH, index=True),
    text("word", HASH),
    integer("account"),
    integer("market"),
    integer("side"),
    integer("kind"),
    integer("limit_ticks"),
    integer("energy_wh"),
    integer("nonce"),
    integer("valid_until"),
    integer("tick"),
    integer("fee_ticks"),
    integer("ref", nullable=True),
    integer("rest_wh"),
    text("transaction_hash", HASH),
    Index("placements_of_block", "block_number"),
    Index("placements_of_market", "market", "block_number", "log_index"),
)

takes = log_table(
    "takes",
    integer("market"),
    integer("tick"),
    integer("energy_wh"),
    integer("head"),
    integer("head_filled_wh"),
    text("transaction_hash", HASH),
    Index("takes_of_block", "block_number"),
    Index("takes_of_market", "market", "block_number", "log_index"),
)

# reason: 0 owner, 1 own opposite, 2 gate closed, 3 not admitted.
cancels = log_table(
    "cancels",
    integer("market"),
    integer("ref"),
    integer("account", index=True),
    integer("rest_wh"),
    integer("reason"),
    text("transaction_hash", HASH),
    Index("cancels_of_block", "block_number"),
    Index("cancels_of_market", "market", "block_number", "log_index"),
)

# Orders and cancels of a batch that the book refused; `error` is the revert data.
skipped_orders = log_table(
    "skipped_orders",
    text("order_hash", HASH, index=True),
    text("word", HASH),
    integer("account", index=True),
    integer("market"),
    text("error"),
    text("transaction_hash", HASH),
)

skipped_cancels = log_table(
    "skipped_cancels",
    integer("account", index=True),
    integer("ref"),
    text("error"),
    text("transaction_hash", HASH),
)

# Fills of void markets, whose claims gave the locks back.
claims = log_table(
    "claims",
    integer("market"),
    integer("account"),
    integer("bought_wh"),
    integer("sold_wh"),
    integer("paid"),
    integer("received"),
    integer("locked"),
    Index("claims_of_account", "account", "market"),
)

# Derived. A trade has the key of the LevelTaken that implies it; `part` counts the makers.
trades = log_table(
    "trades",
    integer("market"),
    integer("tick"),
    integer("energy_wh"),
    integer("taker_side"),
    integer("buyer"),
    integer("seller"),
    integer("buyer_fee_ticks"),
    integer("seller_fee_ticks"),
    text("bid_hash", HASH),
    text("offer_hash", HASH),
    integer("at"),
    Index("trades_of_market", "market", "block_number", "log_index", "part"),
    Index("trades_of_buyer", "buyer", "block_number", "log_index"),
    Index("trades_of_seller", "seller", "block_number", "log_index"),
)

# One row for every order that entered a book: what became of it.
# `seen` is its place in time: block number << 32 | log index.
# state: 0 resting, 1 filled, 2 cancelled, 3 dropped.
orders = Table(
    "orders",
    metadata,
    Column("market", BigInteger, primary_key=True, autoincrement=False),
    Column("seen", BigInteger, primary_key=True, autoincrement=False),
    text("order_hash", HASH, index=True),
    integer("account"),
    integer("side"),
    integer("tick"),
    integer("ref", nullable=True),
    integer("limit_ticks"),
    integer("fee_ticks"),
    integer("energy_wh"),
    integer("taken_wh"),
    integer("taken_value"),
    integer("rested_wh"),
    integer("filled_wh"),
    integer("returned_wh"),
    integer("cancel_reason", nullable=True),
    integer("state"),
    Index("orders_of_account", "account", "seen"),
    Index("orders_by_ref", "market", "ref", unique=True),
)

# A tick of a market: what lives there, on which side, and how far its queue is filled (wattbook.model.level).
levels = Table(
    "levels",
    metadata,
    Column("market", BigInteger, primary_key=True, autoincrement=False),
    Column("tick", BigInteger, primary_key=True, autoincrement=False),
    integer("side"),
    integer("energy_wh"),
    integer("orders"),
    integer("head"),
    integer("head_filled_wh"),
)

tops = Table(
    "tops",
    metadata,
    Column("market", BigInteger, primary_key=True, autoincrement=False),
    integer("best_bid", nullable=True),
    integer("best_offer", nullable=True),
    integer("last_price", nullable=True),
    integer("low", nullable=True),
    integer("high", nullable=True),
    integer("volume_wh"),
    integer("value"),
    integer("trades"),
)
