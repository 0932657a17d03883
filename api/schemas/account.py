# SPDX-License-Identifier: MIT
"""An account, its metering points, and its statements: for its owner."""

from typing import Literal

from pydantic import Field

from api.schemas.base import (
    AccountId,
    Address,
    Body,
    Currency,
    Hash,
    Kwh,
    MarketId,
    Period,
    Seconds,
    Units,
    Wh,
)


class AccountOfOwner(Body):
    account: AccountId
    area: int
    owner: Address
    buyer: bool
    seller: bool
    next_nonce: int


class Account(AccountOfOwner):
    revoked: bool
    first_period: Period | None
    balance_units: Units
    balance_currency: Currency
    withdrawable_units: Units
    withdrawable_currency: Currency
    locked_units: Units
    locked_currency: Currency
    debt_units: Units
    debt_currency: Currency
    debt_limit_units: Units
    debt_limit_currency: Currency
    wallet_tokens: str
    allowance_tokens: str
    points: list[int]
    block: int


class Move(Body):
    """Money in or out; `debt` shows the new total."""

    kind: Literal["deposit", "withdrawal", "settlement", "correction", "residual", "debt", "lockLowered"]
    amount_units: Units
    amount_currency: Currency
    period: Period | None
    at: Seconds
    block: int
    transaction: Hash | None


class Point(Body):
    point: int
    carrier: int
    max_import_wh: Wh
    max_import_kwh: Kwh
    max_export_wh: Wh
    max_export_kwh: Kwh
    default_import_wh: Wh
    default_import_kwh: Kwh
    resolution_wh: Wh
    gateway: int
    first_period: Period


class Reading(Body):
    """A point's energy of one period. A disputed one isn't final, nor is what was measured from it on.

    `apart`: the meter was exchanged in it; the energy is what both meters counted.
    """

    point: int
    period: Period
    starts_at: Seconds
    import_wh: Wh
    import_kwh: Kwh
    export_wh: Wh
    export_kwh: Kwh
    quality: Literal["base", "measured", "estimated", "substituted", "defaulted", "corrected", "apart"]
    disputed: bool
    final: bool


class EnergyPeriod(Body):
    """All points of the account together, beside what it traded."""

    period: Period
    starts_at: Seconds
    import_wh: Wh | None
    import_kwh: Kwh | None
    export_wh: Wh | None
    export_kwh: Kwh | None
    bought_wh: Wh
    bought_kwh: Kwh
    sold_wh: Wh
    sold_kwh: Kwh
    final: bool


class StatementAmounts(Body):
    """Energy and money of a period, or of all periods; null where not known yet."""

    import_wh: Wh | None
    import_kwh: Kwh | None
    export_wh: Wh | None
    export_kwh: Kwh | None
    bought_wh: Wh | None
    bought_kwh: Kwh | None
    sold_wh: Wh | None
    sold_kwh: Kwh | None
    imbalance_wh: Wh | None
    imbalance_kwh: Kwh | None
    paid_units: Units | None
    paid_currency: Currency | None
    received_units: Units | None
    received_currency: Currency | None
    imbalance_units: Units | None
    imbalance_currency: Currency | None
    cash_units: Units | None
    cash_currency: Currency | None
    unsettled_units: Units | None
    unsettled_currency: Currency | None
    debt_units: Units | None
    debt_currency: Currency | None
    backstop_only_units: Units | None
    backstop_only_currency: Currency | None
    saved_units: Units | None
    saved_currency: Currency | None
    certificates_wh: Wh | None
    certificates_kwh: Kwh | None


class StatementRow(StatementAmounts):
    """A period, or a residual: energy of several, known too late for corrections; `period` is its last."""

    kind: Literal["period", "residual"]
    period: Period
    starts_at: Seconds
    state: Literal["traded", "metered", "settled", "corrected"]


class Statement(Body):
    account: AccountId
    carrier: int
    first: Period = Field(alias="from")
    to: Period
    rows: list[StatementRow]
    totals: StatementAmounts


class Certificate(Body):
    """Certificates handed out, or retired; `market` is the seller's."""

    market: MarketId
    area: int
    carrier: int
    period: Period
    energy_wh: Wh
    energy_kwh: Kwh
    at: Seconds


class HeldCertificate(Body):
    """Certificates that the owner holds; `retirable`: as much as the account's import then still takes."""

    market: MarketId
    area: int
    carrier: int
    period: Period
    held_wh: Wh
    held_kwh: Kwh
    retirable_wh: Wh
    retirable_kwh: Kwh


class Disputable(Body):
    """A reading's registers at the period's end; what was claimed is null until it is disputed."""

    point: int
    period: Period
    state: Literal["none", "open", "upheld", "rejected", "expired"]
    disputable: bool
    import_register_wh: Wh | None
    import_register_kwh: Kwh | None
    export_register_wh: Wh | None
    export_register_kwh: Kwh | None
    import_claimed_wh: Wh | None
    import_claimed_kwh: Kwh | None
    export_claimed_wh: Wh | None
    export_claimed_kwh: Kwh | None
    bond_units: Units
    bond_currency: Currency
    disputable_until: Seconds
    decidable_until: Seconds


class DisputeStep(Body):
    """What became of a dispute: registers claimed while open, decided afterwards."""

    point: int
    period: Period
    state: Literal["open", "upheld", "rejected", "expired"]
    import_register: int
    export_register: int
    at: Seconds
