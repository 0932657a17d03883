# SPDX-License-Identifier: MIT
"""What handlers write into: the rows of one page of blocks, table by table, and the stream's events."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Protocol

import orjson
from pydantic.alias_generators import to_camel
from sqlalchemy import Connection, Table, insert

from api.tables import chain
from wattbook.chain.blocks import Header


class Place(Protocol):
    """Where on the chain something happened: a log, or a row that one brought."""

    @property
    def block_hash(self) -> str: ...
    @property
    def block_number(self) -> int: ...
    @property
    def log_index(self) -> int: ...


class Page:
    """The rows of one page of blocks. `add` and `say` take the log that brought them.

    A `quiet` page says nothing: what it derives was said before.
    """

    def __init__(self, connection: Connection, times: Mapping[str, int], quiet: bool = False) -> None:
        self.connection = connection
        self._times = times
        self._quiet = quiet
        self._rows: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._parts: dict[tuple[str, str, int], int] = defaultdict(int)

    def at(self, place: Place) -> int:
        """UTC seconds of the block."""
        return self._times[place.block_hash]

    def add(self, table: Table, place: Place, **values: Any) -> None:
        """One row of `table`, keyed by its place."""
        self._append(table, place.block_hash, place.block_number, place.log_index, values)

    def say(
        self,
        place: Place,
        kind: str,
        data: Mapping[str, Any],
        account: int | None = None,
        market: int | None = None,
        area: int | None = None,
    ) -> None:
        """An event of the live stream: private if it has an account, else public."""
        if not self._quiet:
            values = _stream_row(kind, account, market, area, data, place.block_number, self.at(place))
            self._append(chain.stream, place.block_hash, place.block_number, place.log_index, values)

    def say_at_end(
        self, header: Header, order: int, kind: str, market: int | None = None, **data: Any
    ) -> None:
        """A public event that sums up a block; `order` sorts those of one block."""
        area = None if market is None else market >> 40
        values = _stream_row(kind, None, market, area, data, header.number, header.timestamp)
        self._append(chain.stream, header.hash, header.number, chain.END_OF_BLOCK + order, values)

    def _append(
        self, table: Table, block_hash: str, number: int, log_index: int, values: dict[str, Any]
    ) -> None:
        place = (table.name, block_hash, log_index)
        key = {
            "block_hash": block_hash,
            "log_index": log_index,
            "part": self._parts[place],
            "block_number": number,
        }
        self._parts[place] += 1
        self._rows[table].append(key | values)

    def flush(self) -> None:
        """Writes what was added; also before a handler reads what earlier ones wrote."""
        for table, rows in self._rows.items():
            if rows:
                self.connection.execute(insert(table), rows)
        self._rows.clear()


def _stream_row(
    kind: str,
    account: int | None,
    market: int | None,
    area: int | None,
    data: Mapping[str, Any],
    block: int,
    at: int,
) -> dict[str, Any]:
    named = {"account": account, "market": market, "area": area}
    known = {name: value for name, value in named.items() if value is not None}
    content = {**known, **data, "block": block, "at": at}
    text = orjson.dumps({to_camel(name): value for name, value in content.items()}).decode()
    return {"kind": kind, **named, "data": text}
