# SPDX-License-Identifier: MIT
"""relay.db: what was accepted and can't be rebuilt from the chain: orders, receipts, sessions. Back it up."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

HASH = String(66)

# One row, "queue": the last sequence given out. Locking it makes commits follow the sequence.
counters = Table(
    "counters",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# state: accepted → batched → placed | cancelled | skipped | failed (the outcomes from the chain).
# A cancel has `ref`, an order has `word`. `by_wallet`: a contract wallet answered for its signature.
queue = Table(
    "queue",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(6), nullable=False),
    Column("hash", HASH, nullable=False, unique=True),
    Column("account", BigInteger, nullable=False),
    Column("market", BigInteger, nullable=False),
    Column("nonce", BigInteger),
    Column("word", HASH),
    Column("ref", BigInteger),
    Column("valid_until", BigInteger, nullable=False),
    Column("signature", Text, nullable=False),
    Column("by_wallet", Boolean, nullable=False),
    Column("accepted_at", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("batch", BigInteger),
    Column("transaction_hash", HASH),
    Column("error", Text),
    Index("queue_by_state", "state", "sequence"),
    Index("queue_of_account", "account", "state"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("sequence", BigInteger, ForeignKey("queue.sequence"), primary_key=True, autoincrement=False),
    Column("hash", HASH, nullable=False, unique=True),
    Column("received_at", BigInteger, nullable=False),
    Column("signer", String(42), nullable=False),
    Column("signature", Text, nullable=False),
)

# A transaction of ours. Its content is fixed before the sender hears of it, so that a restart sends the same.
batches = Table(
    "batches",
    metadata,
    Column("batch", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("kind", String(6), nullable=False),
    Column("data", Text, nullable=False),
    Column("gas", BigInteger, nullable=False),
    Column("open", Boolean, nullable=False),
    Index("batches_open", "open"),
)

# A session's token is kept as its SHA-256; `nonce` is of the signed message and opens once.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("nonce", HASH, nullable=False, unique=True),
    Column("participant", String(42), nullable=False, index=True),
    Column("opened_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

# When each process last did its work.
beats = Table(
    "beats",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("address", String(42), nullable=False),
)
