# SPDX-License-Identifier: MIT
"""What a deployment stands on: a running chain, the keys of those who have roles, and a place for the file.

On Anvil and Ganache the published test keys hold the roles and everything is forgotten with the chain. A
Clique chain keeps its data and keys in data/<chain>, and its deployments in deployments/<chain>.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts import people
from wattbook.chain.clique import start_clique
from wattbook.chain.launch import start_chain
from wattbook.chain.profiles import Profile
from wattbook.clock import SystemClock
from wattbook.keys import demo_key
from wattbook.processes import Supervisor

ROOT = Path(__file__).parents[1]
CLIQUE = "geth-clique"
# Each step of a deployment reads what the last one wrote, so that shouldn't lie in a block that may change.
SETTLED_BLOCKS = 2


@dataclass(frozen=True)
class Ground:
    """`keys` is a folder of keystores, or None for the test mnemonic. `start` answers the node's address."""

    profile: Profile
    folder: Path  # logs
    keys: Path | None
    deployments: Path
    start: Callable[[Supervisor, int], str]
    keeps: str

    @property
    def confirmations(self) -> int:
        return min(self.profile.confirmations, SETTLED_BLOCKS)

    def addresses(self) -> list[str]:
        """Everybody's, by the numbers of people.py; on a chain with keys of its own, made if missing."""
        if self.keys is not None:
            return people.make_keys(self.keys)
        return [demo_key(person, self.profile.chain_id).address for person in range(len(people.NAMES))]

    def file_of(self, name: str | None) -> Path:
        """The deployment file; on a chain that forgets, one without a name is deployment.json."""
        return self.deployments / f"{name or 'deployment'}.json"


def ground_of(profile: Profile, out: Path | None, data: Path | None) -> Ground:
    folder = out or ROOT / "out" / "deploy" / profile.name
    if profile.engine == CLIQUE:
        return _clique(profile, folder, data or ROOT / "data" / profile.name, out)
    return Ground(
        profile=profile,
        folder=folder,
        keys=None,
        deployments=folder,
        start=lambda supervisor, port: _start_forgetful(profile, supervisor, port, folder),
        keeps="and is forgotten then",
    )


def _start_forgetful(profile: Profile, supervisor: Supervisor, port: int, deployments: Path) -> str:
    url = start_chain(profile, supervisor, port).url
    _forget_progress(deployments)
    return url


def _clique(profile: Profile, folder: Path, data: Path, out: Path | None) -> Ground:
    deployments, keys = out or ROOT / "deployments" / profile.name, data / "keys"

    def start(supervisor: Supervisor, port: int) -> str:
        if not (data / "genesis.json").exists():
            _forget_progress(deployments)
        funded = people.make_keys(keys)
        return start_clique(profile, supervisor, data, funded, SystemClock().now(), port).url

    return Ground(profile, folder, keys, deployments, start, f"its data stays in {data}")


def _forget_progress(deployments: Path) -> None:
    """A new chain knows nothing of what was begun on the old one."""
    for file in deployments.glob("*.progress.json"):
        file.unlink()
