# SPDX-License-Identifier: MIT
"""A sender that kills itself at a named line: dying_sender.py URL JOURNAL KEY_INDEX MOMENT COUNT STEP

MOMENT is "before:add", "after:mark_sent", …: at the STEP-th call of that method of the journal (or of the client, for
send_raw and receipts); "never" lives. It submits COUNT payments of 1 wei, mines, and confirms.
"""

import asyncio
import inspect
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


async def main(url: str, path: str, key_index: int, moment: str, count: int, step: int) -> None:
    profile = load_profile("anvil")
    client, journal = ChainClient.of(profile, SystemClock(), url), Journal(Path(path))
    if moment != "never":
        die_at(client if moment.endswith(("send_raw", "receipts")) else journal, moment, step)
    sender = await Sender.open(client, demo_key(key_index, profile.chain_id), journal, profile.fees)
    await sender.confirm()
    await sender.pump()
    for first in range(0, count, 2):
        batch = [Submission(f"pay-{n}", recipient(key_index, n), b"", 21_000, 1) for n in (first, first + 1)]
        await sender.submit_many(batch)
        await client.rpc.request("evm_mine")
        await sender.confirm()
    await client.close()


if __name__ == "__main__":
    url, path, key_index, moment, count, step = sys.argv[1:]
    asyncio.run(main(url, path, int(key_index), moment, int(count), int(step)))
