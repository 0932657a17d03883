# SPDX-License-Identifier: MIT
"""A contract and its extension (contracts/libraries/Extended.sol) are one: one storage, no function twice."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import plan
from wattbook.chain.abi import ContractAbi
from wattbook.chain.contracts import load_abis

FORGE = Path(__file__).parents[2] / ".cache" / "forge" / "out"
# Both may inherit these; what they say is the same for both.
INHERITED = {"authority()", "setAuthority(address)", "isConsumingScheduledOp()", "calendar()"}
MOST_BYTES = 24_522  # Brownie adds 54 to them, 24,576 is what a chain takes

PAIRS = list(plan.EXTENSIONS.items())


def built(name: str) -> Any:
    return json.loads((FORGE / f"{name}.sol" / f"{name}.json").read_text())


def layout(name: str) -> list[tuple[str, ...]]:
    """Label, slot, offset and type of each variable."""
    found = built(name)["storageLayout"]
    kinds = {key: kind["label"] for key, kind in found["types"].items()}
    return [(it["label"], it["slot"], str(it["offset"]), kinds[it["type"]]) for it in found["storage"]]


def functions(name: str) -> set[str]:
    own = ContractAbi(name, built(name)["abi"]).functions
    return {function.signature for function in own.values()}


@pytest.mark.parametrize(("contract", "extension"), PAIRS)
def test_what_the_extension_stores_begins_what_the_contract_stores(contract: str, extension: str):
    assert layout(extension)
    assert layout(contract)[: len(layout(extension))] == layout(extension)


@pytest.mark.parametrize(("contract", "extension"), PAIRS)
def test_they_share_no_function_of_their_own_and_one_file_tells_of_all(contract: str, extension: str):
    assert functions(contract) & functions(extension) <= INHERITED
    told = {function.signature for function in load_abis()[contract].functions.values()}
    assert told == functions(contract) | functions(extension)


@pytest.mark.parametrize(("contract", "extension"), PAIRS)
def test_each_of_the_interfaces_functions_is_there(contract: str, extension: str):
    promised = {function.signature for function in load_abis()[f"I{contract}"].functions.values()}
    assert promised <= functions(contract) | functions(extension)


@pytest.mark.parametrize("contract", [*plan.CONTRACTS, *plan.EXTENSIONS.values()])
def test_every_contract_is_below_the_size_limit(contract: str):
    code = built(contract)["deployedBytecode"]["object"].removeprefix("0x")
    assert len(code) // 2 <= MOST_BYTES
