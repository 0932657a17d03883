# SPDX-License-Identifier: MIT
"""Senders that kill themselves at a named line: one for each line of JSON on stdin.

    {"url": …, "journal": …, "key_index": n, "moment": "before:add", "step": 2, "count": 6}

Each is a process of its own, forked from this one (so that the imports are paid for once); its exit status
goes to stdout, -9 for a killed one. The moment is before or after the step-th call of that method of the
journal (or of the client, for send_raw and receipts); "never" lives. A sender submits `count` payments of
1 wei, mines and confirms.
"""

import asyncio
import inspect
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from wattbook.chain.client import ChainClient
from wattbook.chain.journal import Journal
from wattbook.chain.profiles import load_profile
from wattbook.chain.sender import Sender, Submission
from wattbook.clock import SystemClock
from wattbook.keys import demo_key
from wattbook.processes import end_with_parent


def recipient(key_index: int, number: int) -> str:
    """An address of its own for each payment."""
    return "0x" + f"{key_index:04x}{number:04x}".rjust(40, "d")


def die_at(target: Any, moment: str, step: int) -> None:
    """Makes the process kill -9 itself around the step-th call of a method."""
    when, _, name = moment.partition(":")
    real = getattr(target, name)
    calls = 0

    def due() -> bool:
        nonlocal calls
        calls += 1
        return calls == step

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def around_later(*args: Any) -> Any:
        now = due()
        if now and when == "before":
            die()
        result = await real(*args)
        if now:
            die()
        return result

    def around(*args: Any) -> Any:
        now = due()
        if now and when == "before":
            die()
        result = real(*args)
        if now:
            die()
        return result

    setattr(target, name, around_later if inspect.iscoroutinefunction(real) else around)


async def main(url: str, journal: str, key_index: int, moment: str, step: int, count: int) -> None:
    profile = load_profile("anvil")
    client, book = ChainClient.of(profile, SystemClock(), url), Journal(Path(journal))
    if moment != "never":
        die_at(client if moment.endswith(("send_raw", "receipts")) else book, moment, step)
    sender = await Sender.open(client, demo_key(key_index, profile.chain_id), book, profile.fees)
    await sender.confirm()
    await sender.pump()
    for first in range(0, count, 2):
        pair = [Submission(f"pay-{n}", recipient(key_index, n), b"", 21_000, 1) for n in (first, first + 1)]
        await sender.submit_many(pair)
        await client.rpc.request("evm_mine")
        await sender.confirm()
    await client.close()


def run_forked(line: str) -> int:
    pid = os.fork()
    if pid == 0:
        asyncio.run(main(**json.loads(line)))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    end_with_parent()
    for line in sys.stdin:
        sys.stdout.write(f"{run_forked(line)}\n")
        sys.stdout.flush()
