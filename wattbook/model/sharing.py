# SPDX-License-Identifier: MIT
"""How one energy is split over several parts, to the Wh, so that no order of calls changes the outcome."""

from collections.abc import Sequence
from itertools import accumulate


def cumulative_floor(total: int, weights: Sequence[int]) -> list[int]:
    """Part i = ⌊Cᵢ·total/T⌋ − ⌊Cᵢ₋₁·total/T⌋, which sum to the total; equal weights if all are 0."""
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    reached = [cumulated * total // whole for cumulated in accumulate(weights)]
    return [now - before for now, before in zip(reached, [0, *reached], strict=False)]


def share_difference(substitutes: Sequence[int], difference: int, limits: Sequence[int]) -> list[int]:
    """Shares a register difference over substituted periods, in Wh (design section 8).

    In proportion to the substitutes; none above its limit: the excess goes to the following periods, then to
    the first. What no limit holds is dropped.
    """
    shares = cumulative_floor(difference, substitutes)
    excess = 0
    for _ in range(2):
        for position, limit in enumerate(limits):
            wanted = shares[position] + excess
            shares[position] = min(wanted, limit)
            excess = wanted - shares[position]
    return shares


def default_energies(defaults: Sequence[int], limits: Sequence[int], wanted_wh: int) -> list[int]:
    """The import booked at an account's missing points, in order of registration.

    Each its registered default, then the excess of `wanted_wh` over their sum, up to each one's limit; what
    no limit holds is dropped.
    """
    excess = max(wanted_wh - sum(defaults), 0)
    energies = []
    for default, limit in zip(defaults, limits, strict=True):
        added = min(excess, limit - default)
        energies.append(default + added)
        excess -= added
    return energies
