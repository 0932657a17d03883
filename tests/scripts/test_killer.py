# SPDX-License-Identifier: MIT
"""The crash test's killer: every kill is one death, and a day always ends."""

import asyncio
import sys
from pathlib import Path

import pytest

from scripts.demo.killer import KILLS, NAMED, VICTIMS, Kill, Killer, draw_plan
from wattbook.processes import Supervisor

IDLE = [sys.executable, str(Path(__file__).parents[1] / "wattbook" / "programs" / "family.py")]


@pytest.mark.timeout(60)
def test_a_named_line_that_nobody_passes_any_more_is_a_death_at_the_days_end(tmp_path: Path):
    async def day(supervisor: Supervisor) -> Killer:
        relays = [Kill("relay", "journalled", 0), Kill("relay", "sent", 0)]
        killer = Killer(supervisor, {0: [*relays, Kill("api", "accepted", 0)]}, tmp_path)
        async with killer.watching():
            killer.strike()
        return killer

    with Supervisor() as supervisor:
        before = {victim: supervisor.start(victim, IDLE).pid for victim in VICTIMS}
        killer = asyncio.run(day(supervisor))
        assert sorted(killer.kills) == ["api", "relay", "relay"]
        assert all(child.alive() for child in supervisor.children.values())
        started_again = {name for name, pid in before.items() if supervisor.children[name].pid != pid}
    assert started_again == {"api", "relay"}


def test_a_plan_strikes_every_named_line_once_while_all_of_them_are_passed():
    for seed in range(50):
        plan = draw_plan(seed, 120)
        kills = [kill for kills in plan.values() for kill in kills]
        assert len(kills) == KILLS
        assert sorted((kill.victim, kill.point) for kill in kills if kill.point) == sorted(NAMED)
        assert 4 <= min(plan) <= max(plan) < 60
