# SPDX-License-Identifier: MIT
"""A process that writes each instant it lives into a file: ticker.py CLOCK FILE [BLOCK]

If the file BLOCK exists, it stands still in the middle of an instant until that file is gone.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from wattbook.clock import open_clock
from wattbook.processes import announce_ready, end_with_parent


def write(out: Path, line: str) -> None:
    with out.open("a") as file:
        file.write(line + "\n")


async def main(setting: str, out: Path, is_blocked: Callable[[], bool]) -> None:
    clock = await open_clock(setting)
    announce_ready(now=clock.now())
    async for now in clock.ticks(1):
        write(out, f"begin {now}")
        while is_blocked():
            await clock.sleep(0.01)
        write(out, f"end {now}")


if __name__ == "__main__":
    end_with_parent()
    block = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), lambda: block is not None and block.exists()))
