# SPDX-License-Identifier: MIT
"""Gateways change in the middle of a day: a key, and who reads a metering point. All are real processes."""

import json

import pytest
from typer.testing import CliRunner

from oracle.cli import app
from oracle.journal import LaneState
from tests.oracle.stage import (
    CHAIN_ID,
    GATEWAY_ID,
    MODELS,
    PASSWORD,
    lane_states,
    require_truth,
    with_oracle,
)
from tests.oracle.support import PERIOD
from wattbook.keys import create_keystore, demo_key
from wattbook.typeddata import Quality

pytestmark = pytest.mark.chain
NEW_KEY, OTHER_KEY = 8, 9
MOVED = 6
OTHER = "oracle-2"


def points_in(path, numbers):
    """Leaves only these points in a points file; what was there before."""
    points = json.loads(path.read_text())["points"]
    path.write_text(json.dumps({"points": [it for it in points if it["point"] in numbers]}))
    return points


def another_gateway(stage, oracle):
    """Its own key, journal and points file, with the moved point's meter as registered."""
    folder = stage.folder
    create_keystore(folder / "other.json", PASSWORD, demo_key(OTHER_KEY, CHAIN_ID), iterations=2)
    (folder / "other-points.json").write_text((folder / "points.json").read_text())
    points_in(folder / "other-points.json", [MOVED])
    return oracle.beside(
        OTHER,
        gateway=GATEWAY_ID + 1,
        keystore=folder / "other.json",
        points=folder / "other-points.json",
        journal=folder / "other.db",
        sender_journal=folder / "other-sender.db",
    )


async def test_a_key_is_changed_and_a_point_moves_and_every_wh_is_counted_once(ground, rpc, tmp_path):
    async with with_oracle(ground, tmp_path, rpc) as (stage, oracle):
        await stage.live(0, 1)
        oracle = await change_key(stage, oracle)
        await stage.live(3, 0)
        await move_point(stage, oracle)
        await stage.live(5, 1)
        await stage.step(7 * PERIOD - 10)
        require_truth(stage, range(6), Quality.MEASURED)
        require_registers_meet(stage)
        others = lane_states(tmp_path / "other.db")
        assert sum(others.values()) == 7
        assert others[LaneState.CONFIRMED] >= 3  # what it read while the point was its own
        # The one reading of the moved point that the first gateway took when it was no longer its own.
        ours = lane_states(tmp_path / "oracle.db")
        assert ours == {LaneState.CONFIRMED: 7 * len(MODELS) - 3, LaneState.REFUSED: 1}


async def change_key(stage, oracle):
    """The chain knows the new key before the process does: what the old one signs is refused, and kept.

    Every key has its own sender's journal; the readings' goes on.
    """
    journal, keystore = stage.folder / "oracle.db", stage.folder / "gateway.json"
    stage.ground.operate("changeGatewayKey", GATEWAY_ID, stage.ground.chain.people[NEW_KEY])
    await stage.live(2, 0)
    await stage.step(2 * PERIOD + 20)
    assert lane_states(journal)[LaneState.REFUSED] == len(MODELS)
    assert stage.ground.energy(1, stage.ground.first + 1) is None
    await oracle.stop()
    keystore.unlink()
    create_keystore(keystore, PASSWORD, demo_key(NEW_KEY, CHAIN_ID), iterations=2)
    done = CliRunner().invoke(app, ["retry", "--journal", str(journal)], catch_exceptions=False)
    assert done.stdout.startswith(f"{len(MODELS)} readings")
    renewed = oracle.beside(sender_journal=stage.folder / "new-sender.db")
    await renewed.start()
    await stage.conductor.wait_for(["oracle"])
    await stage.step(2 * PERIOD + 30)
    require_truth(stage, range(2), Quality.MEASURED)
    return renewed


async def move_point(stage, oracle):
    """For one period's end both gateways read the point's meter; only the one it moved to counts."""
    stage.ground.operate("registerGateway", stage.ground.chain.people[OTHER_KEY])
    stage.ground.operate("movePoint", MOVED, GATEWAY_ID + 1)
    await another_gateway(stage, oracle).start()
    await stage.conductor.wait_for([OTHER])
    stage.clocks.append(OTHER)
    await stage.step(3 * PERIOD + 20)
    await stage.live(4, 0)
    await stage.step(4 * PERIOD + 20)
    await oracle.stop()
    points_in(stage.folder / "points.json", range(1, MOVED))
    await oracle.start()
    await stage.conductor.wait_for(["oracle"])
    await stage.step(4 * PERIOD + 30)


def require_registers_meet(stage):
    """Nothing lost and nothing twice: a point's energies are what its registers went on by."""
    ground, periods = stage.ground, range(6)
    for point in range(1, len(MODELS) + 1):
        start, end = (ground.reading(point, ground.first + k) for k in (-1, periods[-1]))
        energies = [ground.energy(point, ground.first + k) for k in periods]
        assert end["importRegister"] - start["importRegister"] == sum(it[0] for it in energies)
        assert end["exportRegister"] - start["exportRegister"] == sum(it[1] for it in energies)
