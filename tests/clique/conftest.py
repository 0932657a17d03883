# SPDX-License-Identifier: MIT
"""One real Clique network for all tests here: three go-ethereum nodes, built by `make geth`.

The keys are of our own: the published ones are refused on this chain.
"""

import itertools
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_utils.crypto import keccak

from tests.clique.deployed import Deployed, deploy_on
from wattbook.chain.client import ChainClient
from wattbook.chain.clique import CliqueChain, start_clique
from wattbook.chain.journal import Journal
from wattbook.chain.profiles import load_profile
from wattbook.chain.sender import Sender
from wattbook.clock import SystemClock
from wattbook.keys import Key, key_from
from wattbook.processes import Supervisor, wait_until

FUNDED = 60
PATIENCE = 60.0
STILL_SECONDS = 2.5
_indices = itertools.count(0)


def clique_key(index: int) -> Key:
    """A key that only these tests use; the first FUNDED can pay for gas."""
    return key_from(keccak(text=f"wattbook clique test {index}"))


class HandClock(SystemClock):
    """The machine's clock, moved ahead by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0

    def now(self) -> int:
        return super().now() + self.ahead


class Bench:
    """A client of one node, a key of one's own, a journal."""

    def __init__(self, network: CliqueChain, folder: Path) -> None:
        self.network = network
        self.profile = network.profile
        self.clock = HandClock()
        self.client = ChainClient.of(network.profile, self.clock, network.url)
        self.key = clique_key(next(_indices))
        self.journal = Journal(folder / "journal.db")

    async def rpc(self, method: str, *params: Any) -> Any:
        return await self.client.rpc.request(method, *params)

    async def sender(self, **settings: Any) -> Sender:
        settings = {"confirmations": self.profile.confirmations, **settings}
        return await Sender.open(self.client, self.key, self.journal, self.profile.fees, **settings)

    async def until_final(self, sender: Sender) -> None:
        """Confirms and pumps as a process would, until nothing is open."""
        for _ in range(int(PATIENCE / 0.25)):
            await sender.confirm()
            if not await sender.pump():
                return
            await self.clock.sleep(0.25)
        raise AssertionError(f"still open: {sender.unfinished()}")

    async def until_mined(self, transaction: str) -> int:
        """The number of the block that holds the transaction."""
        for _ in range(int(PATIENCE / 0.1)):
            if receipt := await self.client.receipt(transaction):
                return receipt.block_number
            await self.clock.sleep(0.1)
        raise AssertionError(f"{transaction} is in no block")

    async def close(self) -> None:
        self.journal.close()
        await self.client.close()


def stop_sealing(network: CliqueChain) -> None:
    """Returns when no block comes any more: a seal that was already waiting for its turn still comes."""
    network.ask_all("miner_stop")
    assert wait_until(lambda: stands_still(network), PATIENCE)


def stands_still(network: CliqueChain) -> bool:
    """Whether all nodes have the same head for as long as a signer out of turn may wait."""
    before = network.ask(1, "eth_blockNumber")
    changed = wait_until(lambda: network.ask(1, "eth_blockNumber") != before, STILL_SECONDS)
    return not changed and in_step(network)


def rewind(network: CliqueChain, height: int) -> None:
    """Every node forgets the blocks above `height`, and the transactions in them."""
    for number in network.numbers:
        network.ask(number, "debug_setHead", hex(height))


def in_step(network: CliqueChain) -> bool:
    """Whether all nodes have the same head."""
    return len({head["hash"] for head in network.ask_all("eth_getBlockByNumber", "latest", False)}) == 1


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliqueChain]:
    folder = tmp_path_factory.mktemp("clique")
    funded = [clique_key(index).address for index in range(FUNDED)]
    with Supervisor(folder / "logs") as supervisor:
        yield start_clique(
            load_profile("geth-clique"), supervisor, folder / "data", funded, SystemClock().now()
        )


@pytest.fixture
def sealing(network: CliqueChain) -> Iterator[CliqueChain]:
    """The network, sealing again afterwards whatever the test did to it."""
    yield network
    for number in network.numbers:
        if not network.child(number).alive():
            network.restart(number)
    network.connect()
    network.seal()
    assert wait_until(lambda: in_step(network), PATIENCE)


@pytest.fixture
async def bench(network: CliqueChain, tmp_path: Path) -> AsyncIterator[Bench]:
    it = Bench(network, tmp_path)
    yield it
    await it.close()


@pytest.fixture
def fresh_address() -> Callable[[], str]:
    """Addresses that nobody paid before."""
    return lambda: "0x" + secrets.token_hex(20)


@pytest.fixture(scope="session")
def deployed(network: CliqueChain, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The community, deployed as `make deploy CHAIN=geth-clique` does it: a minute of waiting for blocks."""
    return deploy_on(network, clique_key(FUNDED - 1), tmp_path_factory.mktemp("deployed"))
