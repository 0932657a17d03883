# SPDX-License-Identifier: MIT
"""A sender's journal is lost, or another begins: what was sent before is on the chain, or is sent anew."""

import pytest

from oracle.journal import LaneState
from tests.oracle.stage import MODELS, Stage, lane_states, require_truth, staged
from tests.oracle.support import PERIOD
from wattbook.typeddata import Quality

pytestmark = pytest.mark.chain


async def with_another_journal(stage: Stage) -> None:
    """Two instants: one to look at the chain and send, one to see what became of it."""
    await stage.start(sender_journal=stage.folder / "new-sender.db")
    await stage.step(PERIOD + 20)
    await stage.step(PERIOD + 30)
    require_truth(stage, range(1), Quality.MEASURED)
    assert lane_states(stage.folder / "oracle.db") == {LaneState.CONFIRMED: 2 * len(MODELS)}


async def test_what_another_sender_posted_is_found_on_the_chain(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start()
        await stage.live(0, 1)
        await stage.stop()
        assert lane_states(tmp_path / "oracle.db")[LaneState.BATCHED] == len(MODELS)
        await with_another_journal(stage)


async def test_what_another_sender_lost_is_posted_anew(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start()
        await stage.live(0, 0)
        await stage.step(PERIOD - 10)
        await stage.step(PERIOD + 10, forget=True)
        await stage.stop()
        assert ground.energy(1, ground.first) is None
        await with_another_journal(stage)
