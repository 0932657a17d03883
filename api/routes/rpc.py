# SPDX-License-Identifier: MIT
"""JSON-RPC for page and wallets: an allow-list, no log, no storage.

Registers and positions on chain are personal data: no view of them is called here, and blocks, transactions
and receipts go out without what could hold them. Nothing is called that isn't a contract of ours.
"""

from typing import Any

import httpx
import orjson
from fastapi import APIRouter, Request, Response

from api.context import Context, Ctx
from api.errors import RequestInvalid, RpcCallRefused, RpcMethodRefused
from wattbook.errors import ChainUnreachable, WattbookError

router = APIRouter(tags=["rpc"])

LARGEST_BATCH = 20
PLAIN = {
    "eth_chainId",
    "net_version",
    "eth_blockNumber",
    "eth_gasPrice",
    "eth_maxPriorityFeePerGas",
    "eth_feeHistory",
    "eth_getBalance",
    "eth_getCode",
    "eth_getTransactionCount",
    "eth_sendRawTransaction",
}
CALLS = {"eth_call", "eth_estimateGas"}
BLANKED = {
    "eth_getBlockByNumber": ("transactions",),
    "eth_getBlockByHash": ("transactions",),
    "eth_getTransactionReceipt": ("logs",),
    "eth_getTransactionByHash": ("input",),
}
# Views of what belongs to one account.
PRIVATE = {
    "MeterReadings": ("reading", "energyOf", "metered", "residual"),
    "OrderBook": ("record", "entry"),
    "Settlement": ("position", "hasSettled"),
    "EnergyToken": ("retiredOf",),
    "Registry": ("point", "pointWords", "pointsOf", "pointsOfMany"),
    "PaymentVault": ("balanceOf", "debtOf", "debtLimitOf", "withdrawable"),
}
_CODES = {"rpc-method-refused": -32601, "rpc-call-refused": -32604, "request-invalid": -32600}


@router.post("/rpc", summary="JSON-RPC, an allow-list", response_class=Response)
async def rpc(ctx: Ctx, request: Request) -> Response:
    """One request or a batch of at most 20; refusals are JSON-RPC errors with `data.code`."""
    try:
        wanted = orjson.loads(await request.body())
    except ValueError:
        raise RequestInvalid(reason="this is not JSON") from None
    batch = wanted if isinstance(wanted, list) else [wanted]
    if not batch or len(batch) > LARGEST_BATCH:
        raise RequestInvalid(reason=f"a batch holds 1 to {LARGEST_BATCH} requests")
    answers = [await _answer(ctx, one) for one in batch]
    content = orjson.dumps(answers if isinstance(wanted, list) else answers[0])
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})


async def _answer(ctx: Context, one: Any) -> dict[str, Any]:
    number = one.get("id") if isinstance(one, dict) else None
    try:
        method, params = _checked(ctx, one)
        answer = await _forward(ctx, method, params)
    except WattbookError as error:
        fault = {"code": _CODES.get(error.code, -32000), "message": str(error), "data": {"code": error.code}}
        return {"jsonrpc": "2.0", "id": number, "error": fault}
    return {"jsonrpc": "2.0", "id": number, **_blanked(method, answer)}


def _checked(ctx: Context, one: Any) -> tuple[str, list[Any]]:
    """What may go to the node. Raises RequestInvalid, RpcMethodRefused, RpcCallRefused."""
    if not isinstance(one, dict) or not isinstance(one.get("params", []), list):
        raise RequestInvalid(reason="this is not a JSON-RPC request")
    method, params = str(one.get("method")), list(one.get("params", []))
    if method in CALLS:
        return method, _checked_call(ctx, params)
    if method in BLANKED and method.startswith("eth_getBlock"):
        return method, [*params[:1], False]
    if method in PLAIN or method in BLANKED:
        return method, params
    raise RpcMethodRefused(method=method[:60])


def _checked_call(ctx: Context, params: list[Any]) -> list[Any]:
    """A call of a contract of ours, of nothing private; state overrides are dropped."""
    call = params[0] if params else None
    if not isinstance(call, dict):
        raise RequestInvalid(reason="a call is an object")
    data = str(call.get("data") or call.get("input") or "0x").lower()
    if call.get("data") and call.get("input") and call["data"] != call["input"]:
        raise RpcCallRefused()
    contract = ctx.contracts.name_of(str(call.get("to")))
    if contract is None or data[2:10] in _private_selectors(ctx, contract):
        raise RpcCallRefused()
    return [call, *params[1:2]]


def _private_selectors(ctx: Context, contract: str) -> set[str]:
    functions = ctx.contracts.abi(contract).functions
    return {functions[name].selector.hex() for name in PRIVATE.get(contract, ())}


async def _forward(ctx: Context, method: str, params: list[Any]) -> dict[str, Any]:
    """The node's answer, its errors too: a wallet wants the node's own words."""
    rpc = ctx.contracts.client.rpc
    envelope = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    try:
        async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
            response = await http.post(rpc.url, json=envelope)
            answer = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ChainUnreachable(url="behind the API", reason=type(error).__name__) from None
    return {name: answer[name] for name in ("result", "error") if name in answer}


def _blanked(method: str, answer: dict[str, Any]) -> dict[str, Any]:
    result = answer.get("result")
    if isinstance(result, dict):
        for name in BLANKED.get(method, ()):
            if name in result:
                result[name] = "0x" if name == "input" else []
    return answer
