# SPDX-License-Identifier: MIT
"""A raw Modbus TCP server that misbehaves on request, where pymodbus' own server can't."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

HOST = "127.0.0.1"
_HEADER = 7


@dataclass(frozen=True, slots=True)
class Request:
    transaction: int
    unit: int
    function: int
    address: int
    count: int


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the server does with one request: bytes to send (None: nothing), whether it hangs up after.

    `late`: the bytes are sent before the answer to the next request, as after a time-out.
    """

    data: bytes | None
    hang_up: bool = False
    late: bool = False


Behaviour = Callable[[Request, Mapping[int, int]], Reaction]


def frame(request: Request, body: bytes, **changed: int) -> bytes:
    """An MBAP frame around function code and data; `changed` forges transaction, protocol, length, unit."""
    head = {"transaction": request.transaction, "protocol": 0, "length": len(body) + 1, "unit": request.unit}
    head |= changed
    start = b"".join(head[name].to_bytes(2) for name in ("transaction", "protocol", "length"))
    return start + head["unit"].to_bytes(1) + body


def body_of(request: Request, words: Mapping[int, int]) -> bytes:
    """The honest answer: exception 2 for an address that isn't there."""
    found = [words.get(request.address + i) for i in range(request.count)]
    if any(word is None for word in found):
        return bytes([request.function | 0x80, 2])
    return bytes([request.function, 2 * request.count]) + b"".join((word or 0).to_bytes(2) for word in found)


def honest(request: Request, words: Mapping[int, int]) -> Reaction:
    return Reaction(frame(request, body_of(request, words)))


def silent(_request: Request, _words: Mapping[int, int]) -> Reaction:
    return Reaction(None)


def hangs_up(_request: Request, _words: Mapping[int, int]) -> Reaction:
    return Reaction(None, hang_up=True)


def late(request: Request, words: Mapping[int, int]) -> Reaction:
    return Reaction(frame(request, body_of(request, words)), late=True)


def refuses(exception: int) -> Behaviour:
    return lambda request, _words: Reaction(frame(request, bytes([request.function | 0x80, exception])))


def wrong_transaction(request: Request, words: Mapping[int, int]) -> Reaction:
    return Reaction(frame(request, body_of(request, words), transaction=request.transaction + 7))


def wrong_unit(request: Request, words: Mapping[int, int]) -> Reaction:
    return Reaction(frame(request, body_of(request, words), unit=request.unit + 1))


def wrong_protocol(request: Request, words: Mapping[int, int]) -> Reaction:
    return Reaction(frame(request, body_of(request, words), protocol=1))


def wrong_function(request: Request, words: Mapping[int, int]) -> Reaction:
    return Reaction(frame(request, bytes([0x63]) + body_of(request, words)[1:]))


def short_frame(request: Request, words: Mapping[int, int]) -> Reaction:
    """The header promises more than comes."""
    return Reaction(frame(request, body_of(request, words))[:-3])


def short_body(request: Request, words: Mapping[int, int]) -> Reaction:
    """A well-formed answer with a register too few."""
    body = body_of(request, words)
    return Reaction(frame(request, bytes([body[0], body[1] - 2]) + body[2:-2]))


def garbage(_request: Request, _words: Mapping[int, int]) -> Reaction:
    return Reaction(bytes(range(64, 128)))


def swapped_words(request: Request, words: Mapping[int, int]) -> Reaction:
    """Each pair of words the wrong way round, as with a device set to the other word order."""
    body = bytearray(body_of(request, words))
    for i in range(2, len(body) - 3, 4):
        body[i : i + 4] = body[i + 2 : i + 4] + body[i : i + 2]
    return Reaction(frame(request, bytes(body)))


class FaultyServer:
    """Answers request after request by the `script`, then by `then`. `words` and both may be changed."""

    def __init__(
        self, words: Mapping[int, int], script: Iterable[Behaviour] = (), then: Behaviour = honest
    ) -> None:
        self.words = dict(words)
        self.script = deque(script)
        self.then = then
        self.requests: list[Request] = []
        self.connections = 0
        self.port = 0
        self._late = b""
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """On the port it had before, if it had one."""
        self._server = await asyncio.start_server(self._serve, HOST, self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Hangs up on everybody; connecting is refused until the next start."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        if (task := asyncio.current_task()) is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while not writer.is_closing():
                await self._answer(await _read_request(reader), writer)
        self._writers.discard(writer)
        writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.requests.append(request)
        behave = self.script.popleft() if self.script else self.then
        reaction = behave(request, self.words)
        if reaction.late:
            self._late = reaction.data or b""
            return
        if reaction.data is not None:
            writer.write(self._late + reaction.data)
            self._late = b""
            await writer.drain()
        if reaction.hang_up:
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = await reader.readexactly(_HEADER)
    body = await reader.readexactly(int.from_bytes(head[4:6]) - 1)
    return Request(
        transaction=int.from_bytes(head[:2]),
        unit=head[6],
        function=body[0],
        address=int.from_bytes(body[1:3]),
        count=int.from_bytes(body[3:5]),
    )
