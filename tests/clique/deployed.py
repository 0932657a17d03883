# SPDX-License-Identifier: MIT
"""The project's own deployment on the Clique network, with keys of its own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts import launch, people
from scripts.ground import TREASURY
from wattbook.chain.client import ChainClient
from wattbook.chain.clique import CliqueChain
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import Journal
from wattbook.chain.sender import Sender
from wattbook.clock import SystemClock
from wattbook.deployments import Deployment, load_deployment
from wattbook.keys import Key, create_keystore, open_keystore

PASSWORD = "for these tests"
NAME = "neighbourhood"
GAS = 1_000_000
PATIENCE = 60.0


def write_keys(folder: Path) -> list[str]:
    """Everybody's address; keystores that open fast, in the place where the deployment looks for them."""
    folder.mkdir(parents=True)
    (folder / people.PASSWORD_FILE).write_text(PASSWORD + "\n")
    addresses = [
        create_keystore(people.keystore_of(person, folder), PASSWORD, iterations=2).address
        for person in range(len(people.NAMES))
    ]
    (folder / "addresses").write_text("\n".join(addresses) + "\n")
    return addresses


@dataclass
class Deployed:
    """`folder` has the keys and the deployment file."""

    network: CliqueChain
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / f"{NAME}.json"

    @property
    def deployment(self) -> Deployment:
        return load_deployment(self.file)

    def key(self, person: int) -> Key:
        return open_keystore(people.keystore_of(person, self.folder / "keys" / NAME), PASSWORD)

    def deploy(self, *options: str) -> int:
        """`make deploy` on the running network; answers the exit status."""
        where = ["--rpc", self.network.url, "--data", str(self.folder), "--out", str(self.folder)]
        return launch.main(["--chain", self.network.profile.name, *where, "--json", *options])


class Operator:
    """Calls contracts with one person's key, as fast as blocks come."""

    def __init__(self, deployed: Deployed, client: ChainClient, sender: Sender) -> None:
        self.contracts = Contracts(deployed.deployment, client)
        self.sender = sender
        self._calls = 0

    @classmethod
    async def open(cls, deployed: Deployed, client: ChainClient, person: int, folder: Path) -> "Operator":
        profile, journal = deployed.network.profile, Journal(folder / f"person-{person}.db")
        key = deployed.key(person)
        sender = await Sender.open(client, key, journal, profile.fees, profile.confirmations)
        return cls(deployed, client, sender)

    async def send(self, contract: str, function: str, *arguments: Any) -> None:
        """Into the pool; nobody waits for a block."""
        self._calls += 1
        data = self.contracts.abi(contract).encode(function, *arguments)
        to = self.contracts.address(contract)
        await self.sender.submit(f"call-{self._calls}", to, data, GAS, simulate=False)

    async def settle(self) -> None:
        """Until all is final."""
        await until_final(self.sender)


async def until_final(sender: Sender) -> None:
    clock = SystemClock()
    for _ in range(int(PATIENCE / 0.25)):
        await sender.confirm()
        if not await sender.pump():
            return
        await clock.sleep(0.25)
    raise AssertionError(f"still open: {sender.unfinished()}")


def deploy_on(network: CliqueChain, treasury: Key, folder: Path) -> Deployed:
    """As `make deploy` on a chain that runs: `treasury` is the key that has coin, and pays gas money."""
    write_keys(folder / "keys" / NAME)
    (folder / TREASURY).mkdir()
    (folder / TREASURY / people.PASSWORD_FILE).write_text(PASSWORD + "\n")
    create_keystore(folder / TREASURY / "key.json", PASSWORD, treasury, iterations=2)
    deployed = Deployed(network, folder)
    assert deployed.deploy("--once") == 0
    return deployed
