# SPDX-License-Identifier: MIT
"""Accounts: which there are, and for the owner: money, orders, trades."""

from typing import Annotated, Any

from eth_utils.address import to_checksum_address
from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from api.amounts import money
from api.auth import OwnAccount
from api.context import Context, Ctx
from api.paging import Cursor, Limit
from api.reads import accounts as reads
from api.reads.blocks import indexed_block
from api.reads.held import held_certificates
from api.reads.orders import Orders
from api.reads.trades import account_trades
from api.routes.own import OWNER, add_own_page
from api.schemas.account import Account, AccountOfOwner, Certificate, HeldCertificate, Move
from api.schemas.base import Address, ListOf, PageOf
from api.schemas.order import AccountTrade, Order
from api.signing import next_nonce

router = APIRouter(prefix="/v1", tags=["account"])

MOST_HELD = 100
MarketFilter = Annotated[int | None, Query(ge=0, le=(1 << 48) - 1)]


@router.get("/accounts", summary="Accounts of an address", response_model=ListOf[AccountOfOwner])
async def accounts(ctx: Ctx, owner: Annotated[Address, Query()]) -> dict[str, Any]:
    """What a client needs before it signs; no money, no energy."""
    found = await run_in_threadpool(_accounts_of, ctx, to_checksum_address(owner))
    for item in found:
        item["next_nonce"] = await next_nonce(ctx, item["account"])
    return {"items": found}


def _accounts_of(ctx: Context, owner: str) -> list[dict[str, Any]]:
    with ctx.index() as connection:
        return [
            {
                "account": account,
                "area": account >> 16,
                "owner": owner,
                **reads.rights_of(connection, account),
            }
            for account in reads.accounts_of(connection, owner)
        ]


@router.get("/accounts/{account}", summary="One's own account", response_model=Account, responses=OWNER)
async def account(ctx: Ctx, account: OwnAccount) -> dict[str, Any]:
    """Balances are the chain's at this moment; `locked` is derived from the index."""
    facts = await run_in_threadpool(_facts, ctx, account)
    owner, vault = facts["owner"], ctx.contracts.address("PaymentVault")
    balance, withdrawable, debt, limit, wallet, allowance = await ctx.contracts.read_many(
        [
            ("PaymentVault", "balanceOf", (account,)),
            ("PaymentVault", "withdrawable", (account,)),
            ("PaymentVault", "debtOf", (account,)),
            ("PaymentVault", "debtLimitOf", (account,)),
            ("TestEuro", "balanceOf", (owner,)),
            ("TestEuro", "allowance", (owner, vault)),
        ]
    )
    return facts | {
        "next_nonce": await next_nonce(ctx, account),
        **money("balance", balance),
        **money("withdrawable", withdrawable),
        **money("debt", debt),
        **money("debt_limit", limit),
        "wallet_tokens": str(wallet),
        "allowance_tokens": str(allowance),
    }


def _facts(ctx: Context, account: int) -> dict[str, Any]:
    with ctx.index() as connection:
        return {
            "account": account,
            "area": account >> 16,
            "owner": reads.find_account(connection, account).owner,
            **reads.rights_of(connection, account),
            **reads.admission_of(connection, account),
            **money("locked", reads.locked(connection, account, ctx.venue)),
            "points": [row.point for row in reads.points_of(connection, account)],
            "block": indexed_block(connection),
        }


@router.get(
    "/accounts/{account}/orders", summary="One's own orders", response_model=PageOf[Order], responses=OWNER
)
def orders(
    ctx: Ctx,
    account: OwnAccount,
    market: MarketFilter = None,
    live: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What waits in the relay first, then newest first; `live=true`: waiting, sent or resting."""
    with ctx.index() as connection:
        found = Orders(connection, ctx.queue, ctx.contracts.refusals)
        return found.page(account, market, live, limit, cursor)


@router.get(
    "/accounts/{account}/trades",
    summary="One's own trades",
    response_model=PageOf[AccountTrade],
    responses=OWNER,
)
def trades(
    ctx: Ctx, account: OwnAccount, market: MarketFilter = None, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Newest first."""
    with ctx.index() as connection:
        return account_trades(connection, account, market, limit, cursor)


add_own_page(router, "/accounts/{account}/money", "Money in and out", PageOf[Move], reads.money_page)
add_own_page(
    router,
    "/accounts/{account}/certificates",
    "Certificates handed out",
    PageOf[Certificate],
    reads.certificates_page,
)
add_own_page(
    router,
    "/accounts/{account}/retirements",
    "Certificates retired",
    PageOf[Certificate],
    reads.retirements_page,
)


@router.get(
    "/accounts/{account}/certificates/held",
    summary="Certificates that can still be retired, or handed on",
    response_model=ListOf[HeldCertificate],
    responses=OWNER,
)
async def held(ctx: Ctx, account: OwnAccount) -> dict[str, Any]:
    """Newest period first, of the last that were handed out; what the owner gave away is gone."""
    owner, markets = await run_in_threadpool(_handed_out, ctx, account)
    return {"items": await held_certificates(ctx.contracts, account, owner, markets, ctx.now())}


def _handed_out(ctx: Context, account: int) -> tuple[str, list[int]]:
    with ctx.index() as connection:
        page = reads.certificates_page(connection, account, MOST_HELD, None)
        owner = str(reads.find_account(connection, account).owner)
    return owner, list(dict.fromkeys(item["market"] for item in page["items"]))
