# SPDX-License-Identifier: MIT
"""Orders, cancels, sign-ins and transactions to sign."""

from typing import Any, Literal

from pydantic import Field

from api.schemas.base import (
    AccountId,
    Address,
    Body,
    Currency,
    Hash,
    Hex,
    Kwh,
    MarketId,
    PerKwh,
    Reason,
    Request,
    Seconds,
    Signature,
    Ticks,
    Units,
    Wh,
)
from api.schemas.market import Side

Kind = Literal["limit", "immediateOrCancel", "fillOrKill", "postOnly"]
TypedData = dict[str, Any]


class OrderWish(Request):
    """What somebody wants to order: energy and price once each, in either unit."""

    account: AccountId
    market: MarketId
    side: Side
    kind: Kind = "limit"
    energy_kwh: Kwh | None = None
    energy_wh: Wh | None = None
    price_per_kwh: PerKwh | None = None
    price_ticks: Ticks | None = None
    valid_until: Seconds | None = Field(default=None, description="UTC seconds; null: the gate")


class OrderSummary(Body):
    side: Side
    energy_wh: Wh
    energy_kwh: Kwh
    limit_ticks: Ticks
    limit_per_kwh: PerKwh
    fee_ticks: Ticks
    fee_per_kwh: PerKwh
    book_price_ticks: Ticks
    book_price_per_kwh: PerKwh
    lock_units: Units
    lock_currency: Currency
    nonce: int
    valid_until: Seconds
    cancels_own: list[int]


class OrderToSign(Body):
    """`typedData` goes unchanged into eth_signTypedData_v4."""

    order: Hash
    hash: Hash
    typed_data: TypedData
    summary: OrderSummary


class SignedOrder(Request):
    order: Hash
    signature: Signature


class Receipt(Body):
    """The relay's signed word that it took something as number `sequence`."""

    hash: Hash
    sequence: int
    accepted_at: Seconds
    signer: Address
    signature: Hex


class Accepted(Body):
    hash: Hash
    state: str
    receipt: Receipt


class CancelWish(Request):
    account: AccountId
    market: MarketId
    ref: int = Field(ge=0, le=0xFFFF_FFFF)
    valid_until: Seconds | None = Field(default=None, description="UTC seconds; null: an hour from now")


class Cancel(Body):
    account: AccountId
    market: MarketId
    ref: int
    valid_until: Seconds


class CancelToSign(Body):
    cancel: Cancel
    hash: Hash
    typed_data: TypedData


class SignedCancel(Request):
    account: AccountId
    market: MarketId
    ref: int = Field(ge=0, le=0xFFFF_FFFF)
    valid_until: Seconds
    signature: Signature


class CancelStatus(Body):
    hash: Hash
    account: AccountId
    market: MarketId
    ref: int
    state: Literal["accepted", "sent", "cancelled", "skipped", "failed"]
    rest_wh: Wh | None
    rest_kwh: Kwh | None
    transaction: Hash | None
    error: Reason | None


class Order(Body):
    """An order and what became of it."""

    hash: Hash
    order: Hash
    account: AccountId
    market: MarketId
    side: Side
    kind: Kind
    limit_ticks: Ticks
    limit_per_kwh: PerKwh
    energy_wh: Wh
    energy_kwh: Kwh
    nonce: int
    valid_until: int
    state: Literal["accepted", "sent", "resting", "filled", "cancelled", "dropped", "skipped", "failed"]
    ref: int | None
    book_price_ticks: Ticks | None
    book_price_per_kwh: PerKwh | None
    filled_wh: Wh
    filled_kwh: Kwh
    rest_wh: Wh
    rest_kwh: Kwh
    average_price_ticks: Ticks | None
    average_price_per_kwh: PerKwh | None
    relayed: bool
    sequence: int | None
    accepted_at: int | None
    placed_at: int | None
    transaction: Hash | None
    block: int | None
    cancel_reason: Literal["owner", "ownOpposite", "gateClosed", "notAdmitted"] | None
    error: Reason | None


class AccountTrade(Body):
    trade: str
    market: MarketId
    side: Side
    role: Literal["maker", "taker"]
    price_ticks: Ticks
    price_per_kwh: PerKwh
    fee_ticks: Ticks
    fee_per_kwh: PerKwh
    energy_wh: Wh
    energy_kwh: Kwh
    cash_units: Units
    cash_currency: Currency
    order_hash: Hash
    at: Seconds
    block: int


class SessionWish(Request):
    address: Address


class SessionToSign(Body):
    session: dict[str, Any]
    typed_data: TypedData


class SignedSession(Request):
    session: dict[str, Any]
    signature: Signature


class Session(Body):
    address: Address
    accounts: list[AccountId]
    expires_at: Seconds


class OpenedSession(Session):
    token: str


class PermitWish(Request):
    account: AccountId
    amount_currency: Currency | None = None
    amount_tokens: str | None = None


class PermitToSign(Body):
    typed_data: TypedData
    deadline: Seconds
    amount_tokens: str


class Transaction(Body):
    """Unsigned, for eth_sendTransaction."""

    to: Address
    data: Hex
    value: str
    chain_id: int
    sender: Address = Field(alias="from")
    description: str
