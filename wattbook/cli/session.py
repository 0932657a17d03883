# SPDX-License-Identifier: MIT
"""What the commands share: which deployment, which node, which key, and how answers are printed."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

import typer
from eth_abi.exceptions import EncodingError
from rich.console import Console
from rich.table import Table

from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import Journal
from wattbook.chain.profiles import load_profile
from wattbook.chain.sender import Sender
from wattbook.clock import SystemClock
from wattbook.deployments import load_deployment, require_chain
from wattbook.errors import ArgumentUnusable, KeyNotNamed, TransactionPending, TransactionReverted
from wattbook.keys import Key, demo_key, open_keystore, read_password

T = TypeVar("T")

PASSWORD_VARIABLE = "WATTBOOK_PASSWORD"  # noqa: S105 - the variable's name
DEFAULT_DEPLOYMENT = Path("out/demo/deployment.json")
GAS = 3_000_000
PATIENCE_SECONDS = 60

Deployment = Annotated[
    Path, typer.Option("--deployment", envvar="WATTBOOK_DEPLOYMENT", help="The deployment file.")
]
Rpc = Annotated[
    str | None, typer.Option("--rpc", envvar="WATTBOOK_RPC", help="The node, if not the profile's.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Keystore = Annotated[
    Path | None,
    typer.Option(
        "--keystore",
        envvar="WATTBOOK_KEYSTORE",
        help=f"Your encrypted key; its password is in {PASSWORD_VARIABLE}.",
    ),
]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="First line: the keystore's password.")
]
DemoKey = Annotated[
    int | None, typer.Option("--demo-key", help="Key of the published test mnemonic; local chains only.")
]


@dataclass(frozen=True)
class Chain:
    """A deployment on its chain, checked: right chain id, code where it should be."""

    contracts: Contracts
    client: ChainClient

    @property
    def deployment(self) -> Any:
        return self.contracts.deployment


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


def with_chain(deployment: Path, rpc: str | None, work: Callable[[Chain], Awaitable[T]]) -> T:
    """Runs `work` on the deployment's chain. Raises WrongChain, ContractMissing, ChainUnreachable, …"""

    async def run() -> T:
        found = load_deployment(deployment)
        async with ChainClient.of(load_profile(found.chain), SystemClock(), rpc) as client:
            await require_chain(client, found)
            return await work(Chain(Contracts(found, client), client))

    return asyncio.run(run())


async def owner_of(chain: Chain, account: int) -> str:
    """The checksummed address of the account's owner. Raises AccountUnknown."""
    owner = str(await chain.contracts.read("PaymentVault", "ownerOf", account))
    if not int(owner, 16):
        raise chain.contracts.refusals.by_name("AccountUnknown")(account=account)
    return owner


async def send(chain: Chain, key: Key, contract: str, function: str, *arguments: Any) -> dict[str, Any]:
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
        sent = await sender.submit("command", chain.contracts.address(contract), data, GAS)
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


def show(data: Any, as_json: bool, title: str = "") -> None:
    """A dict as two columns, a list of dicts as a table, or either as JSON."""
    if as_json:
        sys.stdout.write(json.dumps(data, default=str) + "\n")
        return
    rows = (
        data
        if isinstance(data, list)
        else [{"": name, title or "value": value} for name, value in data.items()]
    )
    table = Table(title=title if isinstance(data, list) else None, title_justify="left")
    for column in rows[0] if rows else ("nothing",):
        table.add_column(str(column))
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(highlight=False).print(table)
