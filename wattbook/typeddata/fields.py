# SPDX-License-Identifier: MIT
"""The fields of a signed message: how each EIP-712 type is encoded to 32 bytes and written as JSON."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from wattbook.errors import IdOutOfRange
from wattbook.typeddata.hashing import keccak

Encoder = Callable[[Any], bytes]

# Greater integers don't survive a JSON number in JavaScript.
_SAFE_BITS = 48
_CAPITAL = re.compile(r"(?=[A-Z])")


class Field(NamedTuple):
    """One member of a struct: its EIP-712 `name`, our `attribute`, and its `type`."""

    name: str
    attribute: str
    type: str
    encode: Encoder


def encode_address(address: str) -> bytes:
    """A 0x-prefixed address of 20 bytes, left-padded."""
    raw = bytes.fromhex(address.removeprefix("0x"))
    if len(raw) != 20:
        raise IdOutOfRange(kind="Address", value=address, low="20 bytes", high="20 bytes")
    return raw.rjust(32, b"\0")


def _encode_uint(name: str, bits: int) -> Encoder:
    def encode(value: int) -> bytes:
        if not 0 <= value < 1 << bits:
            raise IdOutOfRange(kind=f"The value of {name}:", value=value, low=0, high=(1 << bits) - 1)
        return int(value).to_bytes(32, "big")

    return encode


def _encode_bytes32(value: bytes) -> bytes:
    if len(value) != 32:
        raise IdOutOfRange(kind="A hash of length", value=len(value), low=32, high=32)
    return bytes(value)


def _encoder(type_: str, name: str) -> Encoder:
    if type_.startswith("uint"):
        return _encode_uint(name, int(type_.removeprefix("uint")))
    by_type: dict[str, Encoder] = {
        "address": encode_address,
        "bool": lambda value: int(bool(value)).to_bytes(32, "big"),
        "bytes32": _encode_bytes32,
        "bytes": keccak,
        "string": lambda value: keccak(value.encode()),
    }
    return by_type[type_]


def parse_fields(type_string: str) -> tuple[Field, ...]:
    """`Name(type field,…)` → its fields; the attribute is the field's name in snake case."""
    inner = type_string[type_string.index("(") + 1 : -1]
    pairs = (member.split(" ") for member in inner.split(","))
    return tuple(
        Field(name, _CAPITAL.sub("_", name).lower(), type_, _encoder(type_, name)) for type_, name in pairs
    )


def to_json(field: Field, value: Any) -> Any:
    """How a wallet wants to see the value: bytes as hex, integers beyond 48 bits as decimal text."""
    if field.type.startswith("uint"):
        return int(value) if int(field.type[4:]) <= _SAFE_BITS else str(int(value))
    if field.type.startswith("bytes"):
        return "0x" + bytes(value).hex()
    return value


def from_json(field: Field, value: Any) -> Any:
    """The reverse of `to_json`."""
    if field.type.startswith("uint"):
        return int(value)
    if field.type.startswith("bytes"):
        return bytes.fromhex(str(value).removeprefix("0x"))
    return value
