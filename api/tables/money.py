# SPDX-License-Identifier: MIT
"""chain.db: deposits, debts, positions, settlements, fees and certificates. Money in cash units."""

from sqlalchemy import Index, String

from api.tables.chain import ADDRESS, HASH, integer, log_table, text

# kind: deposit, withdrawal (negative), settlement, correction and residual (signed), lockLowered.
moves = log_table(
    "moves",
    text("kind", String(20)),
    integer("account"),
    integer("amount"),
    integer("period", nullable=True),
    text("transaction_hash", HASH),
    Index("moves_of_account", "account", "block_number", "log_index", "part"),
)

debts = log_table("debts", integer("account", index=True), integer("debt"))

# Fills that became a position in Settlement.
positions = log_table(
    "positions",
    integer("market"),
    text("venue", ADDRESS),
    integer("account"),
    integer("carrier"),
    integer("period"),
    integer("bought_wh"),
    integer("sold_wh"),
    integer("paid"),
    integer("received"),
    integer("locked"),
    Index("positions_of_account", "account", "carrier", "period"),
)

booked_fees = log_table("booked_fees", integer("market", index=True), integer("fees"))

settlements = log_table(
    "settlements",
    integer("account"),
    integer("carrier"),
    integer("period"),
    integer("import_wh"),
    integer("export_wh"),
    integer("payout"),
    integer("debt_added"),
    Index("settlements_of_account", "account", "carrier", "period"),
    Index("settlements_of_period", "carrier", "period"),
)

# Settled though readings were disputed or the backstop couldn't pay: the rest comes as a correction.
set_asides = log_table(
    "set_asides",
    integer("account"),
    integer("carrier"),
    integer("period"),
    Index("set_asides_of_account", "account", "carrier", "period"),
)

# Energy known too late for corrections, signed; settled apart from all periods.
residuals = log_table(
    "residuals",
    integer("id"),
    integer("account"),
    integer("carrier"),
    integer("first_period"),
    integer("last_period"),
    integer("import_wh"),
    integer("export_wh"),
    Index("residuals_of_account", "account", "carrier", "last_period"),
)

residual_settlements = log_table(
    "residual_settlements",
    integer("id"),
    integer("account", index=True),
    integer("payout"),
    integer("debt_added"),
)

area_settlements = log_table(
    "area_settlements", integer("area"), integer("carrier"), integer("period", index=True), integer("payout")
)

guarantees = log_table(
    "guarantees", integer("area"), integer("carrier"), integer("period", index=True), integer("amount")
)

fee_payments = log_table(
    "fee_payments", integer("area"), integer("carrier"), integer("period", index=True), integer("amount")
)

lowered_locks = log_table(
    "lowered_locks",
    integer("account"),
    integer("carrier"),
    integer("period"),
    integer("amount"),
    Index("lowered_locks_of_account", "account", "carrier", "period"),
)

certificates = log_table(
    "certificates",
    integer("account"),
    integer("market"),
    integer("carrier"),
    integer("period"),
    integer("energy_wh"),
    Index("certificates_of_account", "account", "carrier", "period"),
)

retirements = log_table(
    "retirements",
    integer("account"),
    integer("market"),
    integer("carrier"),
    integer("period"),
    integer("energy_wh"),
    Index("retirements_of_account", "account", "carrier", "period"),
)

certificate_moves = log_table(
    "certificate_moves",
    text("sender", ADDRESS, index=True),
    text("receiver", ADDRESS, index=True),
    integer("market"),
    integer("energy_wh"),
)
