# SPDX-License-Identifier: MIT
"""What a command works with: a deployment on its chain, a key, and the way it answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from eth_abi.exceptions import EncodingError

from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import Journal
from wattbook.chain.profiles import load_profile
from wattbook.chain.sender import Sender
from wattbook.cli.output import show
from wattbook.clock import SystemClock
from wattbook.deployments import Deployment, load_deployment, require_chain
from wattbook.errors import ArgumentUnusable, KeyNotNamed, TransactionPending, TransactionReverted
from wattbook.keys import Key, demo_key, open_keystore, read_password

T = TypeVar("T")

PASSWORD_VARIABLE = "WATTBOOK_PASSWORD"  # noqa: S105 - the variable's name
GAS = 3_000_000
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Chain:
    """A deployment on its chain, checked: right chain id, code where it should be."""

    contracts: Contracts
    client: ChainClient

    @property
    def deployment(self) -> Deployment:
        return self.contracts.deployment


@dataclass(frozen=True)
class SigningChain(Chain):
    """The same, with a key that sends transactions."""

    key: Key

    async def send(self, contract: str, function: str, *arguments: Any) -> dict[str, Any]:
        return await send(self, self.key, contract, function, *arguments)


@dataclass(frozen=True)
class KeyChoice:
    keystore: Path | None
    password_file: Path | None
    demo: int | None

    def open(self, chain_id: int) -> Key:
        """Raises KeyNotNamed, SecretErrors."""
        if self.keystore is not None:
            return open_keystore(self.keystore, read_password(self.password_file, PASSWORD_VARIABLE))
        if self.demo is None:
            raise KeyNotNamed()
        return demo_key(self.demo, chain_id)


@dataclass(frozen=True)
class Session:
    """What every command was told: which deployment, which node, and how to answer."""

    deployment: Path
    rpc: str | None
    as_json: bool

    @asynccontextmanager
    async def chain(self) -> AsyncIterator[Chain]:
        async with open_chain(self.deployment, self.rpc) as chain:
            yield chain

    def show(self, data: Any, title: str = "") -> None:
        show(data, self.as_json, title)


@dataclass(frozen=True)
class SigningSession(Session):
    key: KeyChoice

    @asynccontextmanager
    async def signing(self) -> AsyncIterator[SigningChain]:
        """The chain, then the key: the published ones are refused on some chains."""
        async with self.chain() as chain:
            key = self.key.open(chain.deployment.chain_id)
            yield SigningChain(chain.contracts, chain.client, key)


@asynccontextmanager
async def open_chain(deployment: Path, rpc: str | None) -> AsyncIterator[Chain]:
    """The deployment's chain. Raises WrongChain, ContractMissing, ChainUnreachable, …"""
    found = load_deployment(deployment)
    async with ChainClient.of(load_profile(found.chain), SystemClock(), rpc) as client:
        await require_chain(client, found)
        yield Chain(Contracts(found, client), client)


def with_chain(deployment: Path, rpc: str | None, work: Callable[[Chain], Awaitable[T]]) -> T:
    """Runs `work` on the deployment's chain, for scripts that aren't asynchronous themselves."""

    async def run() -> T:
        async with open_chain(deployment, rpc) as chain:
            return await work(chain)

    return asyncio.run(run())


async def owner_of(chain: Chain, account: int) -> str:
    """The checksummed address of the account's owner. Raises AccountUnknown."""
    owner = str(await chain.contracts.read("PaymentVault", "ownerOf", account))
    if not int(owner, 16):
        raise chain.contracts.refusals.by_name("AccountUnknown")(account=account)
    return owner


async def send(
    chain: Chain, key: Key, contract: str, function: str, *arguments: Any, gas: int = GAS
) -> dict[str, Any]:
    """Simulates, sends, and waits for the receipt. Raises ArgumentUnusable and the contract's error; then
    nothing was sent.

    The command ends with the transaction, so its journal is one of the moment.
    """
    profile = load_profile(chain.deployment.chain)
    try:
        data = chain.contracts.abi(contract).encode(function, *arguments)
    except EncodingError as error:
        raise ArgumentUnusable(function=function, reason=str(error)) from None
    with TemporaryDirectory(prefix="wattbook-") as folder:
        journal = Journal(Path(folder) / "journal.db")
        sender = await Sender.open(chain.client, key, journal, profile.fees)
        sent = await sender.submit("command", chain.contracts.address(contract), data, gas)
        journal.close()
    return await receipt_of(chain, sent.hash)


async def receipt_of(chain: Chain, transaction: str) -> dict[str, Any]:
    """Raises TransactionReverted, TransactionPending."""
    for _ in range(PATIENCE_SECONDS * 10):
        if (receipt := await chain.client.receipt(transaction)) is not None:
            if not receipt.status:
                raise TransactionReverted(transaction=transaction)
            return {"transaction": transaction, "block": receipt.block_number, "gasUsed": receipt.gas_used}
        await chain.client.clock.sleep(0.1)
    raise TransactionPending(transaction=transaction, seconds=PATIENCE_SECONDS)
