# SPDX-License-Identifier: MIT
"""The conductor: holds the stepped clock's time and lets one process act at a time (protocol in clock.py)."""

import asyncio
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from wattbook.errors import ProcessSilent


@dataclass(eq=False)
class _Listener:
    """One connection. `seen` is the last time that its process confirmed."""

    writer: asyncio.StreamWriter
    name: str = ""
    seen: int | None = None

    def say(self, message: dict[str, Any]) -> None:
        if not self.writer.is_closing():
            self.writer.write(json.dumps(message).encode() + b"\n")


@dataclass
class _Go:
    """A step that waits for its answer, over as many connections as it takes."""

    instant: int
    number: int
    done: asyncio.Event


class Conductor:
    """Server side of the stepped clock.

    async with Conductor(start) as conductor:
        ... start processes with conductor.url_for("oracle") ...
        await conductor.wait_for(["oracle"])
        await conductor.set_time(t)
        await conductor.step("oracle", t)
    """

    def __init__(self, now: int, patience: float = 120.0) -> None:
        self._now = now
        self._patience = patience
        self._listeners: set[_Listener] = set()
        self._by_name: dict[str, _Listener] = {}
        self._gos: dict[str, _Go] = {}
        # Drawn, so that a client that outlives one conductor never mistakes the next one's go for an old one.
        self._number = secrets.randbits(48)
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._serving: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self.url = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def now(self) -> int:
        """UTC seconds that every process sees."""
        return self._now

    async def start(self, port: int = 0) -> str:
        """Listens on the loopback; answers tcp://127.0.0.1:PORT, to which clients add ?name=…"""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.url = f"tcp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self.url

    def url_for(self, name: str) -> str:
        """The `clock` setting of the process `name`."""
        return f"{self.url}?name={name}"

    async def close(self) -> None:
        """Hangs up on everybody."""
        if self._server is not None:
            self._server.close()
        # A closed connection ends its reader; cancelling it would make asyncio report the cancellation.
        for writer in list(self._serving.values()):
            writer.close()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def wait_for(self, names: Iterable[str]) -> None:
        """Until every named process has said hello and knows the time. Raises ProcessSilent."""
        for name in names:
            await self._until(name, lambda name=name: self._is_current(name))

    async def set_time(self, instant: int) -> None:
        """Moves the time for all and returns when every process connected now has seen it."""
        self._now = instant
        listeners = list(self._listeners)
        for listener in listeners:
            listener.say({"time": instant})
        for listener in listeners:
            await self._until(listener.name, lambda it=listener: self._has_seen(it, instant))

    async def step(self, name: str, instant: int) -> None:
        """Lets `name` act at `instant` and returns when it is done, however often it dies on the way.

        Raises ProcessSilent if it has not answered after the conductor's patience.
        """
        self._number += 1
        go = self._gos[name] = _Go(instant, self._number, asyncio.Event())
        self._send_go(name)
        try:
            await asyncio.wait_for(go.done.wait(), self._patience)
        except TimeoutError:
            raise ProcessSilent(name=name, seconds=self._patience, log="its log") from None
        finally:
            del self._gos[name]

    async def _until(self, name: str, holds: Any) -> None:
        try:
            async with asyncio.timeout(self._patience), self._changed:
                await self._changed.wait_for(holds)
        except TimeoutError:
            raise ProcessSilent(name=name, seconds=self._patience, log="its log") from None

    def _has_seen(self, listener: _Listener, instant: int) -> bool:
        return listener.seen == instant or listener not in self._listeners

    def _is_current(self, name: str) -> bool:
        listener = self._by_name.get(name)
        return listener is not None and listener.seen == self._now

    def _send_go(self, name: str) -> None:
        go, listener = self._gos.get(name), self._by_name.get(name)
        if go is not None and listener is not None:
            listener.say({"go": go.instant, "id": go.number})

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._serving[task] = writer
            task.add_done_callback(self._serving.pop)
        listener = _Listener(writer)
        try:
            while line := await reader.readline():
                await self._hear(listener, json.loads(line))
        except (OSError, asyncio.CancelledError):
            # Killed in mid-sentence: it comes back under the same name. Or the loop ends, which a reader
            # must not report as an error.
            pass
        finally:
            await self._forget(listener)

    async def _forget(self, listener: _Listener) -> None:
        listener.writer.close()
        async with self._changed:
            self._listeners.discard(listener)
            if self._by_name.get(listener.name) is listener:
                del self._by_name[listener.name]
            self._changed.notify_all()

    async def _hear(self, listener: _Listener, message: dict[str, Any]) -> None:
        async with self._changed:
            if "hello" in message:
                self._welcome(listener, str(message["hello"]))
            elif "seen" in message:
                listener.seen = int(message["seen"])
            elif "done" in message:
                self._finish(listener.name, int(message["done"]))
            self._changed.notify_all()

    def _welcome(self, listener: _Listener, name: str) -> None:
        listener.name = name
        self._listeners.add(listener)
        self._by_name[name] = listener
        listener.say({"time": self._now})
        self._send_go(name)

    def _finish(self, name: str, number: int) -> None:
        go = self._gos.get(name)
        if go is not None and go.number == number:
            go.done.set()
