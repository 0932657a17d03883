# SPDX-License-Identifier: MIT
"""Unsigned transactions out, for wallets that send themselves; the API signs and sends none of them."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api import signing
from api.context import Context, Ctx
from api.errors import RequestInvalid, SignatureMalformed, TransactionUnknown
from api.preview import Preview
from api.reads.accounts import find_account
from api.routes import problems
from api.schemas.base import AccountId, Address, Hash, Hex, Kwh, MarketId, Period, Request, Seconds
from api.schemas.order import PermitToSign, PermitWish, Transaction
from wattbook.keys import compact, expand
from wattbook.typeddata import Permit, token_domain
from wattbook.units import format_cash, format_energy, parse_energy

router = APIRouter(prefix="/v1", tags=["transactions"])

# An account's balance has 64 bits.
MOST_CASH = (1 << 64) - 1
PERMIT_SECONDS = 3_600
# Of one page: its call stays well below a block's gas.
MOST_CANCELS = 200

Place = Annotated[int, Field(ge=0, le=0xFFFF_FFFF)]


class TransactionWish(Request):
    """What the named transaction needs, see its name's own fields."""

    order: Hash | None = None
    account: AccountId | None = None
    market: MarketId | None = None
    ref: Place | None = None
    refs: list[Place] | None = Field(default=None, min_length=1, max_length=MOST_CANCELS)
    amount_currency: str | None = Field(default=None, examples=["25.00"])
    amount_tokens: str | None = Field(default=None, examples=["25000000"])
    to: Address | None = None
    deadline: Seconds | None = None
    signature: Hex | None = None
    point: Annotated[int, Field(ge=1, le=0xFFFFFF)] | None = None
    period: Period | None = None
    import_register_kwh: Kwh | None = None
    export_register_kwh: Kwh | None = None
    energy_kwh: Kwh | None = None


class Call(NamedTuple):
    """A call of one of our contracts, from `sender`."""

    sender: str
    contract: str
    function: str
    arguments: tuple[Any, ...]
    description: str


def _need(value: Any, name: str) -> Any:
    if value is None:
        raise RequestInvalid(reason=f"{name} is missing")
    return value


async def _owner(ctx: Context, account: Any) -> str:
    wanted = _need(account, "account")

    def find() -> str:
        with ctx.index() as connection:
            return str(find_account(connection, wanted).owner)

    return await run_in_threadpool(find)


def _tokens(ctx: Context, wish: TransactionWish | PermitWish) -> int:
    """Token units, from either form. Raises RequestInvalid, AmountUnreadable, AmountInexact."""
    if (wish.amount_currency is None) == (wish.amount_tokens is None):
        raise RequestInvalid(reason="give either amountCurrency or amountTokens")
    token = ctx.contracts.deployment.token
    if wish.amount_currency is None:
        tokens = signing.whole(wish.amount_tokens, "amountTokens")
    else:
        tokens = token.parse(wish.amount_currency)
    if not 0 < token.to_cash(tokens) <= MOST_CASH:
        raise RequestInvalid(reason="the amount must lie above 0 and fit the vault")
    if not token.is_whole(tokens):
        not_whole = ctx.contracts.refusals.by_name("NotWholeCashUnits")
        raise not_whole(amount=tokens, tokenUnitsPerCashUnit=token.token_units_per_cash_unit)
    return tokens


def _shown(ctx: Context, tokens: int) -> str:
    return format_cash(ctx.contracts.deployment.token.to_cash(tokens))


async def _place_order(ctx: Context, wish: TransactionWish) -> Call:
    order = signing.read_order(_need(wish.order, "order"))
    owner = await _owner(ctx, order.account)
    preview = Preview(ctx)
    own = await run_in_threadpool(preview.own_in_the_way, order)
    await preview.order(order, owner, own)
    arguments = (int(str(wish.order), 16), own, ctx.settings.max_touches)
    return Call(owner, "OrderBook", "placeOrder", arguments, "Place an order directly")


async def _cancel_order(ctx: Context, wish: TransactionWish) -> Call:
    owner = await _owner(ctx, wish.account)
    market, ref = _need(wish.market, "market"), _need(wish.ref, "ref")
    await Preview(ctx).cancel(market, ref, owner)
    return Call(owner, "OrderBook", "cancelOrder", (market, ref), "Cancel an order directly")


async def _cancel_all(ctx: Context, wish: TransactionWish) -> Call:
    owner = await _owner(ctx, wish.account)
    market, refs = _need(wish.market, "market"), _need(wish.refs, "refs")
    await Preview(ctx).cancel_all(wish.account, market, refs, owner)  # type: ignore[arg-type]
    arguments = (wish.account, market, refs)
    return Call(owner, "OrderBook", "cancelAll", arguments, f"Cancel {len(refs)} orders directly")


async def _approve(ctx: Context, wish: TransactionWish) -> Call:
    tokens = _tokens(ctx, wish)
    arguments = (ctx.contracts.address("PaymentVault"), tokens)
    says = f"Let the vault take {_shown(ctx, tokens)} of the payment token"
    return Call(await _owner(ctx, wish.account), "TestEuro", "approve", arguments, says)


async def _deposit(ctx: Context, wish: TransactionWish) -> Call:
    tokens = _tokens(ctx, wish)
    owner = await _owner(ctx, wish.account)
    return Call(owner, "PaymentVault", "deposit", (wish.account, tokens), f"Deposit {_shown(ctx, tokens)}")


async def _deposit_with_permit(ctx: Context, wish: TransactionWish) -> Call:
    tokens = _tokens(ctx, wish)
    deadline, signature = _need(wish.deadline, "deadline"), _need(wish.signature, "signature")
    raw = bytes.fromhex(signature[2:]) if len(signature) % 2 == 0 else b""
    try:
        whole = expand(raw) if len(raw) == 64 else expand(compact(raw))
    except ValueError:
        raise SignatureMalformed() from None
    arguments = (wish.account, tokens, deadline, whole[64], whole[:32], whole[32:64])
    owner = await _owner(ctx, wish.account)
    says = f"Deposit {_shown(ctx, tokens)} with the signed permit"
    return Call(owner, "PaymentVault", "depositWithPermit", arguments, says)


async def _withdraw(ctx: Context, wish: TransactionWish) -> Call:
    tokens = _tokens(ctx, wish)
    owner = await _owner(ctx, wish.account)
    arguments = (wish.account, tokens, wish.to or owner)
    return Call(owner, "PaymentVault", "withdraw", arguments, f"Withdraw {_shown(ctx, tokens)}")


async def _file_dispute(ctx: Context, wish: TransactionWish) -> Call:
    owner = await _owner(ctx, wish.account)
    registers = (
        parse_energy(_need(wish.import_register_kwh, "importRegisterKwh")),
        parse_energy(_need(wish.export_register_kwh, "exportRegisterKwh")),
    )
    arguments = (_need(wish.point, "point"), _need(wish.period, "period"), *registers)
    return await _tried(ctx, Call(owner, "Disputes", "fileDispute", arguments, "Dispute a reading"))


async def _retire(ctx: Context, wish: TransactionWish) -> Call:
    owner = await _owner(ctx, wish.account)
    energy_wh = parse_energy(_need(wish.energy_kwh, "energyKwh"))
    arguments = (wish.account, _need(wish.market, "market"), energy_wh)
    says = f"Retire certificates of {format_energy(energy_wh)} kWh"
    return await _tried(ctx, Call(owner, "EnergyToken", "retire", arguments, says))


async def _tried(ctx: Context, call: Call) -> Call:
    """Raises what the contract would refuse it with."""
    await Preview(ctx).transaction(call.sender, call.contract, call.function, *call.arguments)
    return call


async def _mint(ctx: Context, wish: TransactionWish) -> Call:
    tokens = _tokens(ctx, wish)
    owner = await _owner(ctx, wish.account)
    return Call(owner, "TestEuro", "mint", (owner, tokens), f"Mint {_shown(ctx, tokens)} of test money")


_BUILDERS: dict[str, Callable[[Context, TransactionWish], Awaitable[Call]]] = {
    "place-order": _place_order,
    "cancel-order": _cancel_order,
    "cancel-all": _cancel_all,
    "approve": _approve,
    "deposit": _deposit,
    "deposit-with-permit": _deposit_with_permit,
    "withdraw": _withdraw,
    "file-dispute": _file_dispute,
    "retire-certificates": _retire,
    "mint-test-tokens": _mint,
}


@router.post(
    "/transactions/{name}",
    summary="A transaction to send with one's own wallet",
    response_model=Transaction,
    responses=problems(
        s404="transaction-unknown, account-unknown", s409="what the contracts refuse", s422="request-invalid"
    ),
)
async def transaction(ctx: Ctx, name: str, wish: TransactionWish) -> dict[str, Any]:
    """place-order, cancel-order, cancel-all (a page of one's own orders, as `refs`), approve, deposit,
    deposit-with-permit, withdraw, file-dispute, retire-certificates, mint-test-tokens.
    """
    builder = _BUILDERS.get(name)
    if builder is None:
        raise TransactionUnknown(name=name, known=", ".join(_BUILDERS))
    call = await builder(ctx, wish)
    return {
        "to": ctx.contracts.address(call.contract),
        "data": "0x" + ctx.contracts.abi(call.contract).encode(call.function, *call.arguments).hex(),
        "value": "0x0",
        "chain_id": ctx.contracts.deployment.chain_id,
        "sender": call.sender,
        "description": call.description,
    }


@router.post(
    "/typed-data/permit",
    summary="A permit (EIP-2612) to sign instead of approve",
    response_model=PermitToSign,
    responses=problems(s404="account-unknown"),
)
async def permit_to_sign(ctx: Ctx, wish: PermitWish) -> dict[str, Any]:
    """Lets the vault take the amount; good for an hour."""
    tokens = _tokens(ctx, wish)
    owner = await _owner(ctx, wish.account)
    token = ctx.contracts.address("TestEuro")
    name, nonce = await ctx.contracts.read_many([("TestEuro", "name", ()), ("TestEuro", "nonces", (owner,))])
    deadline = ctx.now() + PERMIT_SECONDS
    message = Permit(owner, ctx.contracts.address("PaymentVault"), tokens, nonce, deadline)
    domain = token_domain(ctx.contracts.deployment.chain_id, token, name)
    return {"typed_data": message.typed_data(domain), "deadline": deadline, "amount_tokens": str(tokens)}
