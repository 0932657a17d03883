# SPDX-License-Identifier: MIT
"""The outcome of one check: what was compared with what, how often, and where it failed."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Finding:
    name: str
    compared: str  # what was compared with what
    count: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults and self.count > 0

    def expect(self, holds: bool, fault: str) -> None:
        """Counts one comparison; keeps the fault if it doesn't hold."""
        self.count += 1
        if not holds:
            self.faults.append(fault)

    def equal(self, what: str, here: Any, there: Any) -> None:
        self.expect(here == there, f"{what}: {here} is not {there}")

    def as_json(self) -> dict[str, Any]:
        faults = self.faults if self.count else ["nothing was compared"]
        return {
            "name": self.name,
            "compared": self.compared,
            "count": self.count,
            "ok": self.ok,
            "faults": faults[:20],
            "faultCount": len(faults),
        }
