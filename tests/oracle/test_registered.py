# SPDX-License-Identifier: MIT
"""The meter of the points file is the one that the registry knows."""

import json

import pytest

from oracle.errors import DeviceDiffers
from tests.oracle.stage import staged


async def test_another_model_than_the_registered_one_is_refused_in_one_sentence(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        file = json.loads((tmp_path / "points.json").read_text())
        file["points"][1]["device"] = "schneider-iem3155-float"
        (tmp_path / "points.json").write_text(json.dumps(file))
        with pytest.raises(DeviceDiffers, match="Point 2 is configured as a schneider-iem3155-float, but"):
            await stage.start()


async def test_a_point_that_nobody_registered_yet_stops_no_other(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        text = (tmp_path / "points.json").read_text().replace('"point": 6', '"point": 60')
        (tmp_path / "points.json").write_text(text)
        await stage.start()
        await stage.live(0, 1)


async def test_a_type_that_was_withdrawn_goes_on_being_read(ground, rpc, tmp_path):
    chain, first = ground.chain, ground.first
    kind = chain.read("Registry", "point", 1)["deviceType"]
    chain.send(chain.people[0], "Registry", "withdrawDeviceType", kind)
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start()
        await stage.live(0, 1)
        await stage.step(2 * 900 - 10)
        assert ground.energy(1, first) == stage.truth()[1, first]
