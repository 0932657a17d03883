# SPDX-License-Identifier: MIT
"""What a transaction pays: always explicit, never what a node suggests (engines.md says why)."""

from dataclasses import dataclass
from typing import Literal, Self

# Geth asks 10 % for a replacement, Anvil the same, others 12.5 %.
_BUMP_PER_MILLE = 1125

FeeMode = Literal["legacy", "eip1559"]


def _bumped(wei: int) -> int:
    return max(-(-wei * _BUMP_PER_MILLE // 1000), wei + 1)


@dataclass(frozen=True, slots=True)
class Fees:
    """Wei a gas. `price` is gasPrice, or in mode eip1559 maxFeePerGas with `tip` as maxPriorityFeePerGas."""

    mode: FeeMode = "legacy"
    price: int = 10**9
    tip: int = 0

    def bumped(self) -> Self:
        """The least fees that replace a transaction which pays these."""
        tip = _bumped(self.tip) if self.mode == "eip1559" else 0
        return type(self)(self.mode, max(_bumped(self.price), tip), tip)

    def above(self, base_fee: int) -> Self:
        """These, or what a block takes even if its base fee has risen for six full blocks more."""
        return type(self)(self.mode, max(self.price, 2 * base_fee), self.tip)

    def fields(self) -> dict[str, int]:
        """The fee fields of a transaction."""
        if self.mode == "legacy":
            return {"gasPrice": self.price}
        return {"maxFeePerGas": self.price, "maxPriorityFeePerGas": self.tip, "type": 2}
