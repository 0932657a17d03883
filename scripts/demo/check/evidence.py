# SPDX-License-Identifier: MIT
"""What the chain says, read over plain JSON-RPC with nothing but addresses and ABI files."""

import json
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak

BATCH = 200


@dataclass(frozen=True)
class Event:
    contract: str
    name: str
    block: int
    index: int
    transaction: str
    fields: dict[str, Any]


class Chain:
    """One node, the contracts of one deployment."""

    def __init__(self, url: str, addresses: dict[str, str], abis: Path, start: int) -> None:
        self._url = url
        self._start = start
        self.addresses = addresses
        self._abis = {name: json.loads((abis / f"{name}.json").read_text())["abi"] for name in addresses}
        self._names = {address.lower(): name for name, address in addresses.items()}
        self._events = {
            (name, topic_of(entry)): entry
            for name, abi in self._abis.items()
            for entry in abi
            if entry["type"] == "event"
        }

    def calls(self, contract: str, function: str, arguments: Sequence[Sequence[Any]]) -> list[Any]:
        """The results of one function for many arguments, at the newest block."""
        entry = next(e for e in self._abis[contract] if e["type"] == "function" and e["name"] == function)
        kinds = [kind_of(each) for each in entry["inputs"]]
        outputs = [kind_of(each) for each in entry["outputs"]]
        selector = keccak(text=f"{function}({','.join(kinds)})")[:4]
        to = self.addresses[contract]
        requests = [
            ("eth_call", [{"to": to, "data": "0x" + (selector + encode(kinds, each)).hex()}, "latest"])
            for each in arguments
        ]
        results = [decode(outputs, bytes.fromhex(raw[2:])) for raw in self._ask(requests)]
        return [result[0] if len(result) == 1 else result for result in results]

    def call(self, contract: str, function: str, *arguments: Any) -> Any:
        return self.calls(contract, function, [arguments])[0]

    def events(self) -> list[Event]:
        """Every event of the contracts since the deployment, in order."""
        [head] = self._ask([("eth_blockNumber", [])])
        addresses = list(self.addresses.values())
        found: list[Event] = []
        for first in range(self._start, int(head, 16) + 1, 500):
            query = {"fromBlock": hex(first), "toBlock": hex(first + 499), "address": addresses}
            [logs] = self._ask([("eth_getLogs", [query])])
            found += filter(None, map(self._decode, logs))
        return found

    def _decode(self, log: dict[str, Any]) -> Event | None:
        contract = self._names[log["address"].lower()]
        entry = self._events.get((contract, log["topics"][0]))
        if entry is None:
            return None
        plain = [each for each in entry["inputs"] if not each["indexed"]]
        indexed = [each for each in entry["inputs"] if each["indexed"]]
        values = decode([kind_of(each) for each in plain], bytes.fromhex(log["data"][2:]))
        fields = dict(zip((each["name"] for each in plain), values, strict=True))
        for each, topic in zip(indexed, log["topics"][1:], strict=True):
            [fields[each["name"]]] = decode([kind_of(each)], bytes.fromhex(topic[2:]))
        place = int(log["blockNumber"], 16), int(log["logIndex"], 16)
        return Event(contract, entry["name"], *place, log["transactionHash"], fields)

    def _ask(self, requests: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        return [answer for some in batches(requests, BATCH) for answer in self._ask_once(some)]

    def _ask_once(self, requests: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        body = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            for number, (method, params) in enumerate(requests)
        ]
        request = urllib.request.Request(
            self._url, json.dumps(body).encode(), {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            answers = {answer["id"]: answer for answer in json.load(response)}
        for answer in answers.values():
            if "error" in answer:
                raise SystemExit(f"check: the node refused a call: {answer['error']['message']}")
        return [answers[number]["result"] for number in range(len(body))]


def batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[first : first + size] for first in range(0, len(items), size))


def kind_of(argument: dict[str, Any]) -> str:
    """The canonical ABI type of an argument."""
    kind: str = argument["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(map(kind_of, argument['components']))}){kind.removeprefix('tuple')}"


def topic_of(event: dict[str, Any]) -> str:
    return "0x" + keccak(text=f"{event['name']}({','.join(map(kind_of, event['inputs']))})").hex()
