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

from oracle.journal.columns import required

metadata = MetaData()

polls = Table(
    "polls",
    metadata,
    Column("id", Integer, primary_key=True),
    *required(Integer, "point"),
    *required(BigInteger, "at", "import_wh", "export_wh"),
    *required(Integer, "resolution_wh", "flags"),
    *required(Boolean, "usable"),
    *required(LargeBinary, "raw"),
    *required(BigInteger, "import_carry_wh", "export_carry_wh"),
    Column("scale_factor", Integer),
    *required(Text, "identity"),
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
    *required(Integer, "gateway"),
    *required(BigInteger, "period"),
    *required(LargeBinary, "journal"),  # hash of the raw polls behind the readings
    *required(LargeBinary, "readings"),  # the signed body
    *required(LargeBinary, "signature"),
    Column("state", Text, nullable=False, index=True),
    Column("transaction", Text, nullable=False, default=""),
)

boundaries = Table(
    "boundaries",
    metadata,
    Column("point", Integer, primary_key=True),
    Column("period", BigInteger, primary_key=True),
    *required(BigInteger, "import_wh", "export_wh"),
    *required(Integer, "quality"),
    *required(BigInteger, "polled_before", "polled_after"),
    *required(Text, "state"),
    Column("reason", Text, nullable=False, default=""),
    Column("batch", Integer, ForeignKey("batches.id"), index=True),
)
Index("boundaries_waiting", boundaries.c.state, boundaries.c.period)

exchanges = Table(
    "exchanges",
    metadata,
    Column("point", Integer, primary_key=True),
    Column("period", BigInteger, primary_key=True),
    *required(BigInteger, "old_import_wh", "old_export_wh", "new_import_wh", "new_export_wh"),
    *required(LargeBinary, "signature"),  # empty until the period is closed
    *required(Text, "state"),
)
