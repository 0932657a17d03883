# SPDX-License-Identifier: MIT
"""The live event stream: one look at chain.db for all who listen, resumable by event id.

An id is `block.logIndex.part.hash8`: where the event is on the chain, and on which chain. An id whose block
is gone, or a reorganisation while somebody listens, gives `reorganised` with the first block replaced.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, select, tuple_
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool

from api.errors import RequestInvalid, StreamFull
from api.reads.blocks import indexed_head
from api.tables.chain import END_OF_BLOCK, blocks, stream
from wattbook.clock import Clock

BACKLOG = 2_000
PAGE = 1_000
REMEMBERED = 500

_COLUMNS = stream.c
_ORDER = (_COLUMNS.block_number, _COLUMNS.log_index, _COLUMNS.part)


class Position(NamedTuple):
    """Where an event is: compares in the chain's order."""

    block: int
    log_index: int
    part: int


class Event(NamedTuple):
    """What goes out. `account` is None for public events."""

    id: str
    kind: str
    data: str
    position: Position
    account: int | None = None
    market: int | None = None
    area: int | None = None


@dataclass(frozen=True)
class Wish:
    """What a listener wants: public events of one market or area or all, and one account's own."""

    market: int | None = None
    area: int | None = None
    account: int | None = None

    def wants(self, event: Event) -> bool:
        if event.kind == "reorganised":
            return True
        if event.account is not None:
            return event.account == self.account
        in_market = self.market is None or event.market in (None, self.market)
        return in_market and (self.area is None or event.area in (None, self.area))


class Hub:
    """One worker's listeners. `run` looks for new events until it is cancelled."""

    def __init__(self, engine: Engine, clock: Clock, every: float, limit: int) -> None:
        self._engine = engine
        self._clock = clock
        self._every = every
        self._limit = limit
        self._position: Position | None = None
        self._published: Position | None = None
        self._blocks: dict[int, str] = {}
        self._listeners: dict[asyncio.Queue[Event | None], Wish] = {}

    async def run(self) -> None:
        """Publishes what the indexer writes."""
        while True:
            found: list[Event] = []
            # The indexer may be making the tables, or be at work: the next look finds it done.
            with contextlib.suppress(DBAPIError):
                found = await run_in_threadpool(self._look)
            for event in found:
                self._publish(event)
            self._published = self._position
            if len(found) < PAGE:
                await self._clock.sleep(self._every)

    async def listen(self, wish: Wish, last_id: str | None) -> AsyncIterator[Event]:
        """What was missed since `last_id`, then what happens. Raises StreamFull, RequestInvalid."""
        if len(self._listeners) >= self._limit:
            raise StreamFull(limit=self._limit)
        since = None if last_id is None else parse_id(last_id)
        queue: asyncio.Queue[Event | None] = asyncio.Queue(BACKLOG)
        self._listeners[queue] = wish
        return self._events(queue, wish, since, self._published)

    async def _events(
        self,
        queue: asyncio.Queue[Event | None],
        wish: Wish,
        since: tuple[Position, str] | None,
        until: Position | None,
    ) -> AsyncIterator[Event]:
        try:
            if since is not None:
                async for event in self._missed(*since, until):
                    if wish.wants(event):
                        yield event
            while (live := await queue.get()) is not None:
                yield live
        finally:
            self._listeners.pop(queue, None)

    async def _missed(self, since: Position, hash_start: str, until: Position | None) -> AsyncIterator[Event]:
        """Events after `since` that were published before we listened, or only `reorganised`."""
        if not await run_in_threadpool(self._is_known, since.block, hash_start):
            yield reorganised(since.block)
            return
        while page := await run_in_threadpool(self._read, since, until):
            for event in page:
                yield event
            since = page[-1].position

    def _publish(self, event: Event) -> None:
        for queue, wish in list(self._listeners.items()):
            if not wish.wants(event):
                continue
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                # Too slow: it ends here, and comes back with the last id that it saw.
                self._listeners.pop(queue)
                _end(queue)

    def _look(self) -> list[Event]:
        with self._engine.connect() as connection:
            if self._position is None:
                self._start(connection)
                return []
            found = list(self._reorganisation(connection))
            events = _rows_after(connection, self._position, None)
            self._remember(connection)
        if events:
            self._position = events[-1].position
        return found + events

    def _start(self, connection: Connection) -> None:
        """From the newest block on."""
        head = indexed_head(connection)
        if head is not None:
            self._position = Position(head.number, 2 * END_OF_BLOCK, 0)
            self._remember(connection)

    def _reorganisation(self, connection: Connection) -> Iterator[Event]:
        """Whether blocks that we saw are gone; goes back to before them."""
        gone = None
        for number in sorted(self._blocks, reverse=True):
            if _hash_of(connection, number) == self._blocks[number]:
                break
            gone = number
            del self._blocks[number]
        if gone is not None and self._position is not None:
            self._position = min(self._position, Position(gone - 1, 2 * END_OF_BLOCK, 0))
            yield reorganised(gone)

    def _remember(self, connection: Connection) -> None:
        newest = max(self._blocks, default=-1)
        query = select(blocks.c.number, blocks.c.hash).where(blocks.c.number > newest)
        self._blocks |= dict(
            connection.execute(query.order_by(blocks.c.number.desc()).limit(REMEMBERED)).all()
        )
        for number in sorted(self._blocks)[:-REMEMBERED]:
            del self._blocks[number]

    def _is_known(self, number: int, hash_start: str) -> bool:
        with self._engine.connect() as connection:
            found = _hash_of(connection, number)
        return found is not None and found[2:].startswith(hash_start)

    def _read(self, since: Position, until: Position | None) -> list[Event]:
        with self._engine.connect() as connection:
            return _rows_after(connection, since, until)


def _end(queue: asyncio.Queue[Event | None]) -> None:
    queue.get_nowait()
    queue.put_nowait(None)


def _hash_of(connection: Connection, number: int) -> str | None:
    return connection.execute(select(blocks.c.hash).where(blocks.c.number == number)).scalar()


def _rows_after(connection: Connection, since: Position, until: Position | None) -> list[Event]:
    query = select(stream).where(tuple_(*_ORDER) > tuple(since)).order_by(*_ORDER).limit(PAGE)
    if until is not None:
        query = query.where(tuple_(*_ORDER) <= tuple(until))
    return [_event(row) for row in connection.execute(query)]


def _event(row: Any) -> Event:
    position = Position(row.block_number, row.log_index, row.part)
    name = ".".join(map(str, position)) + "." + row.block_hash[2:10]
    return Event(name, row.kind, row.data, position, row.account, row.market, row.area)


def reorganised(first: int) -> Event:
    """Blocks from `first` on were replaced."""
    return Event("", "reorganised", f'{{"fromBlock":{first}}}', Position(first, 0, 0))


def parse_id(text: str) -> tuple[Position, str]:
    """Position and start of the block's hash. Raises RequestInvalid."""
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isdecimal() for part in parts[:3]) or len(parts[3]) != 8:
        raise RequestInvalid(reason="Last-Event-ID is not one of ours")
    return Position(*map(int, parts[:3])), parts[3]
