# SPDX-License-Identifier: MIT
"""JSON-RPC over HTTP: single requests and batches, with bounded retries of what passes by itself."""

import itertools
from collections.abc import Sequence
from typing import Any

import httpx

from wattbook.clock import Clock
from wattbook.errors import ChainUnreachable, RpcRefused

Call = tuple[str, Sequence[Any]]

ATTEMPTS = 6
FIRST_WAIT = 0.1
LONGEST_WAIT = 2.0
TIMEOUT = 30.0
# Overloaded, restarting, or behind a gateway that is.
_PASSING_STATUS = {429, 502, 503, 504}
_TURNED_AWAY = {429, 503}
_READING_SPACES = {"eth", "net", "web3", "txpool", "rpc"}
_DEEDS = {"sendTransaction", "newFilter", "newBlockFilter", "newPendingTransactionFilter"}


class Rpc:
    """One node's JSON-RPC endpoint. Every method raises ChainUnreachable when the retries are used up."""

    def __init__(self, url: str, clock: Clock, batch_limit: int = 500, attempts: int = ATTEMPTS) -> None:
        self.url = url
        self._clock = clock
        self._batch_limit = batch_limit
        self._attempts = attempts
        self._ids = itertools.count(1)
        self._http = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def request(self, method: str, *params: Any) -> Any:
        """The result. Raises RpcRefused with the node's words."""
        answer = await self._post(self._envelope(method, params), is_repeatable(method))
        if not isinstance(answer, dict):
            raise ChainUnreachable(url=self.url, reason="its answer is not JSON-RPC")
        return _result(method, answer)

    async def batch(self, calls: Sequence[Call]) -> list[Any]:
        """The results in the calls' order, in as few HTTP requests as the node allows.

        A call that the node refused has its RpcRefused in its place.
        """
        results: list[Any] = []
        for start in range(0, len(calls), self._batch_limit):
            results += await self._one_batch(calls[start : start + self._batch_limit])
        return results

    async def _one_batch(self, calls: Sequence[Call]) -> list[Any]:
        envelopes = [self._envelope(method, params) for method, params in calls]
        answers = await self._post(envelopes, all(is_repeatable(method) for method, _ in calls))
        if not isinstance(answers, list):
            # A node that takes no batches says so in a single answer.
            return [await self._settled(method, params) for method, params in calls]
        if len(answers) == 1 < len(calls) and "error" in answers[0]:
            # Geth's way to say that the batch is too large.
            half = len(calls) // 2
            return await self._one_batch(calls[:half]) + await self._one_batch(calls[half:])
        by_id = {answer["id"]: answer for answer in answers}
        if by_id.keys() != {envelope["id"] for envelope in envelopes}:
            raise ChainUnreachable(url=self.url, reason="its batch answer is not complete")
        pairs = zip(calls, envelopes, strict=True)
        return [_settled_result(call[0], by_id[envelope["id"]]) for call, envelope in pairs]

    async def _settled(self, method: str, params: Sequence[Any]) -> Any:
        try:
            return await self.request(method, *params)
        except RpcRefused as refusal:
            return refusal

    def _envelope(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}

    async def _post(self, content: Any, repeatable: bool) -> Any:
        """What the node answers. What must not happen twice is only tried again if nobody was reached."""
        reason = ""
        for attempt in range(self._attempts):
            if attempt:
                await self._clock.sleep(min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT))
            reached = True
            try:
                response = await self._http.post(self.url, json=content)
                if response.status_code not in _PASSING_STATUS:
                    return response.json()
                reason = f"HTTP status {response.status_code}"
                reached = response.status_code not in _TURNED_AWAY
            except httpx.InvalidURL as error:
                raise ChainUnreachable(url=self.url, reason=str(error)) from None
            except httpx.TransportError as error:
                reason = str(error) or type(error).__name__
                reached = not isinstance(error, httpx.ConnectError)
            except ValueError:
                reason = "its answer is not JSON"
            if reached and not repeatable:
                break
        raise ChainUnreachable(url=self.url, reason=reason)


def is_repeatable(method: str) -> bool:
    """Whether asking twice is the same as asking once. A signed transaction can happen only once anyway."""
    space, _, name = method.partition("_")
    return space in _READING_SPACES and not (space == "eth" and name in _DEEDS)


def _result(method: str, answer: dict[str, Any]) -> Any:
    if "error" in answer:
        raise _refusal(method, answer["error"])
    return answer.get("result")


def _settled_result(method: str, answer: dict[str, Any]) -> Any:
    return _refusal(method, answer["error"]) if "error" in answer else answer.get("result")


def _refusal(method: str, error: Any) -> RpcRefused:
    if not isinstance(error, dict):
        error = {"message": str(error)}
    message = str(error.get("message", "no reason given")).rstrip(".")
    return RpcRefused(
        method=method, rpc_code=error.get("code"), rpc_message=message, rpc_data=error.get("data")
    )
