# SPDX-License-Identifier: MIT
"""Deposits, settlements, certificates."""

from alembic import op

from api.migrations.event_tables import ADDRESS, HASH, INTEGER, MAYBE_INTEGER, create_event_table, string

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _area_settlements()
    _booked_fees()
    _certificate_moves()
    _certificates()
    _debts()
    _fee_payments()
    _guarantees()
    _lowered_locks()
    _moves()
    _positions()
    _settlements()


def _area_settlements() -> None:
    create_event_table("area_settlements", area=INTEGER, carrier=INTEGER, period=INTEGER, payout=INTEGER)
    op.create_index(op.f("ix_area_settlements_period"), "area_settlements", ["period"], unique=False)


def _booked_fees() -> None:
    create_event_table("booked_fees", market=INTEGER, fees=INTEGER)
    op.create_index(op.f("ix_booked_fees_market"), "booked_fees", ["market"], unique=False)


def _certificate_moves() -> None:
    create_event_table(
        "certificate_moves", sender=ADDRESS, receiver=ADDRESS, market=INTEGER, energy_wh=INTEGER
    )
    op.create_index(op.f("ix_certificate_moves_receiver"), "certificate_moves", ["receiver"], unique=False)
    op.create_index(op.f("ix_certificate_moves_sender"), "certificate_moves", ["sender"], unique=False)


def _certificates() -> None:
    create_event_table(
        "certificates", account=INTEGER, market=INTEGER, carrier=INTEGER, period=INTEGER, energy_wh=INTEGER
    )
    op.create_index("certificates_of_account", "certificates", ["account", "carrier", "period"], unique=False)


def _debts() -> None:
    create_event_table("debts", account=INTEGER, debt=INTEGER)
    op.create_index(op.f("ix_debts_account"), "debts", ["account"], unique=False)


def _fee_payments() -> None:
    create_event_table("fee_payments", area=INTEGER, carrier=INTEGER, period=INTEGER, amount=INTEGER)
    op.create_index(op.f("ix_fee_payments_period"), "fee_payments", ["period"], unique=False)


def _guarantees() -> None:
    create_event_table("guarantees", area=INTEGER, carrier=INTEGER, period=INTEGER, amount=INTEGER)
    op.create_index(op.f("ix_guarantees_period"), "guarantees", ["period"], unique=False)


def _lowered_locks() -> None:
    create_event_table("lowered_locks", account=INTEGER, carrier=INTEGER, period=INTEGER, amount=INTEGER)
    op.create_index(
        "lowered_locks_of_account", "lowered_locks", ["account", "carrier", "period"], unique=False
    )


def _moves() -> None:
    create_event_table(
        "moves", kind=string(20), account=INTEGER, amount=INTEGER, period=MAYBE_INTEGER, transaction_hash=HASH
    )
    op.create_index(
        "moves_of_account", "moves", ["account", "block_number", "log_index", "part"], unique=False
    )


def _positions() -> None:
    create_event_table(
        "positions",
        market=INTEGER,
        venue=ADDRESS,
        account=INTEGER,
        carrier=INTEGER,
        period=INTEGER,
        bought_wh=INTEGER,
        sold_wh=INTEGER,
        paid=INTEGER,
        received=INTEGER,
        locked=INTEGER,
    )
    op.create_index("positions_of_account", "positions", ["account", "carrier", "period"], unique=False)


def _settlements() -> None:
    create_event_table(
        "settlements",
        account=INTEGER,
        carrier=INTEGER,
        period=INTEGER,
        import_wh=INTEGER,
        export_wh=INTEGER,
        payout=INTEGER,
        debt_added=INTEGER,
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
