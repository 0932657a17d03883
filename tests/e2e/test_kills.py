# SPDX-License-Identifier: MIT
"""kill -9, twenty times in a short day, at moments drawn by a seed: nothing lost, nothing counted twice."""

import random

import pytest

from tests.e2e.conftest import Play

PERIODS = 12
pytestmark = pytest.mark.timeout(600)  # two demos, one of them with twenty restarts


def test_a_day_with_twenty_kills_gives_the_same_statements_to_the_byte(play: Play) -> None:
    kills = random.SystemRandom().randrange(1000)
    print(f"--kills {kills}")
    calm = play(seed=23, periods=PERIODS)
    killed = play("--kills", str(kills), seed=23, periods=PERIODS)
    assert calm.status == 0, calm.output
    assert killed.status == 0, f"--kills {kills}\n{killed.output}"
    assert "20 kills" in killed.output
    assert killed.statements() == calm.statements()
