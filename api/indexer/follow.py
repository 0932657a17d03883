# SPDX-License-Identifier: MIT
"""Follows the chain's head: which blocks are new, which are gone.

A page of blocks is one database transaction, so a crash at any line leaves the database at a block's end.
When the node no longer has a stored hash, the newest common block is looked for, everything after it is
deleted, the markets that this touched are derived anew and the node's blocks written, in one transaction.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, Table, delete, insert, select

from api.database import newest_version, upgrade
from api.indexer.writer import CONTRACTS, Writer, rebuild_markets
from api.tables import book, chain
from wattbook import logs
from wattbook.chain.abi import Event
from wattbook.chain.blocks import Header
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.crash import crash_point
from wattbook.errors import BlockGone

log = logs.get_logger()

# How often a step starts again because the chain was reorganised under it.
PATIENCE = 5
# Blocks asked about first when the newest one is gone; reorganisations are shallow.
SHALLOW = 32

Known = tuple[int, str]


class Follower:
    """One deployment's chain into one database."""

    def __init__(self, engine: Engine, client: ChainClient, contracts: Contracts, page: int = 500) -> None:
        self._engine = engine
        self._client = client
        self._contracts = contracts
        self._page = page
        self._addresses = [contracts.address(name) for name in CONTRACTS]

    async def step(self) -> int:
        """Catches up with the head and answers its number. Raises ChainUnreachable, BlockGone."""
        for attempt in range(PATIENCE):
            try:
                return await self._catch_up()
            except BlockGone:
                log.info("the chain changed while it was read", attempt=attempt)
        return await self._catch_up()

    async def _catch_up(self) -> int:
        head = await self._client.head()
        while True:
            last = await self._common_block()
            first = last[0] + 1 if last else self._first_block()
            if first > head.number and not self._is_rewound(last):
                return head.number
            await self._write_page(last, first, min(head.number, first + self._page - 1))

    def _first_block(self) -> int:
        return self._contracts.deployment.deployed_at_block

    def _is_rewound(self, last: Known | None) -> bool:
        newest = self._stored(limit=1)
        return bool(newest) and (last is None or newest[0] != last)

    async def _common_block(self) -> Known | None:
        """The newest stored block that the node still has; None if there is none."""
        shallow = self._stored(SHALLOW)
        if not shallow or await self._client.is_canonical(*shallow[-1]):
            return shallow[-1] if shallow else None
        return await self._client.common_ancestor(shallow) or await self._client.common_ancestor(
            self._stored()
        )

    def _stored(self, limit: int | None = None) -> list[Known]:
        """The newest stored blocks, by rising number."""
        blocks = chain.blocks.c
        query = select(blocks.number, blocks.hash).order_by(blocks.number.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [(number, block_hash) for number, block_hash in connection.execute(query)][::-1]

    async def _write_page(self, last: Known | None, first: int, end: int) -> None:
        headers, events = await self._read(last, first, end)
        with self._engine.begin() as connection:
            self._rewind(connection, last)
            if headers:
                connection.execute(insert(chain.blocks), [_block_row(header) for header in headers])
                Writer(connection, self._contracts, headers).write(events)
            crash_point("block")

    async def _read(
        self, last: Known | None, first: int, end: int
    ) -> tuple[Sequence[Header], Sequence[Event]]:
        """Headers and events of a range that is one chain on top of `last`. Raises BlockGone if it isn't."""
        if first > end:
            return [], []
        headers = await self._client.headers(first, end)
        parent = last[1] if last else headers[0].parent_hash
        for header in headers:
            if header.parent_hash != parent:
                raise BlockGone(block=header.number - 1)
            parent = header.hash
        found = await self._client.logs(first, end, self._addresses)
        hashes = {header.number: header.hash for header in headers}
        gone = next((item for item in found if hashes[item.block_number] != item.block_hash), None)
        if gone is not None or not await self._client.is_canonical(end, headers[-1].hash):
            raise BlockGone(block=end)
        events = (self._contracts.decode_log(item) for item in found)
        return headers, [event for event in events if event is not None]

    def _rewind(self, connection: Connection, last: Known | None) -> None:
        """Deletes what lies above `last` and derives anew what it had changed."""
        floor = last[0] if last else -1
        gone = chain.blocks.c.number > floor
        if not connection.execute(select(chain.blocks.c.number).where(gone).limit(1)).first():
            return
        touched: set[int] = set()
        for table in (book.placements, book.takes, book.cancels):
            query = select(table.c.market).distinct().where(table.c.block_number > floor)
            touched |= set(connection.scalars(query))
        connection.execute(delete(chain.blocks).where(gone))
        rebuild_markets(connection, self._contracts, sorted(touched))
        log.info("reorganised", common_block=floor, markets=len(touched))


def _block_row(header: Header) -> dict[str, object]:
    return {
        "hash": header.hash,
        "number": header.number,
        "parent_hash": header.parent_hash,
        "at": header.timestamp,
    }


def prepare(engine: Engine, contracts: Contracts, rebuild: bool = False) -> None:
    """Brings the database to our schema; one of another deployment or of an older schema is
    emptied first, and on `rebuild` any.
    """
    upgrade(engine, "chain")
    mine = _identity(contracts)
    with engine.begin() as connection:
        found = dict(connection.execute(select(chain.facts.c.name, chain.facts.c.value)).all())
        if found == mine and not rebuild:
            return
        for table in reversed(_all_tables()):
            connection.execute(delete(table))
        connection.execute(insert(chain.facts), [{"name": n, "value": v} for n, v in mine.items()])
    if found:
        log.info("reading the chain anew", asked=rebuild)


def _all_tables() -> list[Table]:
    return chain.metadata.sorted_tables


def _identity(contracts: Contracts) -> dict[str, str]:
    deployment = contracts.deployment
    return {
        "chainId": str(deployment.chain_id),
        "deployedAtBlock": str(deployment.deployed_at_block),
        "orderBook": deployment.address("OrderBook"),
        # What an older program passed over is in none of its tables.
        "schema": newest_version("chain"),
    }
