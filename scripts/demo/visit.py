# SPDX-License-Identifier: MIT
"""After the day: the clock runs at real speed, markets are open, neighbours trade on, until Ctrl-C."""

from rich.console import Console

from scripts.demo.day import Day
from wattbook.clock import SystemClock

STEP_SECONDS = 1
NANOSECONDS = 1_000_000_000


async def stay_open(day: Day, console: Console, page: str, now: int) -> None:
    """Ends only by cancellation (Ctrl-C). `now` is where the day left the clock."""
    console.print(
        f"Markets stay open at [bold]{page}[/] (the page says which account to try). Ctrl-C ends it."
    )
    clock = SystemClock()
    began, started = clock.stamp_ns(), now
    while True:
        await clock.sleep(STEP_SECONDS)
        then, now = now, started + (clock.stamp_ns() - began) // NANOSECONDS
        if now > then:
            await day.live(then, now)
