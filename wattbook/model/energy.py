# SPDX-License-Identifier: MIT
"""Import and export, never netted where they are metered."""

from dataclasses import dataclass
from typing import NamedTuple

REGISTER_MODULUS = 1 << 28


class Energy(NamedTuple):
    """Import and export of one period, in Wh."""

    import_wh: int
    export_wh: int

    @property
    def net(self) -> int:
        """What was delivered: export minus import."""
        return self.export_wh - self.import_wh

    def plus(self, other: "Energy") -> "Energy":
        """Both together."""
        return Energy(self.import_wh + other.import_wh, self.export_wh + other.export_wh)


class Registers(NamedTuple):
    """Both registers of a point, modulo 2^28 Wh."""

    import_wh: int
    export_wh: int

    def since(self, start: "Registers") -> Energy:
        """What flowed since `start`; less than 2^28 Wh."""
        return Energy(
            (self.import_wh - start.import_wh) % REGISTER_MODULUS,
            (self.export_wh - start.export_wh) % REGISTER_MODULUS,
        )

    def after(self, energy: Energy) -> "Registers":
        """Where they stand when `energy` has flowed."""
        return Registers(
            (self.import_wh + energy.import_wh) % REGISTER_MODULUS,
            (self.export_wh + energy.export_wh) % REGISTER_MODULUS,
        )


NOTHING = Energy(0, 0)


@dataclass(frozen=True, slots=True)
class Residual:
    """Energy known too late for the periods it belongs to, `first` to `last`."""

    account: int
    carrier: int
    first: int
    last: int
    energy: Energy
