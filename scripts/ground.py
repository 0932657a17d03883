# SPDX-License-Identifier: MIT
"""What a deployment stands on: a running chain, the keys of those who have roles, and a place for the file.

On Anvil and Ganache the published test keys hold the roles and everything is forgotten with the chain. A
Clique chain keeps its data and keys in data/<chain>, and its deployments in deployments/<chain>.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts import people
from scripts.treasury import open_key, pay_gas_money
from wattbook.chain.clique import start_clique
from wattbook.chain.launch import start_chain
from wattbook.chain.profiles import Profile
from wattbook.clock import SystemClock
from wattbook.keys import Key, demo_key, open_keystore
from wattbook.processes import Supervisor

ROOT = Path(__file__).parents[1]
CLIQUE = "geth-clique"
TREASURY = "treasury"
# Each step of a deployment reads what the last one wrote, so that shouldn't lie in a block that may change.
SETTLED_BLOCKS = 2


@dataclass(frozen=True)
class Ground:
    """`start` answers the node's address; `data` is where a chain that keeps them has its keys, or None."""

    profile: Profile
    folder: Path  # logs
    data: Path | None
    deployments: Path
    start: Callable[[Supervisor, int], str]
    keeps: str

    @property
    def confirmations(self) -> int:
        return min(self.profile.confirmations, SETTLED_BLOCKS)

    def keys(self, name: str) -> Path | None:
        """A deployment's keystores; None for the test mnemonic's keys. No two senders share a key."""
        return None if self.data is None else self.data / "keys" / name

    def addresses(self, name: str) -> list[str]:
        """Everybody's, by the numbers of people.py; made if missing."""
        if (keys := self.keys(name)) is not None:
            return people.make_keys(keys)
        return [demo_key(person, self.profile.chain_id).address for person in range(len(people.NAMES))]

    def key(self, person: int, name: str) -> Key:
        """Raises SecretErrors."""
        if (keys := self.keys(name)) is not None:
            return open_keystore(people.keystore_of(person, keys), people.password_of(keys))
        return demo_key(person, self.profile.chain_id)

    async def fund(self, url: str, addresses: Sequence[str]) -> None:
        """Gas money for everybody, where it isn't given away by the chain."""
        if self.data is not None:
            await pay_gas_money(self.profile, url, self.data / TREASURY, addresses)

    def file_of(self, name: str | None, community: str) -> Path:
        """A chain that keeps its data names every deployment, one that forgets only a second one."""
        return self.deployments / f"{name or (community if self.data else 'deployment')}.json"


def ground_of(profile: Profile, out: Path | None, data: Path | None) -> Ground:
    folder = out or ROOT / "out" / "deploy" / profile.name
    if profile.engine == CLIQUE:
        return _clique(profile, folder, data or ROOT / "data" / profile.name, out)
    return Ground(
        profile=profile,
        folder=folder,
        data=None,
        deployments=folder,
        start=lambda supervisor, port: _start_forgetful(profile, supervisor, port, folder),
        keeps="and is forgotten then",
    )


def _start_forgetful(profile: Profile, supervisor: Supervisor, port: int, deployments: Path) -> str:
    url = start_chain(profile, supervisor, port).url
    _forget_progress(deployments)
    return url


def _clique(profile: Profile, folder: Path, data: Path, out: Path | None) -> Ground:
    deployments = out or ROOT / "deployments" / profile.name

    def start(supervisor: Supervisor, port: int) -> str:
        if not (data / "genesis.json").exists():
            _forget_progress(deployments)
        funded = [open_key(data / TREASURY / "key.json").address]
        return start_clique(profile, supervisor, data, funded, SystemClock().now(), port).url

    return Ground(profile, folder, data, deployments, start, f"its data stays in {data}")


def _forget_progress(deployments: Path) -> None:
    """A new chain knows nothing of what was begun on the old one."""
    for file in deployments.glob("*.progress.json"):
        file.unlink()
