# SPDX-License-Identifier: MIT
"""The stepped clock: one instant at a time, whoever dies in it; and the system's clock."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from wattbook.clock import SteppedClock, SystemClock, open_clock
from wattbook.clock_server import Conductor
from wattbook.errors import ClockLost, ProcessSilent, SettingInvalid
from wattbook.processes import Child, Supervisor

TICKER = Path(__file__).parent / "programs" / "ticker.py"
T = 1_700_000_000


@pytest.fixture
async def conductor() -> AsyncIterator[Conductor]:
    async with Conductor(T, patience=20.0) as it:
        yield it


async def live(clock: SteppedClock, seen: list[int]) -> None:
    async for now in clock.ticks(1):
        assert clock.now() == now
        seen.append(now)


async def start(conductor: Conductor, supervisor: Supervisor, *files: Path, name: str = "ticker") -> Child:
    argv = [sys.executable, str(TICKER), conductor.url_for(name), *map(str, files)]
    return await asyncio.to_thread(supervisor.start, name, argv)


def wait_for_line(file: Path, word: str) -> None:
    while not file.exists() or word not in file.read_text():
        time.sleep(0.01)


async def test_a_stepped_process_lives_exactly_the_instants_it_is_given(conductor: Conductor):
    clock, seen = await SteppedClock.connect("127.0.0.1", int(conductor.url.rsplit(":")[-1]), "a"), []
    living = asyncio.create_task(live(clock, seen))
    for instant in (T + 5, T + 7, T + 7, T + 900):
        await conductor.step("a", instant)
        assert seen[-1] == instant
    await clock.close()
    await living
    assert seen == [T + 5, T + 7, T + 7, T + 900]


async def test_set_time_returns_when_everybody_knows(conductor: Conductor):
    clocks = [await open_clock(conductor.url, f"p{i}") for i in range(3)]
    await conductor.wait_for(["p0", "p1", "p2"])
    await conductor.set_time(T + 60)
    assert [clock.now() for clock in clocks] == [T + 60] * 3
    for clock in clocks:
        await clock.close()


async def test_a_latecomer_learns_the_present_time(conductor: Conductor):
    await conductor.set_time(T + 99)
    clock = await open_clock(conductor.url_for("late"))
    assert clock.now() == T + 99
    await clock.close()


async def test_a_step_waits_for_a_process_that_is_not_there_yet(conductor: Conductor):
    step = asyncio.create_task(conductor.step("late", T + 1))
    await asyncio.sleep(0.05)
    assert not step.done()
    clock, seen = await open_clock(conductor.url_for("late")), []
    living = asyncio.create_task(live(clock, seen))
    await step
    await clock.close()
    await living
    assert seen == [T + 1]


async def test_a_process_killed_in_mid_instant_lives_it_again(conductor: Conductor, tmp_path: Path):
    out, block = tmp_path / "out", tmp_path / "block"
    block.touch()
    with Supervisor() as supervisor:
        child = await start(conductor, supervisor, out, block)
        step = asyncio.create_task(conductor.step("ticker", T + 10))
        await asyncio.to_thread(wait_for_line, out, "begin")
        child.kill()
        assert not step.done()
        block.unlink()
        await asyncio.to_thread(supervisor.restart, "ticker")
        await step
        await conductor.step("ticker", T + 20)
    lived = [
        f"{word} {T + s}"
        for word, s in [("begin", 10), ("begin", 10), ("end", 10), ("begin", 20), ("end", 20)]
    ]
    assert out.read_text().splitlines() == lived


async def test_twenty_kills_lose_no_instant(conductor: Conductor, tmp_path: Path):
    out = tmp_path / "out"
    with Supervisor() as supervisor:
        child = await start(conductor, supervisor, out)
        for i in range(20):
            step = asyncio.create_task(conductor.step("ticker", T + i))
            await asyncio.sleep(0.003 * (i % 4))
            child.kill()
            if i % 2:
                child = await asyncio.to_thread(supervisor.restart, "ticker")
            else:
                restart = asyncio.create_task(asyncio.to_thread(supervisor.restart, "ticker"))
                child = await restart
            await step
    ends = [line for line in out.read_text().splitlines() if line.startswith("end")]
    assert list(dict.fromkeys(ends)) == [f"end {T + i}" for i in range(20)]


async def test_a_lost_connection_is_not_a_lost_instant(conductor: Conductor):
    clock, seen = await open_clock(conductor.url_for("a")), []
    assert isinstance(clock, SteppedClock)
    ticks = clock.ticks(1)
    step = asyncio.create_task(conductor.step("a", T + 1))
    seen.append(await anext(ticks))
    for listener in list(conductor._listeners):
        listener.writer.close()
    following = asyncio.create_task(anext(ticks))
    await step  # the answer got lost or not: the server asks again, and the instant is not lived twice
    step = asyncio.create_task(conductor.step("a", T + 2))
    seen.append(await following)
    await ticks.aclose()
    await clock.close()
    step.cancel()
    assert seen == [T + 1, T + 2]


async def test_a_process_that_never_answers_is_named():
    async with Conductor(T, patience=0.1) as impatient:
        with pytest.raises(ProcessSilent, match="oracle"):
            await impatient.step("oracle", T)
        with pytest.raises(ProcessSilent, match="relay"):
            await impatient.wait_for(["relay"])


async def test_a_clock_that_nobody_conducts_is_refused_in_one_sentence():
    with pytest.raises(ClockLost, match="does not answer"):
        await SteppedClock.connect("127.0.0.1", 9, "a", patience=0.2)


async def test_ticks_end_with_an_error_when_the_conductor_is_gone_for_good():
    conductor = Conductor(T)
    await conductor.start()
    clock = await SteppedClock.connect("127.0.0.1", int(conductor.url.rsplit(":")[-1]), "a", patience=0.3)
    await conductor.close()
    with pytest.raises(ClockLost):
        await anext(clock.ticks(1))


@pytest.mark.parametrize(
    "setting", ["", "sytem", "tcp://127.0.0.1", "tcp://127.0.0.1:5", "http://x:1?name=a"]
)
async def test_an_address_that_is_no_clock_is_refused(setting: str):
    with pytest.raises(SettingInvalid, match="system, or tcp"):
        await open_clock(setting)


async def test_the_system_clock_ticks_at_once_and_ends_on_close():
    clock = await open_clock("system")
    assert isinstance(clock, SystemClock)
    assert abs(clock.now() - time.time()) < 2
    seen = []
    async for now in clock.ticks(0.01):
        seen.append(now)
        if len(seen) == 3:
            await clock.close()
    assert len(seen) == 3


async def test_a_sleep_is_bounded_and_a_stamp_only_rises():
    clock = SystemClock()
    before = clock.stamp_ns()
    await clock.sleep(-5)
    await clock.sleep(0.001)
    assert clock.stamp_ns() > before
