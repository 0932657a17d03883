# SPDX-License-Identifier: MIT
"""The authority's word that lets a party in; verified by Registry."""

from dataclasses import dataclass
from typing import ClassVar

from wattbook.typeddata.message import Message


@dataclass(frozen=True, slots=True)
class Admission(Message):
    """`number` is chosen by the authority; each number admits once."""

    TYPE: ClassVar[str] = (
        "Admission(address participant,uint8 area,bool buyer,bool seller,uint64 number,uint40 validUntil)"
    )

    participant: str
    area: int
    buyer: bool
    seller: bool
    number: int
    valid_until: int
