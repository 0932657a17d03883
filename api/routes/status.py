# SPDX-License-Identifier: MIT
"""Health, deployment and metrics."""

from typing import Any

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from api.context import Context, Ctx
from api.errors import IndexBehind
from api.reads.blocks import indexed_head
from api.reads.terms import Schedule
from api.schemas.status import DeploymentFacts, Health
from wattbook.chain.blocks import Header
from wattbook.errors import ChainError
from wattbook.units import MAX_ORDER_WH, MAX_PRICE_TICKS, MIN_ORDER_WH

router = APIRouter(tags=["status"])

# A relay that hasn't worked for so long is down; the stepped clock makes long steps.
RELAY_TIMEOUT = 1_800
LAG_ALLOWED = 20


@router.get("/health", summary="Whether all parts work", response_model=Health)
async def health(ctx: Ctx, response: Response) -> dict[str, Any]:
    """200 if all is well, else 503 with the same body."""
    head = await _head(ctx)
    parts = await run_in_threadpool(_parts, ctx, head)
    parts["ok"] = head is not None and parts["relay"]["alive"] and _is_near(parts["indexer"]["lag_blocks"])
    response.status_code = 200 if parts["ok"] else 503
    return parts


def _is_near(lag: int | None) -> bool:
    return lag is not None and lag <= LAG_ALLOWED


async def _head(ctx: Context) -> Header | None:
    try:
        return await ctx.contracts.client.head()
    except ChainError:
        return None


def _parts(ctx: Context, head: Header | None) -> dict[str, Any]:
    deployment = ctx.contracts.deployment
    return {
        "chain": {
            "chain_id": deployment.chain_id,
            "name": deployment.chain,
            "reachable": head is not None,
            "head": head.number if head else None,
            "head_at": head.timestamp if head else None,
        },
        "indexer": _indexer(ctx, head),
        "relay": _relay(ctx),
        "now": ctx.now(),
        "deployment": deployment.name,
    }


def _indexer(ctx: Context, head: Header | None) -> dict[str, Any]:
    found = None
    try:
        with ctx.index() as connection:
            found = indexed_head(connection)
    except IndexBehind:
        pass
    if found is None:
        return {"block": None, "at": None, "lag_blocks": None}
    lag = None if head is None else max(head.number - found.number, 0)
    return {"block": found.number, "at": found.at, "lag_blocks": lag}


def _relay(ctx: Context) -> dict[str, Any]:
    beat = ctx.queue.last_beat("relay")
    counts = ctx.queue.counts()
    return {
        "alive": beat is not None and ctx.now() - beat.at <= RELAY_TIMEOUT,
        "waiting": counts.get("accepted", 0),
        "sent": counts.get("batched", 0),
        "address": beat.address if beat else None,
        "receipt_signer": _signer(ctx),
    }


def _signer(ctx: Context) -> str | None:
    return ctx.acceptor_or_none.signer if ctx.acceptor_or_none else None


@router.get("/v1/deployment", summary="Contracts, times, units", response_model=DeploymentFacts)
def deployment(ctx: Ctx) -> dict[str, Any]:
    """What a client has to know before anything else; `demo` outside a demo is null."""
    facts = ctx.contracts.deployment
    with ctx.index() as connection:
        books = Schedule(connection).books()
    areas = sorted({area for area, _ in books})
    return {
        "name": facts.name,
        "chain": {
            "chain_id": facts.chain_id,
            "name": facts.chain,
            "rpc_url": "/rpc",
            "currency_name": "Ether",
            "currency_symbol": "ETH",
        },
        "calendar": facts.calendar.to_json(),
        "contracts": {name: contract.address for name, contract in facts.contracts.items()},
        "token": {
            "address": facts.address("TestEuro"),
            "symbol": facts.token.symbol,
            "decimals": facts.token.decimals,
            "cash_units_per_token_unit": facts.token.cash_units_per_token_unit,
            "token_units_per_cash_unit": facts.token.token_units_per_cash_unit,
        },
        "areas": [{"area": area, "carriers": [c for a, c in books if a == area]} for area in areas],
        "now": ctx.now(),
        "receipt_signer": _signer(ctx),
        "min_energy_wh": str(MIN_ORDER_WH),
        "max_energy_wh": str(MAX_ORDER_WH),
        "max_price_ticks": str(MAX_PRICE_TICKS),
        "demo": ctx.read_demo(),
    }


@router.get("/metrics", summary="Prometheus figures of this worker", response_class=Response)
def metrics(ctx: Ctx) -> Response:
    """In Prometheus' text format."""
    block = _indexer(ctx, None)["block"] or 0
    return Response(ctx.metrics.expose(block, ctx.queue.counts()), media_type="text/plain; version=0.0.4")
