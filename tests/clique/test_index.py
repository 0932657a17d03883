# SPDX-License-Identifier: MIT
"""The indexer on a chain whose head shrinks and changes: its database is what a fresh one would be."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from api.database import open_database
from api.indexer.follow import Follower, prepare
from api.tables.money import moves
from scripts import people
from tests.api.tables import contents, index_anew
from tests.clique.conftest import PATIENCE, Bench, rewind, stop_sealing
from tests.clique.deployed import Deployed, Operator
from wattbook.chain.clique import CliqueChain
from wattbook.ids import backstop_of
from wattbook.processes import wait_until

pytestmark = [pytest.mark.chain, pytest.mark.slow, pytest.mark.timeout(300)]
DEPOSIT = 1_000_000


class Index:
    """A follower's database, and the operator who gives it something to read."""

    def __init__(self, operator: Operator, folder: Path) -> None:
        self.operator = operator
        self.folder = folder
        self.engine = open_database(f"sqlite:///{folder}/chain.db")
        prepare(self.engine, operator.contracts)
        self.follower = Follower(self.engine, operator.contracts.client, operator.contracts, page=7)
        self._fresh = 0

    async def deposit(self, count: int) -> None:
        for _ in range(count):
            await self.operator.send("PaymentVault", "deposit", backstop_of(0), DEPOSIT)

    def deposits(self) -> int:
        """How many it knows."""
        with self.engine.connect() as connection:
            return len(connection.execute(select(moves.c.block_hash)).all())

    async def assert_as_new(self) -> None:
        """The database equals one that is filled now."""
        await self.follower.step()
        self._fresh += 1
        folder = self.folder / str(self._fresh)
        folder.mkdir()
        anew = await index_anew(self.operator.contracts, folder, page=11)
        mine, fresh = contents(self.engine, "stream"), contents(anew, "stream")
        anew.dispose()
        for table in fresh:
            assert mine[table] == fresh[table], table


@pytest.fixture
async def index(deployed: Deployed, bench: Bench, tmp_path: Path) -> AsyncIterator[Index]:
    operator = await Operator.open(deployed, bench.client, people.OPERATOR, tmp_path)
    await operator.send("TestEuro", "mint", operator.sender.address, 100 * DEPOSIT)
    await operator.send("TestEuro", "approve", operator.contracts.address("PaymentVault"), 100 * DEPOSIT)
    await operator.settle()
    it = Index(operator, tmp_path)
    yield it
    it.engine.dispose()


async def test_it_follows_a_chain_that_is_being_sealed(sealing: CliqueChain, index: Index):
    for _ in range(6):
        await index.deposit(2)
        await index.follower.step()
        await index.operator.contracts.client.clock.sleep(0.7)
    stop_sealing(sealing)
    await index.assert_as_new()


async def test_a_shrunken_head_is_followed_down_and_up_again(sealing: CliqueChain, index: Index):
    lower = sealing.height()
    await index.deposit(3)
    await index.operator.settle()
    upper = sealing.height()
    await index.follower.step()
    known = index.deposits()
    stop_sealing(sealing)
    rewind(sealing, lower)
    await index.assert_as_new()
    assert index.deposits() == known - 3
    sealing.seal()
    assert wait_until(lambda: sealing.height() > upper, PATIENCE)
    await index.operator.settle()
    stop_sealing(sealing)
    await index.assert_as_new()
    assert index.deposits() == known
