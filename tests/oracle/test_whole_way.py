# SPDX-License-Identifier: MIT
"""From registers over Modbus to readings on a real chain, with real contracts, through every outage."""

import asyncio
import random
import shutil

import pytest

from oracle.devices.catalogue import SHIPPED
from oracle.errors import MeterTooCoarse
from oracle.journal import Batches, BatchState, LaneState
from tests.oracle.proxy import Proxy
from tests.oracle.stage import ACCOUNT, DAY, MODELS, require_truth, staged, with_oracle
from tests.oracle.stage import lane_states as states_in
from tests.oracle.support import PERIOD
from wattbook.errors import ContractChanged, PasswordWrong, SettingInvalid, WrongChain
from wattbook.ids import device_type_of
from wattbook.typeddata import Quality

pytestmark = pytest.mark.chain
POINTS = range(1, len(MODELS) + 1)


def lane_states(stage):
    return states_in(stage.folder / "oracle.db")


async def test_what_meters_count_is_what_the_chain_knows(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start()
        await stage.live(0, 6)
        await stage.step(7 * PERIOD - 10)
        require_truth(stage, range(6), Quality.MEASURED)
        assert lane_states(stage) == {LaneState.CONFIRMED: 7 * len(MODELS)}
        for point in POINTS:
            assert ground.reading(point, ground.first - 1)["quality"] == Quality.BASE


async def test_the_oracle_goes_on_after_a_restart(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start()
        await stage.live(0, 2)
        await stage.stop()
        await stage.start()
        await stage.live(3, 2)
        require_truth(stage, [0, 1, 3, 4], Quality.MEASURED)
        # Nobody polled around the end of period 2, but registers telescope.
        require_truth(stage, [2])


async def test_kill_9_at_any_moment_changes_no_reading(ground, rpc, tmp_path):
    moments = random.Random(11)
    async with with_oracle(ground, tmp_path, rpc) as (stage, oracle):
        for boundary in range(3):
            await stage.step(boundary * PERIOD - 10)
            killing = kill_after(oracle, moments.uniform(0, 0.12))
            await asyncio.gather(stage.step(boundary * PERIOD + 10), killing)
        await stage.live(3, 0)
        await stage.step(4 * PERIOD - 10)
        require_truth(stage, range(3), Quality.MEASURED)
        assert lane_states(stage) == {LaneState.CONFIRMED: 4 * len(MODELS)}


async def kill_after(oracle, seconds):
    await asyncio.sleep(seconds)
    await oracle.kill_and_restart()


async def test_a_meter_that_was_away_is_caught_up_estimated_and_the_others_are_not_disturbed(
    ground, rpc, tmp_path
):
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start(timeout_seconds=1.0)
        await stage.live(0, 1)
        server, _ = stage.simulation._servers[1]
        await server.stop()
        await stage.live(2, 1)
        assert ground.energy(2, ground.first + 1) is None
        assert ground.energy(1, ground.first + 2) == stage.truth()[1, ground.first + 2]
        await server.start()
        await stage.live(4, 1)
        await stage.step(6 * PERIOD - 10)
        away = [ground.reading(2, ground.first + k)["quality"] for k in range(1, 5)]
        assert away == [Quality.ESTIMATED, Quality.ESTIMATED, Quality.MEASURED, Quality.MEASURED]
        imported = sum(ground.energy(2, ground.first + k)[0] for k in range(5))
        assert imported == sum(it[0] for it in DAY[:5])


async def test_a_chain_that_was_away_gets_everything_when_it_is_back(ground, rpc, tmp_path):
    async with Proxy(rpc) as proxy, staged(ground, tmp_path, proxy.url) as stage:
        await stage.start(chain_patience=0.2)
        await stage.live(0, 1)
        await proxy.cut()
        await stage.live(2, 2)
        assert not stage.gateway.chain.reachable or lane_states(stage)[LaneState.BATCHED]
        await proxy.restore()
        for boundary in (5, 6):
            await stage.step(boundary * PERIOD - 10)
            await until_idle(stage)
            await stage.step(boundary * PERIOD + 10)
            await until_idle(stage)
        require_truth(stage, range(4), None)
        assert stage.gateway.chain.reachable


async def until_idle(stage):
    """Waits for the round with the chain that goes on beside the polls."""
    running = stage.gateway.chain._running
    if running is not None:
        await asyncio.wait({running})


async def test_the_oracle_starts_without_a_chain_and_posts_when_there_is_one(ground, rpc, tmp_path):
    async with Proxy(rpc) as proxy, staged(ground, tmp_path, proxy.url) as stage:
        await proxy.cut()
        await stage.start(chain_patience=0.2)
        await stage.live(0, 0)
        await proxy.restore()
        for seconds in (PERIOD - 10, PERIOD + 10, 2 * PERIOD - 10):
            await stage.step(seconds)
            await until_idle(stage)
        require_truth(stage, [0], Quality.MEASURED)


async def test_a_dropped_reading_is_missing_on_chain_though_the_journal_says_otherwise(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start(drop_after_ack=True)
        await stage.live(0, 3)
        await stage.step(4 * PERIOD - 10)
        assert ground.energy(1, ground.first) is None
        assert ground.energy(2, ground.first) == stage.truth()[2, ground.first]
        states = lane_states(stage)
        assert states[LaneState.HELD] == 2


async def test_a_wrong_scale_in_a_device_file_shows_in_the_readings(ground, rpc, tmp_path):
    devices = tmp_path / "devices"
    shutil.copytree(SHIPPED, devices, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = devices / "eastron-sdm630.yaml"
    path.write_text(path.read_text().replace("scale_wh: 1000", "scale_wh: 1010"))
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start(devices=devices)
        await stage.live(0, 3)
        wrong, right = ground.energy(1, ground.first + 2), ground.energy(2, ground.first + 2)
        assert right == stage.truth()[2, ground.first + 2]
        assert wrong != stage.truth()[1, ground.first + 2]


async def test_a_lane_that_the_chain_refuses_is_named_and_stops_no_other(ground, rpc, tmp_path):
    chain = ground.chain
    chain.send(chain.people[0], "Registry", "registerGateway", chain.people[9])
    meter = device_type_of(MODELS[5])
    others = (ACCOUNT, 0, 4_000, 4_000, 100, 1, 2, 0, meter, False)  # bound to the other gateway
    chain.send(chain.people[0], "Registry", "registerPoint", others)
    async with staged(ground, tmp_path, rpc) as stage:
        points = (tmp_path / "points.json").read_text().replace('"point": 6', '"point": 7')
        (tmp_path / "points.json").write_text(points)
        await stage.start()
        await stage.live(0, 1)
        await stage.step(2 * PERIOD - 10)
        assert ground.energy(1, ground.first) == stage.truth()[1, ground.first]
        assert lane_states(stage) == {LaneState.CONFIRMED: 10, LaneState.REFUSED: 2}


async def test_defaults_booked_during_an_outage_are_followed_by_the_true_register(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start()
        await stage.live(0, 1)
        await stage.stop()
        late = 7 * PERIOD
        chain = ground.chain
        chain.go_to(stage.starts + late)
        for k in (1, 2):
            chain.send(chain.people[0], "Settlement", "bookDefault", ACCOUNT, 0, ground.first + k)
        await stage.start()
        for seconds in (10, 100, 890):
            await stage.step(late + seconds)
        assert lane_states(stage) == {LaneState.CONFIRMED: 42, LaneState.SUPERSEDED: 6}
        for point in POINTS:
            last = stage.truth()[point, ground.first + 6]
            defaulted = [ground.reading(point, ground.first + k)["quality"] for k in (1, 2)]
            assert defaulted == [Quality.DEFAULTED, Quality.APART]  # the true register came at the run's end
            assert ground.energy(point, ground.first + 6) is not None
            assert last is not None


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"poll_seconds": 20.0}, SettingInvalid),
        ({"password_file": "wrong"}, PasswordWrong),
    ],
)
async def test_wrong_settings_are_refused_in_one_sentence(ground, rpc, tmp_path, changed, error):
    async with staged(ground, tmp_path, rpc) as stage:
        if "password_file" in changed:
            changed = {"password_file": tmp_path / "wrong"}
            (tmp_path / "wrong").write_text("not it\n")
        with pytest.raises(error):
            await stage.start(**changed)
        assert not (tmp_path / "oracle.db").exists()


async def test_a_wrong_chain_or_changed_contract_is_refused_and_changes_nothing(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        path = tmp_path / "deployment.json"
        right = path.read_text()
        path.write_text(right.replace('"chainId": 31337', '"chainId": 1337'))
        with pytest.raises(WrongChain):
            await stage.start()
        code = ground.deployment.contracts["MeterReadings"].code_hash
        path.write_text(right.replace(code, "0x" + "00" * 32))
        with pytest.raises(ContractChanged):
            await stage.start()


async def test_a_meter_too_coarse_for_the_market_is_refused(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        devices = tmp_path / "devices"
        shutil.copytree(SHIPPED, devices, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        path = devices / "eastron-sdm630.yaml"
        path.write_text(path.read_text().replace("resolution_wh: 1", "resolution_wh: 10"))
        with pytest.raises(MeterTooCoarse):
            await stage.start(devices=devices)


async def test_each_batch_is_posted_once(ground, rpc, tmp_path):
    async with staged(ground, tmp_path, rpc) as stage:
        await stage.start()
        await stage.live(0, 2)
        await stage.step(3 * PERIOD - 10)
        with stage.gateway.database.read() as connection:
            batches = Batches(connection).in_state(list(BatchState))
        assert [it.state for it in batches] == [BatchState.CONFIRMED] * 3
        assert len({it.transaction for it in batches}) == 3
