# SPDX-License-Identifier: MIT
"""When a delivery period opens, closes, becomes final and lapses (design section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from wattbook import ids
from wattbook.errors import CalendarInvalid

_JSON_NAMES = {
    "period_seconds": "periodSeconds",
    "opens_before": "opensBefore",
    "gate_before": "gateBefore",
    "final_after": "finalAfter",
    "substitutes_until": "substitutesUntil",
    "corrections_until": "correctionsUntil",
    "hand_out_until": "handOutUntil",
    "ring_periods": "ringPeriods",
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The times of a deployment, in seconds: `*_before` a period's start, the others after its end.

    Raises CalendarInvalid when the times contradict each other or a period's life doesn't fit the ring.
    """

    period_seconds: int = 900
    opens_before: int = 24 * 3600
    gate_before: int = 300
    final_after: int = 3600
    substitutes_until: int = 24 * 3600
    corrections_until: int = 7 * 24 * 3600
    hand_out_until: int = 9 * 24 * 3600
    ring_periods: int = 1024

    def __post_init__(self) -> None:
        if self.period_seconds <= 0:
            raise CalendarInvalid(reason="a period must last at least a second")
        if not 0 <= self.gate_before < self.opens_before:
            raise CalendarInvalid(reason="trading must open before the gate closes")
        ends = (0, self.final_after, self.substitutes_until, self.corrections_until, self.hand_out_until)
        if list(ends) != sorted(ends):
            raise CalendarInvalid(reason="final, substitutes, corrections, hand-out must follow each other")
        if self.life_seconds() > self.ring_periods * self.period_seconds:
            raise CalendarInvalid(reason=f"a period outlives the ring of {self.ring_periods} periods")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From the camelCase object of a deployment file. Raises CalendarInvalid."""
        missing = [name for name in _JSON_NAMES.values() if name not in data]
        if missing:
            raise CalendarInvalid(reason=f"{', '.join(missing)} is missing")
        return cls(**{field: int(data[name]) for field, name in _JSON_NAMES.items()})

    def to_json(self) -> dict[str, int]:
        """The camelCase object of a deployment file."""
        return {name: getattr(self, field) for field, name in _JSON_NAMES.items()}

    def life_seconds(self) -> int:
        """From the opening of a period's market until its words may be reused."""
        return self.opens_before + self.period_seconds + self.hand_out_until

    def period_of(self, timestamp: int) -> int:
        """The period in which a UTC second lies."""
        return ids.period_of(timestamp, self.period_seconds)

    def starts_at(self, period: int) -> int:
        """UTC second of the first instant of delivery."""
        return ids.starts_at(period, self.period_seconds)

    def ends_at(self, period: int) -> int:
        """UTC second at which delivery is over: the start of the next period."""
        return self.starts_at(period + 1)

    def opens_at(self, period: int) -> int:
        """UTC second from which orders are taken."""
        return self.starts_at(period) - self.opens_before

    def gate_at(self, period: int) -> int:
        """UTC second from which no order is taken any more."""
        return self.starts_at(period) - self.gate_before

    def final_at(self, period: int) -> int:
        """UTC second from which a reading held is final, and the grid operator may substitute one missing."""
        return self.ends_at(period) + self.final_after

    def default_from(self, period: int) -> int:
        """UTC second from which anyone may book the default for a missing reading."""
        return self.ends_at(period) + self.substitutes_until

    def corrections_until_at(self, period: int) -> int:
        """UTC second at which corrections end and certificates begin to be handed out."""
        return self.ends_at(period) + self.corrections_until

    def hand_out_until_at(self, period: int) -> int:
        """UTC second at which certificates not handed out lapse."""
        return self.ends_at(period) + self.hand_out_until

    def reused_from(self, period: int) -> int:
        """UTC second from which another period may take over the period's words."""
        return self.opens_at(period + self.ring_periods)

    def is_open(self, period: int, now: int) -> bool:
        """Whether orders for the period are taken at `now`."""
        return self.opens_at(period) <= now < self.gate_at(period)

    def open_periods(self, now: int) -> range:
        """The periods that take orders at `now`, earliest first."""
        first = -(-(now + self.gate_before + 1) // self.period_seconds)
        last = (now + self.opens_before) // self.period_seconds
        return range(first, last + 1)
