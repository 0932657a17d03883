# SPDX-License-Identifier: MIT
"""Every custom error of every ABI has a code, statuses and a sentence of its own."""

import pytest
from eth_abi.abi import encode

from wattbook import errors
from wattbook.chain.abi import ContractAbi, Item
from wattbook.chain.contracts import load_abis, load_refusals
from wattbook.chain.errors import (
    ContractErrorUnknown,
    ContractPanicked,
    Refusals,
    RevertedWithoutReason,
    RevertedWithText,
    revert_data,
    sentence_fits,
)
from wattbook.chain.refusals import MISUSE, REFUSALS, refusal_of
from wattbook.errors import ContractError, Exit, RpcRefused
from wattbook.errors.base import code_of

ERRORS = [(abi.name, item) for abi in load_abis().values() for item in abi.errors.values()]
REFUSALS_OF_ABIS = load_refusals()


def example(kind: str) -> object:
    if kind.endswith("]"):
        return []
    plain = {"address": "0x" + "11" * 20, "bool": True, "string": "x", "bytes": b"x"}
    if kind in plain:
        return plain[kind]
    return b"\x01" * int(kind[5:]) if kind.startswith("bytes") else 1


@pytest.mark.parametrize(("contract", "item"), ERRORS, ids=lambda x: getattr(x, "signature", x))
def test_every_error_of_every_abi_is_written_down(contract: str, item: Item):
    written = refusal_of(item.name, item.signature)
    assert written is not None, f"{contract}.{item.signature} has no line in wattbook/chain/refusals/"
    family, sentence = written
    assert family.exit_status in list(Exit)
    assert 400 <= family.http_status <= 500
    assert sentence_fits(sentence, item)
    assert sentence.endswith(".")
    assert ": " in sentence, "a sentence says what happened, a colon, and what to do"


@pytest.mark.parametrize(("contract", "item"), ERRORS, ids=lambda x: getattr(x, "signature", x))
def test_every_error_of_every_abi_is_decoded_by_its_selector(contract: str, item: Item):
    error = REFUSALS_OF_ABIS.decode(
        item.selector + encode(item.input_types, list(map(example, item.input_types)))
    )
    assert isinstance(error, ContractError)
    assert error.code == code_of(item.name)
    assert error.facts.keys() == {"name", *(param["name"] for param in item.inputs)}
    assert "{" not in str(error)


def test_nothing_is_written_down_for_errors_that_no_contract_has():
    known = {name for _, item in ERRORS for name in (item.name, item.signature)}
    assert (set(REFUSALS) | MISUSE) - known == set()


def test_a_code_that_another_error_of_ours_has_means_the_same_door():
    """The price or energy that Python refuses and the one that the contract refuses look alike outside."""
    own = {cls.code: cls for cls in vars(errors).values() if isinstance(cls, type) and hasattr(cls, "code")}
    for cls in REFUSALS_OF_ABIS.classes.values():
        if cls.code in own:
            same = own[cls.code]
            assert (cls.exit_status, cls.http_status) == (same.exit_status, same.http_status)


def test_codes_are_kebab_case_of_the_errors_name():
    assert [code_of(n) for n in ("GateClosed", "ERC20InsufficientBalance", "NotVenue")] == [
        "gate-closed",
        "erc20-insufficient-balance",
        "not-venue",
    ]


def test_times_are_shown_as_a_time_of_day():
    abi = ContractAbi(
        "X", [{"type": "error", "name": "OrderExpired", "inputs": [{"name": "validUntil", "type": "uint40"}]}]
    )
    (selector,) = abi.errors
    error = Refusals([abi]).decode(selector + (1_700_000_000).to_bytes(32))
    assert str(error) == "The order expired at 2023-11-14 22:13:20 UTC: sign one with a later validUntil."
    assert error.facts["validUntil"] == 1_700_000_000
    assert "second 1099511627775" in str(Refusals([abi]).decode(selector + (2**40 - 1).to_bytes(32)))


def test_texts_panics_and_strangers_are_told_apart():
    refusals = REFUSALS_OF_ABIS
    text = bytes.fromhex("08c379a0") + encode(["string"], ["paused."])
    assert str(refusals.decode(text)) == "The contract refused: paused."
    assert isinstance(refusals.decode(text), RevertedWithText)
    assert isinstance(refusals.decode(bytes.fromhex("4e487b71") + (0x11).to_bytes(32)), ContractPanicked)
    assert isinstance(refusals.decode(b"\xde\xad\xbe\xef"), ContractErrorUnknown)
    assert isinstance(refusals.decode(b""), RevertedWithoutReason)
    assert isinstance(refusals.decode(text[:40]), ContractErrorUnknown)


@pytest.mark.parametrize(
    ("message", "data", "expected"),
    [
        ("execution reverted", "0xdeadbeef", b"\xde\xad\xbe\xef"),
        ("VM Exception while processing transaction: revert", {"result": "0xdeadbeef"}, b"\xde\xad\xbe\xef"),
        ("VM execution error", "Reverted 0xdeadbeef", b"\xde\xad\xbe\xef"),
        ("execution reverted", None, b""),
        ("header not found", None, None),
    ],
)
def test_revert_data_is_found_in_every_engines_words(message: str, data: object, expected: bytes | None):
    refused = RpcRefused(method="eth_call", rpc_code=3, rpc_message=message, rpc_data=data)
    assert revert_data(refused) == expected
    assert (REFUSALS_OF_ABIS.of(refused) is None) == (expected is None)
