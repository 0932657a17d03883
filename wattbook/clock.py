# SPDX-License-Identifier: MIT
"""The one clock: the system's, or one that a conductor steps over a socket.

Every process takes its time from here, so the demo can stop the world at named instants. The stepped clock's
protocol is JSON lines over TCP:

    client → {"hello": name}             first line of a connection
    server → {"time": t}                 now() is t from here on
    client → {"seen": t}                 so that the conductor knows nobody lives in the past
    server → {"go": t, "id": n}          ticks() yields t
    client → {"done": n}                 the consumer asked for the next tick

A client that comes back says hello again; the server re-sends a go that was not answered. A client that
already did it answers at once, so no instant is lived twice by one process.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from typing import Any, Protocol, Self
from urllib.parse import parse_qs, urlsplit

from wattbook.errors import ClockLost, SettingInvalid

LONGEST_SLEEP = 60.0
PATIENCE = 30.0
RETRY_EVERY = 0.05


class Clock(Protocol):
    """Time, injected everywhere. `now` is in UTC seconds."""

    def now(self) -> int:
        """UTC seconds."""
        ...

    def ticks(self, every: float) -> AsyncGenerator[int, None]:
        """Yields now; asking for the next tick means: I am done with this instant."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits real time, for retries only (never for an instant); at most a minute."""
        ...

    def stamp_ns(self) -> int:
        """A monotonic stamp in nanoseconds, for durations."""
        ...

    async def close(self) -> None:
        """Ends ticks() and lets go of the conductor, if there is one."""
        ...


class _WallTime:
    """What both clocks share: real durations."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(max(seconds, 0.0), LONGEST_SLEEP))

    def stamp_ns(self) -> int:
        return time.monotonic_ns()


class SystemClock(_WallTime):
    """The machine's clock."""

    def __init__(self) -> None:
        self._closed = asyncio.Event()

    def now(self) -> int:
        return int(time.time())

    async def ticks(self, every: float) -> AsyncGenerator[int, None]:
        """A tick at once, then every `every` seconds; a slow consumer misses ticks, they don't pile up."""
        due = time.monotonic()
        while not self._closed.is_set():
            yield self.now()
            due = max(due + every, time.monotonic())
            try:
                await asyncio.wait_for(self._closed.wait(), due - time.monotonic())
            except TimeoutError:
                continue

    async def close(self) -> None:
        self._closed.set()


class SteppedClock(_WallTime):
    """A clock that stands still between the conductor's instants. Use `connect`, not the constructor."""

    def __init__(self, host: str, port: int, name: str) -> None:
        self.url = f"tcp://{host}:{port}?name={name}"
        self._host, self._port, self._name = host, port, name
        self._now: int | None = None
        self._known = asyncio.Event()
        self._gos: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()
        self._taken: int | None = None
        self._done: int | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._closed = False

    @classmethod
    async def connect(cls, host: str, port: int, name: str, patience: float = PATIENCE) -> Self:
        """Connects and waits until the time is known. Raises ClockLost after `patience` seconds."""
        clock = cls(host, port, name)
        clock._reading = asyncio.create_task(clock._keep_reading(patience))
        known = asyncio.create_task(clock._known.wait())
        await asyncio.wait({known, clock._reading}, return_when=asyncio.FIRST_COMPLETED, timeout=patience)
        if not clock._known.is_set():
            known.cancel()
            await clock.close()
            raise ClockLost(url=clock.url)
        return clock

    def now(self) -> int:
        if self._now is None:
            raise ClockLost(url=self.url)
        return self._now

    async def ticks(self, every: float) -> AsyncGenerator[int, None]:  # noqa: ARG002 - the conductor decides
        """The conductor's instants. Ends on close; raises ClockLost when the conductor is gone for good."""
        while (go := await self._gos.get()) is not None:
            instant, number = go
            self._now = instant
            yield instant
            self._done = number
            self._say({"done": number})
        if not self._closed:
            raise ClockLost(url=self.url)

    async def close(self) -> None:
        self._closed = True
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._hang_up()
        self._gos.put_nowait(None)

    async def _keep_reading(self, patience: float) -> None:
        """Reads until closed, and comes back after a lost connection; gives up after `patience` seconds."""
        lost_since = time.monotonic()
        while time.monotonic() - lost_since < patience:
            try:
                await self._read_connection()
                lost_since = time.monotonic()
            except OSError:
                self._hang_up()
            await asyncio.sleep(RETRY_EVERY)
        self._gos.put_nowait(None)

    async def _read_connection(self) -> None:
        reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._say({"hello": self._name})
        while line := await reader.readline():
            self._hear(json.loads(line))
        self._hang_up()

    def _hear(self, message: dict[str, Any]) -> None:
        if "time" in message:
            self._now = int(message["time"])
            self._known.set()
            self._say({"seen": self._now})
        elif "go" in message:
            self._go(int(message["go"]), int(message["id"]))

    def _go(self, instant: int, number: int) -> None:
        if number == self._done:
            self._say({"done": number})
        elif number != self._taken:
            self._taken = number
            self._gos.put_nowait((instant, number))

    def _say(self, message: dict[str, Any]) -> None:
        # Without a connection nothing is lost: the server asks again after the next hello.
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(message).encode() + b"\n")

    def _hang_up(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


async def open_clock(setting: str, name: str | None = None) -> Clock:
    """The clock that a setting names: "system", or "tcp://127.0.0.1:PORT?name=oracle".

    `name` is used where the address has none. Raises SettingInvalid, ClockLost.
    """
    if setting == "system":
        return SystemClock()
    parts = urlsplit(setting)
    called = parse_qs(parts.query).get("name", [name or ""])[0]
    if parts.scheme != "tcp" or not parts.hostname or not parts.port or not called:
        expected = "system, or tcp://HOST:PORT?name=NAME"
        raise SettingInvalid(name="clock", source="the settings", text=setting, expected=expected)
    return await SteppedClock.connect(parts.hostname, parts.port, called)
