# SPDX-License-Identifier: MIT
"""The common form of all bodies: camelCase outside, snake_case inside; nothing unknown is taken."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Item = TypeVar("Item")

Hex = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]*$", max_length=20_000)]
Signature = Annotated[
    str,
    Field(
        pattern=r"^0x[0-9a-fA-F]+$",
        max_length=2 + 2 * 2_048,
        description="64 or 65 bytes of a key, or whatever a contract wallet takes (EIP-1271)",
    ),
]
Hash = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{64}$", examples=["0x" + "ab" * 32])]
Address = Annotated[
    str,
    Field(pattern=r"^0x[0-9a-fA-F]{40}$", examples=["0x70997970C51812dc3A010C7d01b50e0d17dc79C8"]),
]
AccountId = Annotated[int, Field(ge=0, le=0xFFFFFF, examples=[65552])]
MarketId = Annotated[int, Field(ge=0, le=(1 << 48) - 1, examples=[1099513592576])]
Period = Annotated[int, Field(ge=0, le=0xFFFF_FFFF, examples=[1963584])]
Seconds = Annotated[int, Field(ge=0, lt=1 << 40, examples=[1767225600])]

Wh = Annotated[str, Field(examples=["1500"])]
Kwh = Annotated[str, Field(examples=["1.500"])]
Ticks = Annotated[str, Field(examples=["1900"])]
PerKwh = Annotated[str, Field(examples=["0.1900"])]
Units = Annotated[str, Field(examples=["2850000"])]
Currency = Annotated[str, Field(examples=["0.2850000"])]


class Body(BaseModel):
    """An answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Request(BaseModel):
    """What somebody sends."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", str_strip_whitespace=True
    )


class PageOf(Body, Generic[Item]):
    """One page; `next` is the cursor of the following one, null on the last."""

    items: list[Item]
    next: str | None = None


class ListOf(Body, Generic[Item]):
    """All there is."""

    items: list[Item]


class Problem(Body):
    """RFC 9457. Branch on `code`; `detail` is one sentence for people."""

    type: str = Field(examples=["urn:wattbook:problem:gate-closed"])
    title: str = Field(examples=["Gate closed"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["Trading for period 1963584 has ended: choose a later period."])
    code: str = Field(examples=["gate-closed"])
    facts: dict[str, Any] = Field(examples=[{"period": 1963584}])


class Reason(Body):
    """Why something was refused."""

    code: str = Field(examples=["insufficient-balance"])
    detail: str
