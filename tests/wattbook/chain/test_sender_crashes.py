# SPDX-License-Identifier: MIT
"""Whatever line the sender is killed at, every payment arrives exactly once."""

import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wattbook.chain.conftest import Bench
from tests.wattbook.programs.dying_sender import recipient
from wattbook.chain.transactions import State

pytestmark = pytest.mark.chain
PROGRAM = Path(__file__).parents[1] / "programs" / "dying_sender.py"
COUNT = 6
METHODS = ("add", "mark_sent", "mark_mined", "send_raw", "receipts")
MOMENTS = [f"{when}:{method}" for when in ("before", "after") for method in METHODS]


@pytest.fixture(scope="module")
def senders() -> Iterator[subprocess.Popen[str]]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, str(PROGRAM)], **pipes) as program:
        yield program


def run(senders: subprocess.Popen[str], bench: Bench, key_index: int, moment: str, step: int) -> int:
    """The exit status of one sender's life."""
    life = {"url": bench.url, "journal": str(bench.folder / "crash.db"), "key_index": key_index}
    assert senders.stdin is not None
    assert senders.stdout is not None
    senders.stdin.write(json.dumps({**life, "moment": moment, "step": step, "count": COUNT}) + "\n")
    senders.stdin.flush()
    return int(senders.stdout.readline())


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
async def test_a_sender_killed_at_any_line_goes_on_and_sends_nothing_twice(
    senders, bench: Bench, moment: str
):
    key_index = 150 + MOMENTS.index(moment)
    assert run(senders, bench, key_index, moment, 2) == -9
    assert run(senders, bench, key_index, "never", 0) == 0
    await assert_each_paid_once(bench, key_index)


async def test_a_sender_killed_again_and_again_still_pays_once(senders, bench: Bench):
    seed = random.randrange(1000)
    print(f"seed {seed}")
    rng, kills = random.Random(seed), 0
    while run(senders, bench, 170, rng.choice(MOMENTS), rng.randint(1, 2)) == -9 and kills < 6:
        kills += 1
    assert run(senders, bench, 170, "never", 0) == 0
    assert kills > 0
    await assert_each_paid_once(bench, 170)
