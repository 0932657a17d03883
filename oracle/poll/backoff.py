# SPDX-License-Identifier: MIT
"""How long a failing meter is left alone: in the clock's seconds, doubling, at most a minute."""

from dataclasses import dataclass

FIRST_SECONDS = 5
LONGEST_SECONDS = 60


@dataclass(slots=True)
class Backoff:
    """`failures` in a row; not asked again before `until` (UTC seconds)."""

    failures: int = 0
    until: int = 0

    def is_due(self, now: int) -> bool:
        return now >= self.until

    def failed(self, now: int) -> None:
        self.failures += 1
        self.until = now + min(FIRST_SECONDS << min(self.failures - 1, 8), LONGEST_SECONDS)

    def worked(self) -> int:
        """Answers after how many failures."""
        failures, self.failures, self.until = self.failures, 0, 0
        return failures
