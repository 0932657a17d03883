# SPDX-License-Identifier: MIT

"""Custom errors of our contracts as Python exceptions, found by selector.

    try: await client.call(...)
    except RpcRefused as refused: raise refusals.decode(refused) from None

One class per error of the ABIs, a subclass of ContractError with a kebab-case `code` made of its name;
`facts` are the error's parameters. Which sentence and status it has is written down in refusals/.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from string import Formatter
from typing import Any

from eth_abi.abi import decode as abi_decode
from eth_abi.exceptions import DecodingError

from wattbook.chain.abi import ContractAbi, Item
from wattbook.chain.blocks import to_bytes
from wattbook.chain.refusals import INTERNAL, refusal_of
from wattbook.errors import ContractError, RpcRefused

_ERROR_STRING = bytes.fromhex("08c379a0")
_GENERIC = "The contract refused with {name}."
_PANIC = bytes.fromhex("4e487b71")


class Seconds(int):
    """UTC seconds that a sentence may show as `{until:utc}`."""

    def __format__(self, spec: str) -> str:
        if spec != "utc":
            return super().__format__(spec)
        try:
            return datetime.fromtimestamp(self, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        except (OverflowError, ValueError, OSError):
            return f"second {int(self)}"


class RevertedWithText(ContractError):
    code = "contract-reverted"
    sentence = "The contract refused: {reason}."


class RevertedWithoutReason(ContractError):
    code = "contract-reverted-without-reason"
    sentence = "The contract refused without a reason: check address, arguments and gas."


class ContractPanicked(ContractError):
    http_status = INTERNAL.http_status
    exit_status = INTERNAL.exit_status
    sentence = "The contract failed an inner check (panic 0x{number:02x}): report this."


class ContractErrorUnknown(ContractError):
    sentence = "The contract refused with an error that no ABI file has ({selector}): update Wattbook."


class Refusals:
    """All custom errors of some ABIs. `classes` maps a selector to its exception class."""

    def __init__(self, abis: Iterable[ContractAbi]) -> None:
        self._items: dict[bytes, Item] = {}
        self.classes: dict[bytes, type[ContractError]] = {}
        for abi in abis:
            for selector, item in abi.errors.items():
                self._items[selector] = item
                self.classes.setdefault(selector, _class_of(item))

    def by_name(self, name: str) -> type[ContractError]:
        """The class of an error, for `except` and tests. Raises KeyError."""
        for selector, item in self._items.items():
            if item.name == name:
                return self.classes[selector]
        raise KeyError(name)

    def decode(self, data: bytes) -> ContractError:
        """The exception that revert data stands for; never raises."""
        selector, body = data[:4], data[4:]
        try:
            if selector == _ERROR_STRING:
                return RevertedWithText(reason=str(abi_decode(["string"], body)[0]).rstrip("."))
            if selector == _PANIC:
                return ContractPanicked(number=abi_decode(["uint256"], body)[0])
            if selector in self._items:
                return self.classes[selector](**_facts(self._items[selector], body))
        except (DecodingError, ValueError):
            pass  # a contract of others may use a selector of ours for something else
        return ContractErrorUnknown(selector="0x" + selector.hex()) if data else RevertedWithoutReason()

    def of(self, refused: RpcRefused) -> ContractError | None:
        """The contract's exception inside a node's refusal; None if the node had reasons of its own."""
        data = revert_data(refused)
        return None if data is None else self.decode(data)


def revert_data(refused: RpcRefused) -> bytes | None:
    """The revert data of a refused eth_call, in any engine's form; None if the call didn't revert."""
    data = refused.facts.get("rpc_data")
    if isinstance(data, dict):  # Ganache
        data = data.get("result") or data.get("data")
    # Parity's form is "Reverted 0x…".
    if isinstance(data, str) and (found := re.search(r"0x(?:[0-9a-fA-F]{2})*$", data)):
        return to_bytes(found.group())
    return b"" if "revert" in str(refused.facts["rpc_message"]).lower() else None


def sentence_fits(sentence: str, item: Item) -> bool:
    """Whether a sentence uses nothing but the error's own parameters (and `name`)."""
    used = {field for _, field, _, _ in Formatter().parse(sentence) if field}
    return used <= {"name", *(param["name"] for param in item.inputs)}


def _class_of(item: Item) -> type[ContractError]:
    family, sentence = refusal_of(item.name, item.signature) or (INTERNAL, _GENERIC)
    if not sentence_fits(sentence, item):
        sentence = _GENERIC
    attributes = {
        "exit_status": family.exit_status,
        "http_status": family.http_status,
        "sentence": sentence,
        "__doc__": item.signature,
    }
    return type(item.name, (ContractError,), attributes)


def _facts(item: Item, body: bytes) -> dict[str, Any]:
    arguments = item.decode_arguments(body)
    return {"name": item.name, **{name: _shown(value) for name, value in arguments.items()}}


def _shown(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return Seconds(value) if type(value) is int else value
