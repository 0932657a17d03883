# SPDX-License-Identifier: MIT
"""As direct_book.py: what is booked for readings that are missing (design section 8)."""


def defaults(points: list[dict[str, int]], missing: list[bool], net_bought_wh: int) -> list[int]:
    """What the missing points import by default: each its own, then the excess up to its limit.

    `points` of one account in order of registration: its registered default, its limit, what it imported.
    """
    known = sum(point["importWh"] for point, gone in zip(points, missing, strict=True) if not gone)
    wanted = net_bought_wh - known
    excess = max(wanted - sum(p["defaultWh"] for p, gone in zip(points, missing, strict=True) if gone), 0)
    booked = []
    for point, gone in zip(points, missing, strict=True):
        if not gone:
            booked.append(point["importWh"])
            continue
        added = min(excess, point["limitWh"] - point["defaultWh"])
        excess -= added
        booked.append(point["defaultWh"] + added)
    return booked


def shares(substitutes: list[int], difference: int, limit: int) -> list[int]:
    """A register difference over the substituted periods, Wh by Wh.

    The Wh number n (from 1) belongs to the first period whose cumulative part reaches it; none above its
    limit: the excess goes to the following periods, then to the first.
    """
    weights = substitutes if any(substitutes) else [1] * len(substitutes)
    given = [0] * len(weights)
    for wh in range(1, difference + 1):
        reached = 0
        for position, weight in enumerate(weights):
            reached += weight
            if reached * difference // sum(weights) >= wh:
                given[position] += 1
                break
    over = 0
    for position in [*range(len(given)), *range(len(given))]:
        over += given[position]
        given[position] = min(over, limit)
        over -= given[position]
    return given
