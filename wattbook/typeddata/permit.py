# SPDX-License-Identifier: MIT
"""EIP-2612: lets the vault take token units without an earlier `approve`; verified by the payment token."""

from dataclasses import dataclass
from typing import ClassVar

from wattbook.typeddata.domain import Domain
from wattbook.typeddata.message import Message


@dataclass(frozen=True, slots=True)
class Permit(Message):
    """`value` in token units, `nonce` is the token's own count, `deadline` in UTC seconds."""

    TYPE: ClassVar[str] = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"

    owner: str
    spender: str
    value: int
    nonce: int
    deadline: int


def token_domain(chain_id: int, token: str, name: str = "Test Euro", version: str = "1") -> Domain:
    """The domain of an ERC-20 with permit; OpenZeppelin's tokens are version 1 under their own name."""
    return Domain(chain_id, token, name, version)
