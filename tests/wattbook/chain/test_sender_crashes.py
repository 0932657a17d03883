# SPDX-License-Identifier: MIT
"""Whatever line the sender is killed at, every payment arrives exactly once."""

import asyncio
import random
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.wattbook.chain.conftest import Bench
from tests.wattbook.programs.dying_sender import recipient
from wattbook.chain.journal import State

pytestmark = pytest.mark.chain
PROGRAM = Path(__file__).parents[1] / "programs" / "dying_sender.py"
COUNT = 6
METHODS = ("add", "mark_sent", "mark_mined", "send_raw", "receipts")
MOMENTS = [f"{when}:{method}" for when in ("before", "after") for method in METHODS]


async def run(bench: Bench, key_index: int, moment: str, step: int) -> int:
    words = (bench.url, bench.folder / "crash.db", key_index, moment, COUNT, step)
    process = await asyncio.create_subprocess_exec(sys.executable, str(PROGRAM), *map(str, words))
    return await process.wait()


async def assert_each_paid_once(bench: Bench, key_index: int) -> None:
    balances = [await bench.client.balance(recipient(key_index, number)) for number in range(COUNT)]
    assert balances == [1] * COUNT
    with sqlite3.connect(bench.folder / "crash.db") as journal:
        rows = journal.execute("SELECT key, state, nonce FROM submissions ORDER BY nonce").fetchall()
    journal.close()
    assert sorted(key for key, _, _ in rows) == sorted(f"pay-{number}" for number in range(COUNT))
    assert {state for _, state, _ in rows} == {State.FINAL}
    assert [nonce for _, _, nonce in rows] == list(range(COUNT))


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_sender_killed_at_any_line_goes_on_and_sends_nothing_twice(bench: Bench, moment: str):
    key_index = 40 + MOMENTS.index(moment)
    assert await run(bench, key_index, moment, 2) == -9
    assert await run(bench, key_index, "never", 0) == 0
    await assert_each_paid_once(bench, key_index)


async def test_a_sender_killed_again_and_again_still_pays_once(bench: Bench):
    seed = random.randrange(1000)
    print(f"seed {seed}")
    rng, kills = random.Random(seed), 0
    while await run(bench, 60, rng.choice(MOMENTS), rng.randint(1, 2)) == -9 and kills < 6:
        kills += 1
    assert await run(bench, 60, "never", 0) == 0
    assert kills > 0
    await assert_each_paid_once(bench, 60)
