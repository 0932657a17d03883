# SPDX-License-Identifier: MIT
"""The day as it goes by, on the terminal."""

from types import TracebackType
from typing import Self

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scripts.demo.calendar import CALENDAR, TERMS, clock_time
from scripts.demo.day import LEAD, TAIL
from scripts.demo.trader import ask_patiently
from wattbook import ids
from wattbook.clock import SystemClock
from wattbook.units import format_energy, format_price


class DayProgress:
    """A bar over all periods, lead and tail included, with what the last closed market traded."""

    def __init__(self, console: Console, http: httpx.AsyncClient, periods: range) -> None:
        self._http = http
        self._clock = SystemClock()
        self._periods = periods
        self._traded_wh = 0
        self._bar = Progress(
            TextColumn("{task.fields[time]}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[news]}"),
            console=console,
        )
        total = LEAD + len(periods) + TAIL + 1
        self._task = self._bar.add_task("", total=total, time="--:--", news="trading opens")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    async def after_period(self, period: int) -> None:
        """Called when `period` is nearly over and the gate of the next has closed."""
        if period + 1 in self._periods:
            news = await self._news(period + 1)
        else:
            news = (
                "waiting for the day"
                if period < self._periods.start
                else "settling, handing out certificates"
            )
        self._bar.update(self._task, advance=1, time=clock_time(CALENDAR.starts_at(period)), news=news)

    async def _news(self, period: int) -> str:
        market = ids.pack_market(TERMS.area, TERMS.carrier, period)
        answer = (await ask_patiently(self._http, self._clock, "GET", f"/v1/markets/{market}")).json()
        volume, ticks = int(answer["volumeWh"]), answer["averagePriceTicks"]
        self._traded_wh += volume
        price = f" at {format_price(int(ticks))}" if ticks is not None else ""
        when = clock_time(CALENDAR.starts_at(period))
        return (
            f"{when}: {format_energy(volume)} kWh{price} · traded so far {format_energy(self._traded_wh)} kWh"
        )
