# SPDX-License-Identifier: MIT
"""Our fast path makes the digests that eth-account made."""

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import _hash_eip191_message, encode_typed_data
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook import typeddata as td
from wattbook.errors import IdOutOfRange
from wattbook.keys import recover

SHARED = json.loads((Path(__file__).parents[2] / "vectors" / "typed-data.json").read_text("utf-8"))
VECTORS = SHARED["vectors"]
MESSAGES: dict[str, type[td.Message]] = {
    "Order": td.Order,
    "Cancellation": td.Cancellation,
    "Admission": td.Admission,
    "OwnReading": td.OwnReading,
    "MeterExchange": td.MeterExchange,
    "ReadingBatch": td.ReadingBatch,
    "Permit": td.Permit,
    "Session": td.Session,
    "Receipt": td.Receipt,
}
WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
DOMAIN = td.Domain(31_337, "0x5FbDB2315678afecb367f032d93F642f64180aa3")


def domain_of(vector: dict[str, Any]) -> td.Domain:
    data = vector["typedData"]["domain"]
    return td.Domain(data["chainId"], data["verifyingContract"], data["name"], data["version"])


def message_of(vector: dict[str, Any]) -> td.Message:
    typed = vector["typedData"]
    return MESSAGES[typed["primaryType"]].from_json(typed["message"])


def digest_by_eth_account(message: td.Message, domain: td.Domain) -> bytes:
    typed = message.typed_data(domain)
    for field in message.FIELDS:
        typed["message"][field.name] = getattr(message, field.attribute)
    return bytes(_hash_eip191_message(encode_typed_data(full_message=typed)))


def hexed(data: bytes) -> str:
    return "0x" + data.hex()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["title"])
def test_the_digest_is_the_one_that_eth_account_made(vector: dict[str, Any]) -> None:
    message, domain = message_of(vector), domain_of(vector)
    assert vector["type"] == message.TYPE
    assert hexed(message.TYPEHASH) == vector["typeHash"]
    assert hexed(domain.separator) == vector["domainSeparator"]
    assert hexed(message.struct_hash()) == vector["structHash"]
    assert hexed(message.digest(domain)) == vector["digest"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["title"])
def test_the_signature_is_the_wallets(vector: dict[str, Any]) -> None:
    digest = message_of(vector).digest(domain_of(vector))
    assert recover(digest, bytes.fromhex(vector["signature"][2:])) == SHARED["signer"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["title"])
def test_the_json_for_a_wallet_names_types_in_their_order(vector: dict[str, Any]) -> None:
    assert message_of(vector).typed_data(domain_of(vector)) == vector["typedData"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["title"])
def test_a_wallet_that_reads_our_json_signs_the_same_digest(vector: dict[str, Any]) -> None:
    typed = json.loads(json.dumps(vector["typedData"]))
    typed["message"] = {
        name: int(value) if isinstance(value, str) and value.isdigit() else value
        for name, value in typed["message"].items()
    }
    assert hexed(encode_typed_data(full_message=typed).body) == vector["structHash"]


def test_every_message_has_a_vector() -> None:
    assert {vector["typedData"]["primaryType"] for vector in VECTORS} == MESSAGES.keys()


def uint(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**bits - 1)


addresses = st.binary(min_size=20, max_size=20).map(hexed)
bytes32 = st.binary(min_size=32, max_size=32)
any_message = st.one_of(
    st.builds(
        td.Order, uint(24), uint(8), uint(8), uint(32), uint(1), uint(2), st.booleans(), uint(16), uint(23),
        uint(16), uint(28), uint(40),
    ),
    st.builds(td.Cancellation, uint(24), uint(8), uint(8), uint(32), uint(16), uint(16), uint(40)),
    st.builds(td.Admission, addresses, uint(8), st.booleans(), st.booleans(), uint(64), uint(40)),
    st.builds(td.OwnReading, uint(24), uint(32), uint(48), uint(48), uint(8)),
    st.builds(td.MeterExchange, uint(24), uint(32), *(uint(48) for _ in range(6))),
    st.builds(td.ReadingBatch, uint(16), uint(32), bytes32, st.binary(max_size=99)),
    st.builds(td.Permit, addresses, addresses, uint(256), uint(256), uint(256)),
    st.builds(td.Session, addresses, st.text(), uint(40), uint(40), bytes32),
    st.builds(td.Receipt, bytes32, uint(64), uint(40)),
)  # fmt: skip


@given(any_message)
@settings(max_examples=150, deadline=None)
def test_any_message_has_the_digest_of_eth_account(message: td.Message) -> None:
    assert message.digest(DOMAIN) == digest_by_eth_account(message, DOMAIN)


@given(any_message)
@settings(max_examples=150, deadline=None)
def test_any_message_comes_back_from_its_json(message: td.Message) -> None:
    assert type(message).from_json(json.loads(json.dumps(message.message_json()))) == message


def test_another_chain_or_contract_gives_another_digest() -> None:
    receipt = td.Receipt(bytes(32), 1, 2)
    others = [td.Domain(1, DOMAIN.contract), td.Domain(31_337, WALLET), td.token_domain(31_337, WALLET)]
    assert len({receipt.digest(domain) for domain in [DOMAIN, *others]}) == 4


def test_a_value_that_does_not_fit_its_field_is_refused() -> None:
    with pytest.raises(IdOutOfRange):
        td.Receipt(bytes(32), 2**64, 0).digest(DOMAIN)
    with pytest.raises(IdOutOfRange):
        td.Receipt(bytes(31), 0, 0).digest(DOMAIN)
    with pytest.raises(IdOutOfRange):
        td.Admission("0x1234", 1, True, True, 1, 0).digest(DOMAIN)
