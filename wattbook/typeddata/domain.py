# SPDX-License-Identifier: MIT
"""The EIP-712 domain: which deployment a signature is meant for."""

from dataclasses import dataclass, field

from wattbook.typeddata.fields import encode_address
from wattbook.typeddata.hashing import keccak

NAME = "Wattbook"
VERSION = "1"

DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
_DOMAIN_TYPEHASH = keccak(DOMAIN_TYPE.encode())


@dataclass(frozen=True, slots=True)
class Domain:
    """A contract on a chain. `separator` (32 bytes) is computed once: keep the object and reuse it.

    Orders, cancellations, sessions and receipts are meant for the OrderBook, admissions for the Registry,
    reading batches for MeterReadings; only a token's permit has a name of its own.
    """

    chain_id: int
    contract: str
    name: str = NAME
    version: str = VERSION
    separator: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        encoded = (
            _DOMAIN_TYPEHASH
            + keccak(self.name.encode())
            + keccak(self.version.encode())
            + self.chain_id.to_bytes(32, "big")
            + encode_address(self.contract)
        )
        object.__setattr__(self, "separator", keccak(encoded))

    def to_json(self) -> dict[str, object]:
        """The `domain` object of eth_signTypedData_v4."""
        return {
            "name": self.name,
            "version": self.version,
            "chainId": self.chain_id,
            "verifyingContract": self.contract,
        }
