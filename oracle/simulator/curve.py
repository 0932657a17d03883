# SPDX-License-Identifier: MIT
"""How a meter's energy grows: whole Wh a period, and in between a power that is constant around boundaries.

15 s before a period's end to 15 s after it power doesn't change, so the register at the boundary lies on the
line between two polls. Between, each half of the period gets 45 to 55 % of what is left, by seed.
"""

import hashlib
from collections.abc import Sequence
from fractions import Fraction

CALM_SECONDS = 15  # before and after a boundary


class Curve:
    """One direction. `energies[k]` Wh pass in period `first_period + k`; the list repeats at its end."""

    def __init__(self, energies: Sequence[int], first_period: int, period_seconds: int, salt: str) -> None:
        self._energies = tuple(energies)
        self._first = first_period
        self._length = period_seconds
        self._salt = salt
        sums = [0]
        for energy in self._energies:
            sums.append(sums[-1] + energy)
        self._sums = tuple(sums)

    def energy(self, period: int) -> int:
        """Wh of a period; 0 before the first."""
        return self._energies[(period - self._first) % len(self._energies)] if period >= self._first else 0

    def until_start(self, period: int) -> int:
        """Wh from the first period's start to this period's."""
        rounds, rest = divmod(max(period - self._first, 0), len(self._energies))
        return rounds * self._sums[-1] + self._sums[rest]

    def at(self, instant: int) -> Fraction:
        """Wh from the first period's start to a UTC second, exact."""
        period, seconds = divmod(instant, self._length)
        return self.until_start(period) + self._within(period, seconds)

    def power_w(self, instant: int) -> Fraction:
        """W in the second that begins then."""
        return (self.at(instant + 1) - self.at(instant)) * 3600

    def _within(self, period: int, seconds: int) -> Fraction:
        energy = self.energy(period)
        first, last = self._rate_at_start(period), self._rate_at_start(period + 1)
        if seconds <= CALM_SECONDS:
            return first * seconds
        if seconds >= self._length - CALM_SECONDS:
            return energy - last * (self._length - seconds)
        rest = energy - (first + last) * CALM_SECONDS
        return first * CALM_SECONDS + rest * self._share(period, seconds - CALM_SECONDS)

    def _rate_at_start(self, period: int) -> Fraction:
        """Wh a second around the boundary: the mean of both periods, but at most what either has to give."""
        before, after = self.energy(period - 1), self.energy(period)
        mean = Fraction(before + after, 2 * self._length)
        return min(mean, Fraction(min(before, after), 2 * CALM_SECONDS))

    def _share(self, period: int, seconds: int) -> Fraction:
        """Which part of the middle's energy has passed `seconds` into it."""
        whole = self._length - 2 * CALM_SECONDS
        half = Fraction(whole, 2)
        digest = hashlib.sha256(f"{self._salt}/{period}".encode()).digest()
        early = Fraction(45 + digest[0] % 11, 100)
        if seconds <= half:
            return early * seconds / half
        return early + (1 - early) * (seconds - half) / half
