# SPDX-License-Identifier: MIT
"""chain.db: blocks, and what the registry and the grid's oversight said.

Every row that a log brought is keyed by (block hash, log index, part) and goes with its block: deleting a
block deletes all that it brought. `part` counts the rows of one log. Integers are in base units.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, MetaData, String, Table, Text

metadata = MetaData()

HASH = String(66)
ADDRESS = String(42)


def integer(name: str, **options: Any) -> Column[int]:
    return Column(name, BigInteger, nullable=options.pop("nullable", False), **options)


def text(name: str, kind: Any = Text, **options: Any) -> Column[str]:
    return Column(name, kind, nullable=options.pop("nullable", False), **options)


def flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def log_table(name: str, *columns: Any) -> Table:
    """A table whose rows come from logs; all of them go with their block."""
    return Table(
        name,
        metadata,
        Column("block_hash", HASH, ForeignKey("blocks.hash", ondelete="CASCADE"), primary_key=True),
        Column("log_index", BigInteger, primary_key=True, autoincrement=False),
        Column("part", BigInteger, primary_key=True, autoincrement=False),
        Column("block_number", BigInteger, nullable=False),
        *columns,
    )


facts = Table("facts", metadata, Column("name", String(40), primary_key=True), text("value"))

blocks = Table(
    "blocks",
    metadata,
    Column("hash", HASH, primary_key=True),
    integer("number", unique=True),
    text("parent_hash", HASH),
    integer("at"),
)

areas = log_table("areas", integer("area"), text("backstop_owner", ADDRESS), text("fee_owner", ADDRESS))

accounts = log_table("accounts", integer("account", index=True), text("owner", ADDRESS, index=True))

# From AccountOpened and RightsChanged: the latest row of an account holds.
rights = log_table("rights", integer("account", index=True), flag("buyer"), flag("seller"))

admissions = log_table(
    "admissions",
    text("number", String(20)),
    text("participant", ADDRESS),
    integer("account", index=True),
    integer("first_period"),
)

revocations = log_table("revocations", text("number", String(20)), integer("account", index=True))

points = log_table(
    "points",
    integer("point", index=True),
    integer("account", index=True),
    integer("carrier"),
    integer("max_import_wh"),
    integer("max_export_wh"),
    integer("default_import_wh"),
    integer("resolution_wh"),
    integer("gateway"),
    integer("first_period"),
)

terms = log_table(
    "terms",
    integer("area"),
    integer("carrier"),
    integer("from_period"),
    integer("retail_ticks"),
    integer("feed_in_ticks"),
    integer("levy_buy_ticks"),
    integer("levy_sell_ticks"),
    integer("export_capacity_wh"),
    integer("inbound_capacity_wh"),
    integer("share_cap_wh"),
    Index("terms_by_period", "area", "carrier", "from_period"),
)

# What accounts of `source` pay in markets of `target`, and what can flow there from `source`.
connections = log_table(
    "connections",
    integer("source"),
    integer("target"),
    integer("carrier"),
    integer("from_period"),
    integer("fee_ticks"),
    integer("capacity_wh"),
    Index("connections_by_period", "source", "target", "carrier", "from_period"),
)

# `until` is 0 where trading was resumed; the latest row of (venue, area, carrier) holds.
halts = log_table(
    "halts",
    text("venue", ADDRESS),
    integer("area"),
    integer("carrier"),
    integer("until"),
    text("reason"),
)

voids = log_table("voids", text("venue", ADDRESS), integer("market", index=True), text("reason"))

# What the live event stream sends, ready made. `account` is null for public events; those of a block's end
# have log indices from END_OF_BLOCK on.
END_OF_BLOCK = 1_000_000_000

stream = log_table(
    "stream",
    text("kind", String(20)),
    integer("account", nullable=True),
    integer("market", nullable=True),
    integer("area", nullable=True),
    text("data"),
    Index("stream_in_order", "block_number", "log_index", "part"),
)
