# SPDX-License-Identifier: MIT
"""Typed data out, signed orders and cancels in, and what became of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool

from api import signing
from api.context import Context, Ctx
from api.preview import Preview
from api.reads.accounts import find_account
from api.reads.orders import Orders, cancel_status
from api.relay.intake import Signed, SignedReceipt
from api.relay.late import late
from api.routes import problems
from api.schemas.order import (
    Accepted,
    CancelStatus,
    CancelToSign,
    CancelWish,
    Order,
    OrderToSign,
    OrderWish,
    SignedCancel,
    SignedOrder,
)
from api.signatures import check_signature
from wattbook.ids import pack_market, unpack_market
from wattbook.orders import OrderRef, pack_order
from wattbook.typeddata import Cancellation

router = APIRouter(prefix="/v1", tags=["orders"])

CANCEL_SECONDS = 3_600
HashPath = Annotated[str, Path(pattern=r"^0x[0-9a-f]{64}$")]
REFUSED = problems(
    s403="signature-invalid, wallet-disagrees, not-buyer, not-seller",
    s404="account-unknown, market-unknown",
    s409="gate-closed, trading-not-open, order-expired, insufficient-balance, nonce-used, market-halted, …",
    s422="order-malformed, signature-malformed, price-above-retail, energy-out-of-range, …",
    s429="too-many-waiting",
    s503="relay-closed, chain-unreachable, index-behind",
)


def _owner(ctx: Context, account: int) -> str:
    with ctx.index() as connection:
        return str(find_account(connection, account).owner)


@router.post("/typed-data/order", summary="An order to sign", response_model=OrderToSign, responses=REFUSED)
async def order_to_sign(ctx: Ctx, wish: OrderWish) -> dict[str, Any]:
    """The server chooses the nonce and the fee; refused at once if the book would refuse it now."""
    owner = await run_in_threadpool(_owner, ctx, wish.account)
    nonce = await signing.next_nonce(ctx, wish.account)
    order, summary = await run_in_threadpool(signing.build_order, ctx, wish, nonce)
    preview = Preview(ctx)
    own = await run_in_threadpool(preview.own_in_the_way, order)
    await preview.order(order, owner, own)
    return {
        "order": f"0x{pack_order(order):064x}",
        "hash": "0x" + order.digest(ctx.domain).hex(),
        "typed_data": order.typed_data(ctx.domain),
        "summary": {**summary, "cancels_own": own},
    }


@router.post(
    "/orders", status_code=202, summary="A signed order in", response_model=Accepted, responses=REFUSED
)
async def post_order(ctx: Ctx, body: SignedOrder) -> dict[str, Any]:
    """Answers with the relay's signed receipt; the same order again gives the same receipt."""
    acceptor = ctx.acceptor
    order = signing.read_order(body.order)
    owner = await run_in_threadpool(_owner, ctx, order.account)
    checked = await check_signature(ctx, order, body.signature, owner)
    digest = "0x" + checked.digest.hex()
    known = await run_in_threadpool(ctx.queue.receipt, digest)
    if known is not None:
        return _accepted(SignedReceipt(**known._mapping))
    market = pack_market(order.area, order.carrier, order.period)
    _check_time(ctx, "order", market, order.valid_until)
    await _check_nonce(ctx, order.account, order.nonce)
    preview = Preview(ctx)
    await preview.order(order, owner, await run_in_threadpool(preview.own_in_the_way, order))
    wanted = Signed(
        kind="order",
        hash=digest,
        account=order.account,
        market=market,
        valid_until=order.valid_until,
        signature=body.signature.lower(),
        by_wallet=checked.by_wallet,
        word=f"0x{pack_order(order):064x}",
        nonce=order.nonce,
    )
    return _accepted(await acceptor.accept(wanted))


def _check_time(ctx: Context, kind: str, market: int, valid_until: int) -> None:
    refusal = late(ctx.contracts.refusals, ctx.calendar, kind, market, valid_until, ctx.now())
    if refusal is not None:
        raise refusal


async def _check_nonce(ctx: Context, account: int, nonce: int) -> None:
    """The chain's own count; that of the queue is checked when the sequence is given."""
    following = await ctx.contracts.read("PaymentVault", "nextNonce", account)
    if nonce < following:
        used = ctx.contracts.refusals.by_name("NonceUsed")
        raise used(account=account, nonce=nonce, next=following, name="NonceUsed")


def _accepted(receipt: SignedReceipt) -> dict[str, Any]:
    described = {
        "hash": receipt.hash,
        "sequence": receipt.sequence,
        "accepted_at": receipt.received_at,
        "signer": receipt.signer,
        "signature": receipt.signature,
    }
    return {"hash": receipt.hash, "state": "accepted", "receipt": described}


@router.get(
    "/orders/{hash}",
    summary="What became of an order",
    response_model=Order,
    responses=problems(s404="order-unknown"),
)
def order_status(ctx: Ctx, hash: HashPath) -> dict[str, Any]:  # noqa: A002 - the route's own name
    """Found by the hash that was signed."""
    with ctx.index() as connection:
        return Orders(connection, ctx.queue, ctx.contracts.refusals).one(hash)


def _cancellation(account: int, market: int, ref: int, valid_until: int) -> Cancellation:
    where, place = unpack_market(market), OrderRef.unpack(ref)
    return Cancellation(
        account=account,
        area=where.area,
        carrier=where.carrier,
        period=where.period,
        tick=place.tick,
        index=place.index,
        valid_until=valid_until,
    )


@router.post("/typed-data/cancel", summary="A cancel to sign", response_model=CancelToSign, responses=REFUSED)
async def cancel_to_sign(ctx: Ctx, wish: CancelWish) -> dict[str, Any]:
    """Refused at once if the order isn't there or belongs to someone else."""
    owner = await run_in_threadpool(_owner, ctx, wish.account)
    await Preview(ctx).cancel(wish.market, wish.ref, owner)
    valid_until = ctx.now() + CANCEL_SECONDS if wish.valid_until is None else wish.valid_until
    message = _cancellation(wish.account, wish.market, wish.ref, valid_until)
    given = {"account": wish.account, "market": wish.market, "ref": wish.ref, "valid_until": valid_until}
    return {
        "cancel": given,
        "hash": "0x" + message.digest(ctx.domain).hex(),
        "typed_data": message.typed_data(ctx.domain),
    }


@router.post(
    "/cancels", status_code=202, summary="A signed cancel in", response_model=Accepted, responses=REFUSED
)
async def post_cancel(ctx: Ctx, body: SignedCancel) -> dict[str, Any]:
    """Answers with the relay's signed receipt; the same cancel again gives the same receipt."""
    acceptor = ctx.acceptor
    owner = await run_in_threadpool(_owner, ctx, body.account)
    message = _cancellation(body.account, body.market, body.ref, body.valid_until)
    checked = await check_signature(ctx, message, body.signature, owner)
    digest = "0x" + checked.digest.hex()
    known = await run_in_threadpool(ctx.queue.receipt, digest)
    if known is not None:
        return _accepted(SignedReceipt(**known._mapping))
    _check_time(ctx, "cancel", body.market, body.valid_until)
    await Preview(ctx).cancel(body.market, body.ref, owner)
    wanted = Signed(
        kind="cancel",
        hash=digest,
        account=body.account,
        market=body.market,
        valid_until=body.valid_until,
        signature=body.signature.lower(),
        by_wallet=checked.by_wallet,
        ref=body.ref,
    )
    return _accepted(await acceptor.accept(wanted))


@router.get(
    "/cancels/{hash}",
    summary="What became of a cancel",
    response_model=CancelStatus,
    responses=problems(s404="cancel-unknown"),
)
def cancel_status_of(ctx: Ctx, hash: HashPath) -> dict[str, Any]:  # noqa: A002 - the route's own name
    """Found by the hash that was signed."""
    with ctx.index() as connection:
        return cancel_status(connection, ctx.queue, hash)
