# SPDX-License-Identifier: MIT
"""A private Anvil, and JSON-RPC to it that waits for each answer."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from wattbook.chain.launch import start_chain
from wattbook.chain.profiles import load_profile
from wattbook.processes import Supervisor


class Node:
    """What answers at `url`. Raises RuntimeError with the node's words where it refuses."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(timeout=120, trust_env=False)
        self._ids = itertools.count(1)

    def close(self) -> None:
        self._http.close()

    def rpc(self, method: str, *params: Any) -> Any:
        return self.batch([(method, list(params))])[0]

    def batch(self, calls: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        sent = [
            {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}
            for method, params in calls
        ]
        answers = {answer["id"]: answer for answer in self.post(sent)}
        for request in sent:
            if "error" in answers[request["id"]]:
                raise RuntimeError(f"{request['method']}: {answers[request['id']]['error']}")
        return [answers[request["id"]]["result"] for request in sent]

    def post(self, body: Any) -> Any:
        """What comes back for a request, or for several, errors too."""
        return self._http.post(self.url, json=body).json()


@contextmanager
def private_anvil(mining: bool = True, now: int | None = None) -> Iterator[str]:
    """The address of an Anvil that ends with the block; `mining` and `now` as `start_chain` takes them."""
    with Supervisor() as supervisor:
        yield start_chain(load_profile("anvil"), supervisor, mining=mining, now=now).url
