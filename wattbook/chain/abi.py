# SPDX-License-Identifier: MIT
"""Calldata, results, logs and errors of one contract, encoded and decoded from its ABI. Pure.

Structs are dicts by component name, in arguments as well as in results; addresses come back checksummed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from wattbook.chain.blocks import Log

Param = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """A function, event or error. `selector` is 4 bytes, of an event 32."""

    name: str
    signature: str
    selector: bytes
    inputs: tuple[Param, ...]
    outputs: tuple[Param, ...] = ()

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        inputs = tuple(entry.get("inputs", ()))
        signature = f"{entry['name']}({','.join(map(_type, inputs))})"
        digest = keccak(text=signature)
        selector = digest if entry["type"] == "event" else digest[:4]
        return cls(entry["name"], signature, selector, inputs, tuple(entry.get("outputs", ())))

    @cached_property
    def input_types(self) -> tuple[str, ...]:
        return tuple(map(_type, self.inputs))

    @cached_property
    def output_types(self) -> tuple[str, ...]:
        return tuple(map(_type, self.outputs))

    def encode(self, *arguments: Any) -> bytes:
        """What follows the selector. Raises EncodingError."""
        values = [_positional(p, v) for p, v in zip(self.inputs, arguments, strict=True)]
        return encode(self.input_types, values)

    def decode_arguments(self, data: bytes) -> dict[str, Any]:
        """Arguments by name, from what follows the selector. Raises ValueError."""
        values = _decode(self.input_types, data)
        return {
            p["name"] or str(i): _named(p, v)
            for i, (p, v) in enumerate(zip(self.inputs, values, strict=True))
        }


@dataclass(frozen=True)
class Event:
    """A decoded log."""

    contract: str
    name: str
    arguments: dict[str, Any]
    log: Log


class ContractAbi:
    """One contract's ABI, indexed. Functions are found by name, overloaded ones by signature."""

    def __init__(self, name: str, entries: Sequence[Mapping[str, Any]]) -> None:
        self.name = name
        self.entries = list(entries)
        self.functions = _by_name(entries, "function")
        self.events = {item.selector: item for item in _items(entries, "event")}
        self._event_topics = {item.name: item.selector for item in self.events.values()}
        self.errors = {item.selector: item for item in _items(entries, "error")}

    def encode(self, function: str, *arguments: Any) -> bytes:
        """Calldata. Raises KeyError for an unknown function, eth_abi's EncodingError for wrong arguments."""
        item = self.functions[function]
        return item.selector + item.encode(*arguments)

    def encode_constructor(self, *arguments: Any) -> bytes:
        """What follows the code that deploys. Raises as `encode`."""
        nothing: dict[str, Any] = {"inputs": []}
        found = next((entry for entry in self.entries if entry["type"] == "constructor"), nothing)
        item = Item.of({**found, "type": "function", "name": "constructor"})
        return item.encode(*arguments)

    def decode_result(self, function: str, data: bytes) -> Any:
        """What a function returned: one value, a tuple of several, None of none. Raises ValueError."""
        item = self.functions[function]
        values = _decode(item.output_types, data)
        named = tuple(_named(p, v) for p, v in zip(item.outputs, values, strict=True))
        if not named:
            return None
        return named[0] if len(named) == 1 else named

    def decode_call(self, data: bytes) -> tuple[str, dict[str, Any]]:
        """(function name, arguments by name) of calldata. Raises KeyError, ValueError."""
        item = next(item for item in self.functions.values() if item.selector == data[:4])
        return item.name, item.decode_arguments(data[4:])

    def decode_log(self, log: Log) -> Event | None:
        """The event, or None for one that this ABI doesn't have. Raises ValueError for garbage."""
        item = self.events.get(log.topics[0]) if log.topics else None
        if item is None:
            return None
        plain = [p for p in item.inputs if not p["indexed"]]
        values = dict(
            zip((p["name"] for p in plain), _decode([_type(p) for p in plain], log.data), strict=True)
        )
        indexed = [p for p in item.inputs if p["indexed"]]
        for param, topic in zip(indexed, log.topics[1:], strict=True):
            values[param["name"]] = _decode_topic(param, topic)
        arguments = {p["name"]: _named(p, values[p["name"]]) for p in item.inputs}
        return Event(self.name, item.name, arguments, log)

    def topic(self, event: str) -> bytes:
        """An event's first topic. Raises KeyError."""
        return self._event_topics[event]

    def has_event(self, event: str) -> bool:
        """Whether the contract has an event of this name."""
        return event in self._event_topics


def _items(entries: Sequence[Mapping[str, Any]], kind: str) -> list[Item]:
    return [Item.of(entry) for entry in entries if entry["type"] == kind]


def _by_name(entries: Sequence[Mapping[str, Any]], kind: str) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in _items(entries, kind):
        found.setdefault(item.name, item)
        found[item.signature] = item
    return found


def _type(param: Param) -> str:
    """The canonical type: a struct is the tuple of its components."""
    if not param["type"].startswith("tuple"):
        return str(param["type"])
    inner = ",".join(map(_type, param["components"]))
    return f"({inner}){param['type'].removeprefix('tuple')}"


def _decode(types: Sequence[str], data: bytes) -> tuple[Any, ...]:
    try:
        return decode(types, data)
    except (DecodingError, OverflowError) as error:
        raise ValueError(f"not {','.join(types)}: {error}") from None


def _decode_topic(param: Param, topic: bytes) -> Any:
    # Of what doesn't fit a word the chain keeps only the hash.
    dynamic = re.fullmatch(r"string|bytes|tuple.*|.*\]", param["type"])
    return topic if dynamic else _decode([param["type"]], topic)[0]


def _inner(param: Param) -> Param:
    """The parameter of one element of an array parameter."""
    return {**param, "type": param["type"].rpartition("[")[0]}


def _named(param: Param, value: Any) -> Any:
    if param["type"].endswith("]"):
        if not isinstance(value, list | tuple):
            return value
        return [_named(_inner(param), item) for item in value]
    if param["type"] == "tuple" and isinstance(value, tuple):
        return {c["name"]: _named(c, v) for c, v in zip(param["components"], value, strict=True)}
    return to_checksum_address(value) if param["type"] == "address" else value


def _positional(param: Param, value: Any) -> Any:
    if param["type"].endswith("]"):
        return [_positional(_inner(param), item) for item in value]
    if param["type"] == "tuple":
        items = [value[c["name"]] for c in param["components"]] if isinstance(value, Mapping) else value
        return tuple(_positional(c, v) for c, v in zip(param["components"], items, strict=True))
    return value
