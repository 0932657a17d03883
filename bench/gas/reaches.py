# SPDX-License-Identifier: MIT
"""What each line is held against: the reach that was set, and the best that was found elsewhere."""

from typing import NamedTuple

from bench.gas.results import Measured

FIRST_USE, RECYCLED, WARM = "first use", "recycled", "warm"


class Reach(NamedTuple):
    """`gas` is the reach, None where none was set for this state; `other` the best of others, and whose."""

    gas: int | None
    other: int | None = None
    whose: str = ""


_PLACE = (98_660, "Mangrove")
_NEW_LEVEL = (93_628, "Mangrove")
_TAKE = (117_122, "Mangrove")
_SWEEP = (136_130, "Clober v2")
_READING = (5_733, "Chainlink OCR2")
_CLAIM = (84_908, "EasyAuction")
_LIFE = (2_430_000, "lemlab")

# operation → state → reach; "*" for a state that isn't named
_REACHES: dict[str, dict[str, Reach]] = {
    "place, existing level": {RECYCLED: Reach(64_000, *_PLACE), "*": Reach(None, *_PLACE)},
    "place, new price level": {
        RECYCLED: Reach(69_000, *_NEW_LEVEL),
        FIRST_USE: Reach(105_000, *_NEW_LEVEL),
    },
    "place, first in a market": {FIRST_USE: Reach(162_000, 156_286, "Mangrove"), "*": Reach(None)},
    "place, first in a market, not prepared": {"*": Reach(None, 156_286, "Mangrove")},
    "place many": {RECYCLED: Reach(15_000), "*": Reach(None)},
    "signed orders relayed": {RECYCLED: Reach(28_000), "*": Reach(None)},
    "take one resting order": {RECYCLED: Reach(59_000, *_TAKE), FIRST_USE: Reach(82_000, *_TAKE)},
    "take 100 makers on one level, all of it": {RECYCLED: Reach(95_000, *_SWEEP), "*": Reach(None, *_SWEEP)},
    "take 100 makers, the last in part": {RECYCLED: Reach(135_000, *_SWEEP), "*": Reach(None, *_SWEEP)},
    "cancel": {WARM: Reach(48_000, 48_714, "Mangrove")},
    "claim fills": {RECYCLED: Reach(13_000, *_CLAIM), "*": Reach(None, *_CLAIM)},
    "reading, one gateway signature, of 100": {
        RECYCLED: Reach(3_300, *_READING),
        FIRST_USE: Reach(7_500, *_READING),
    },
    "reading, one gateway signature, of 500": {
        RECYCLED: Reach(3_100, *_READING),
        FIRST_USE: Reach(7_500, *_READING),
    },
    "reading signed by the meter": {RECYCLED: Reach(12_500), "*": Reach(None)},
    "settle a member": {RECYCLED: Reach(10_000, 515_000, "lemlab"), "*": Reach(None, 515_000, "lemlab")},
    "whole life of an order": {RECYCLED: Reach(150_000, *_LIFE), "*": Reach(None, *_LIFE)},
}


def reach_of(line: Measured) -> Reach:
    """The most closely named operation's. Raises KeyError for a line that nothing is said of."""
    names = [name for name in _REACHES if line.operation.startswith(name)]
    if not names:
        raise KeyError(line.name)
    by_state = _REACHES[max(names, key=len)]
    return by_state.get(line.state) or by_state["*"]
