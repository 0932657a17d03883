# SPDX-License-Identifier: MIT
"""The payment token's units beside the vault's cash units.

a token of 2 decimals    1 token unit = 100,000 cash units      amounts finer than 0.01 can't be paid
a token of 6 decimals    1 token unit = 10 cash units
a token of 18 decimals   1 cash unit  = 10^11 token units       amounts finer than 1e-7 can't be paid
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from wattbook.errors import AmountInexact
from wattbook.units import CASH_DECIMALS, format_cash, parse_cash

MOST_DECIMALS = 18


@dataclass(frozen=True, slots=True)
class PaymentToken:
    """A standard ERC-20; by default the test euro that ships."""

    symbol: str = "TEUR"
    decimals: int = 6

    def __post_init__(self) -> None:
        if not 0 <= self.decimals <= MOST_DECIMALS:
            raise ValueError(f"a payment token has 0 to {MOST_DECIMALS} decimals, not {self.decimals}")

    @property
    def cash_units_per_token_unit(self) -> int:
        """1 where a token unit is finer than a cash unit."""
        return int(10 ** max(CASH_DECIMALS - self.decimals, 0))

    @property
    def token_units_per_cash_unit(self) -> int:
        """1 where a cash unit is finer than a token unit."""
        return int(10 ** max(self.decimals - CASH_DECIMALS, 0))

    def to_cash(self, token_units: int) -> int:
        """Cash units that token units bring, rounded down; the vault takes whole ones only."""
        return token_units * self.cash_units_per_token_unit // self.token_units_per_cash_unit

    def from_cash(self, cash_units: int) -> tuple[int, int]:
        """(token units, cash units that stay behind): a withdrawal leaves the sub-token remainder."""
        whole, rest = divmod(cash_units, self.cash_units_per_token_unit)
        return whole * self.token_units_per_cash_unit, rest

    def is_whole(self, token_units: int) -> bool:
        """Whether they come to whole cash units."""
        return token_units % self.token_units_per_cash_unit == 0

    def parse(self, currency: str) -> int:
        """Currency → token units. Raises AmountUnreadable, AmountInexact below a token or a cash unit."""
        tokens, rest = self.from_cash(parse_cash(currency))
        if rest:
            step = format_cash(self.cash_units_per_token_unit).rstrip("0").rstrip(".")
            raise AmountInexact(text=currency, unit="currency", step=step)
        return tokens

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From a deployment file. Raises KeyError, ValueError."""
        return cls(str(data["symbol"]), int(data["decimals"]))

    def to_json(self) -> dict[str, Any]:
        return {"symbol": self.symbol, "decimals": self.decimals}
