# SPDX-License-Identifier: MIT
"""Residuals: energy that became known too late for corrections, outside positions and certificates."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from api.tables.money import residual_settlements, residuals


def residuals_of(connection: Connection, account: int, carrier: int, periods: range) -> Sequence[Any]:
    """Those whose last period is among these, by it; `payout` and `debt_added` are None until settled."""
    settled = residual_settlements.c
    query = (
        select(residuals, settled.payout, settled.debt_added)
        .outerjoin(residual_settlements, settled.id == residuals.c.id)
        .where(residuals.c.account == account, residuals.c.carrier == carrier)
        .where(residuals.c.last_period >= periods.start, residuals.c.last_period < periods.stop)
        .order_by(residuals.c.last_period, residuals.c.id)
    )
    return connection.execute(query).all()
