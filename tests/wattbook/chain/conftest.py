# SPDX-License-Identifier: MIT
"""A real Anvil that mines only when told, a client, and keys that no other test uses."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wattbook.chain.client import ChainClient
from wattbook.chain.journal import Journal
from wattbook.chain.launch import RunningChain, start_chain
from wattbook.chain.profiles import Profile, load_profile
from wattbook.chain.sender import Sender
from wattbook.clock import SystemClock
from wattbook.keys import Key, demo_key
from wattbook.processes import Supervisor

GENESIS_AT = 1_700_000_000
# Those from 150 on are for senders in processes of their own.
_indices = itertools.count(0)


class HandClock(SystemClock):
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.at = GENESIS_AT

    def now(self) -> int:
        return self.at


class Bench:
    """What the tests of the chain work with."""

    def __init__(self, chain: RunningChain, folder: Path) -> None:
        self.profile: Profile = chain.profile
        self.url = chain.url
        self.clock = HandClock()
        self.client = ChainClient.of(chain.profile, self.clock, chain.url)
        self.folder = folder
        self.key: Key = demo_key(next(_indices), chain.profile.chain_id)
        self.journal = Journal(folder / "journal.db")

    async def rpc(self, method: str, *params: Any) -> Any:
        return await self.client.rpc.request(method, *params)

    async def mine(self, blocks: int = 1) -> None:
        for _ in range(blocks):
            await self.rpc("evm_mine")

    async def sender(self, **settings: Any) -> Sender:
        return await Sender.open(self.client, self.key, self.journal, self.profile.fees, **settings)

    async def deploy(self, code: bytes) -> str:
        """Address of a contract created by an account of Anvil's own."""
        (account, *_) = await self.rpc("eth_accounts")
        fields = {"from": account, "data": "0x" + code.hex(), "gas": hex(5_000_000), "gasPrice": hex(10**9)}
        sent = await self.rpc("eth_sendTransaction", fields)
        await self.mine()
        receipt = await self.client.receipt(sent)
        assert receipt is not None
        assert receipt.status == 1
        return str(receipt.contract_address)

    async def close(self) -> None:
        self.journal.close()
        await self.client.close()


@pytest.fixture(scope="session")
def anvil() -> Iterator[RunningChain]:
    with Supervisor() as supervisor:
        yield start_chain(load_profile("anvil"), supervisor, accounts=200, mining=False, now=GENESIS_AT)


@pytest.fixture
async def bench(anvil: RunningChain, tmp_path: Path) -> AsyncIterator[Bench]:
    it = Bench(anvil, tmp_path)
    yield it
    await it.close()


@pytest.fixture
def fresh_address() -> Callable[[], str]:
    """Addresses that nobody paid before."""
    import secrets

    return lambda: "0x" + secrets.token_hex(20)
