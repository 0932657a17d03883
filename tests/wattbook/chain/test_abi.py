# SPDX-License-Identifier: MIT
"""Calldata, results and logs survive the way through the ABI; structs are dicts."""

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from wattbook.chain.abi import ContractAbi
from wattbook.chain.blocks import Log

POINT = {"type": "tuple", "components": [{"name": "x", "type": "uint8"}, {"name": "who", "type": "address"}]}
ABI = ContractAbi(
    "Map",
    [
        {
            "type": "function",
            "name": "draw",
            "inputs": [{"name": "points", **POINT, "type": "tuple[]"}, {"name": "title", "type": "string"}],
            "outputs": [{"name": "", **POINT}, {"name": "count", "type": "uint256"}],
        },
        {"type": "function", "name": "draw", "inputs": [{"name": "n", "type": "uint8"}], "outputs": []},
        {"type": "function", "name": "size", "inputs": [], "outputs": [{"name": "", "type": "uint256"}]},
        {
            "type": "event",
            "name": "Drawn",
            "inputs": [
                {"name": "by", "type": "address", "indexed": True},
                {"name": "title", "type": "string", "indexed": True},
                {"name": "at", **POINT, "indexed": False},
            ],
        },
    ],
)
WHO = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
SIGNATURE = "draw((uint8,address)[],string)"


def log(*topics: bytes, data: bytes = b"") -> Log:
    return Log("0x" + "22" * 20, topics, data, 1, "0x01", "0x02", 0, 0)


def test_a_selector_is_the_hash_of_the_canonical_signature():
    assert ABI.functions["draw"].signature == SIGNATURE
    assert ABI.encode("size") == keccak(text="size()")[:4]


def test_structs_go_in_as_dicts_or_tuples_and_come_out_as_dicts():
    data = ABI.encode("draw", [{"x": 1, "who": WHO}, (2, WHO)], "t")
    assert ABI.decode_call(data) == (
        "draw",
        {"points": [{"x": 1, "who": WHO}, {"x": 2, "who": WHO}], "title": "t"},
    )


def test_an_overloaded_function_is_found_by_its_signature():
    assert ABI.decode_call(ABI.encode("draw(uint8)", 7)) == ("draw", {"n": 7})


def test_results_are_one_value_several_or_none():
    assert ABI.decode_result("size", (5).to_bytes(32)) == 5
    assert ABI.decode_result("draw", encode(["(uint8,address)", "uint256"], [(1, WHO), 9])) == (
        {"x": 1, "who": WHO},
        9,
    )
    assert ABI.decode_result("draw(uint8)", b"") is None


def test_an_event_has_its_arguments_in_the_abis_order():
    by = bytes(12) + bytes.fromhex(WHO[2:])
    data = encode(["(uint8,address)"], [(3, WHO)])
    event = ABI.decode_log(log(ABI.topic("Drawn"), by, keccak(text="t"), data=data))
    assert event is not None
    assert (event.contract, event.name) == ("Map", "Drawn")
    assert event.arguments == {"by": WHO, "title": keccak(text="t"), "at": {"x": 3, "who": WHO}}
    assert list(event.arguments) == ["by", "title", "at"]


def test_logs_of_others_are_none():
    assert ABI.decode_log(log(b"\x01" * 32)) is None
    assert ABI.decode_log(log()) is None


def test_garbage_is_a_value_error():
    with pytest.raises(ValueError, match="not uint256"):
        ABI.decode_result("size", b"\x01")


def test_what_the_abi_lacks_is_a_key_error():
    with pytest.raises(KeyError):
        ABI.encode("erase")
    with pytest.raises(KeyError):
        ABI.topic("Erased")
