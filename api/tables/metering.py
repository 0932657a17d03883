# SPDX-License-Identifier: MIT
"""chain.db: registers at period ends, and the energies between them.

Energies of a period can be written again (correction, shared difference): the latest row holds.
"""

from sqlalchemy import Index, String

from api.tables.chain import HASH, integer, log_table, text

batches = log_table(
    "batches", integer("gateway"), integer("period"), text("journal", HASH), text("transaction_hash", HASH)
)

# quality as in wattbook.typeddata.Quality. Registers modulo 2^28.
registers = log_table(
    "registers",
    integer("point"),
    integer("period"),
    integer("import_register"),
    integer("export_register"),
    integer("quality"),
    Index("registers_of_point", "point", "period"),
)

energies = log_table(
    "energies",
    integer("point"),
    integer("account"),
    integer("carrier"),
    integer("period"),
    integer("import_wh"),
    integer("export_wh"),
    integer("quality"),
    Index("energies_of_point", "point", "period"),
    Index("energies_of_account", "account", "carrier", "period"),
    Index("energies_of_period", "carrier", "period"),
)

# Whether a reading is disputed, 1 or 0; the latest row holds.
disputes = log_table(
    "disputes",
    integer("point"),
    integer("period"),
    integer("disputed"),
    Index("disputes_of_point", "point", "period"),
)

# What became of a dispute; registers claimed, or decided. An expired one has neither.
dispute_steps = log_table(
    "dispute_steps",
    integer("account", index=True),
    integer("point"),
    integer("period"),
    text("state", String(8)),
    integer("import_register"),
    integer("export_register"),
)
