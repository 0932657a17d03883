# SPDX-License-Identifier: MIT
"""What becomes of a lane that the chain took or skipped."""

import re
from pathlib import Path

import pytest

from oracle.confirm import SkipReason, can_follow, state_after
from oracle.journal import LaneState
from oracle.readings import Boundary
from wattbook.typeddata import Quality

OURS = Boundary(1, 100, (1 << 28) + 5, 7, Quality.MEASURED)
SAME = {"importRegister": 5, "exportRegister": 7, "quality": Quality.MEASURED}
OTHER = SAME | {"importRegister": 6}
INTERFACE = Path(__file__).parents[2] / "contracts" / "interfaces" / "IMeterReadings.sol"


def test_skip_reasons_are_those_of_the_contract():
    (body,) = re.findall(r"enum SkipReason \{([^}]*)\}", INTERFACE.read_text())
    names = re.findall(r"[A-Z]\w+", re.sub(r"//.*", "", body))
    assert [reason.label.replace("-", "") for reason in SkipReason] == [name.lower() for name in names]


@pytest.mark.parametrize(
    ("reason", "on_chain", "state"),
    [
        (None, None, LaneState.CONFIRMED),
        (SkipReason.NOT_CONSECUTIVE, None, LaneState.HELD),
        (SkipReason.SHARE_PENDING, None, LaneState.HELD),
        (SkipReason.ALREADY_KNOWN, SAME, LaneState.CONFIRMED),
        (SkipReason.ALREADY_KNOWN, OTHER, LaneState.SUPERSEDED),
        (SkipReason.ABOVE_LIMIT, None, LaneState.REFUSED),
        (SkipReason.WRONG_GATEWAY, None, LaneState.REFUSED),
        (SkipReason.POINT_UNKNOWN, None, LaneState.REFUSED),
        (SkipReason.QUALITY_UNKNOWN, None, LaneState.REFUSED),
    ],
)
def test_a_skipped_lane_waits_is_done_or_is_refused(reason, on_chain, state):
    assert state_after(OURS, reason, on_chain) is state


@pytest.mark.parametrize(
    ("quality", "follows"),
    [
        (Quality.NONE, False),
        (Quality.BASE, True),
        (Quality.ESTIMATED, True),
        (Quality.SUBSTITUTED, False),
        (Quality.DEFAULTED, False),
        (Quality.CORRECTED, True),
        (Quality.APART, True),
    ],
)
def test_a_reading_follows_true_registers_and_no_substituted_ones(quality, follows):
    assert can_follow(quality) is follows
