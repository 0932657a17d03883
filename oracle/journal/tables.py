# SPDX-License-Identifier: MIT
"""The journal's tables. Instants are UTC seconds, energies whole Wh. The migrations make exactly these."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

polls = Table(
    "polls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("point", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("import_wh", BigInteger, nullable=False),
    Column("export_wh", BigInteger, nullable=False),
    Column("resolution_wh", Integer, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("usable", Boolean, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("import_carry_wh", BigInteger, nullable=False),
    Column("export_carry_wh", BigInteger, nullable=False),
    Column("scale_factor", Integer),
    Column("identity", Text, nullable=False),
    Column("import_ahead_mws", BigInteger, nullable=False, server_default="0"),
    Column("export_ahead_mws", BigInteger, nullable=False, server_default="0"),
    Column("power_mw", BigInteger),
    UniqueConstraint("point", "at"),
)
Index("polls_newest", polls.c.point, polls.c.usable, polls.c.at)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("gateway", Integer, nullable=False),
    Column("period", BigInteger, nullable=False),
    Column("journal", LargeBinary, nullable=False),  # hash of the raw polls behind the readings
    Column("readings", LargeBinary, nullable=False),  # the signed body
    Column("signature", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("transaction", Text, nullable=False, default=""),
)

boundaries = Table(
    "boundaries",
    metadata,
    Column("point", Integer, primary_key=True),
    Column("period", BigInteger, primary_key=True),
    Column("import_wh", BigInteger, nullable=False),
    Column("export_wh", BigInteger, nullable=False),
    Column("quality", Integer, nullable=False),
    Column("polled_before", BigInteger, nullable=False),
    Column("polled_after", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("batch", Integer, ForeignKey("batches.id"), index=True),
)
Index("boundaries_waiting", boundaries.c.state, boundaries.c.period)

exchanges = Table(
    "exchanges",
    metadata,
    Column("point", Integer, primary_key=True),
    Column("period", BigInteger, primary_key=True),
    Column("old_import_wh", BigInteger, nullable=False),
    Column("old_export_wh", BigInteger, nullable=False),
    Column("new_import_wh", BigInteger, nullable=False),
    Column("new_export_wh", BigInteger, nullable=False),
    Column("signature", LargeBinary, nullable=False),  # empty until the period is closed
    Column("state", Text, nullable=False),
)
