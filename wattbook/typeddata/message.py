# SPDX-License-Identifier: MIT
"""What all signed messages have in common. A message class only names its type and its fields."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from wattbook.typeddata.domain import DOMAIN_TYPE, Domain
from wattbook.typeddata.fields import Field, from_json, parse_fields, to_json
from wattbook.typeddata.hashing import keccak

_DOMAIN_FIELDS = parse_fields(DOMAIN_TYPE)


class Message:
    """An EIP-712 struct. Subclasses are frozen dataclasses with `TYPE`'s fields in snake case."""

    __slots__ = ()

    TYPE: ClassVar[str]
    TYPEHASH: ClassVar[bytes]
    FIELDS: ClassVar[tuple[Field, ...]]

    def __init_subclass__(cls) -> None:
        if "TYPE" in cls.__dict__:
            cls.TYPEHASH = keccak(cls.TYPE.encode())
            cls.FIELDS = parse_fields(cls.TYPE)

    def encoded(self) -> bytes:
        """Type hash and fields, 32 bytes each. Raises IdOutOfRange when a value doesn't fit its field."""
        parts = [self.TYPEHASH]
        parts += [field.encode(getattr(self, field.attribute)) for field in self.FIELDS]
        return b"".join(parts)

    def struct_hash(self) -> bytes:
        """EIP-712 hashStruct, 32 bytes."""
        return keccak(self.encoded())

    def digest(self, domain: Domain) -> bytes:
        """The 32 bytes that are signed."""
        return keccak(b"\x19\x01" + domain.separator + self.struct_hash())

    def message_json(self) -> dict[str, Any]:
        """The fields by their EIP-712 names, fit for JSON."""
        return {field.name: to_json(field, getattr(self, field.attribute)) for field in self.FIELDS}

    @classmethod
    def from_json(cls, message: Mapping[str, Any]) -> Self:
        """The reverse of `message_json`. Raises KeyError for a missing field."""
        return cls(**{field.attribute: from_json(field, message[field.name]) for field in cls.FIELDS})

    def typed_data(self, domain: Domain) -> dict[str, Any]:
        """The argument of eth_signTypedData_v4."""
        primary = self.TYPE.partition("(")[0]
        return {
            "types": {"EIP712Domain": _described(_DOMAIN_FIELDS), primary: _described(self.FIELDS)},
            "primaryType": primary,
            "domain": domain.to_json(),
            "message": self.message_json(),
        }


def _described(fields: tuple[Field, ...]) -> list[dict[str, str]]:
    return [{"name": field.name, "type": field.type} for field in fields]
