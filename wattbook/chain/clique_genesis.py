# SPDX-License-Identifier: MIT
"""The first block of a Clique chain, and what its signers' nodes keep on disk.

<folder>/genesis.json     written last: where it is, everything else is too
<folder>/password         of the signers' keystores
<folder>/node1/ …         one data folder a signer, its key in keystore/signer.json
"""

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wattbook.chain.profiles import Profile
from wattbook.errors import ConfigUnreadable, ProcessFailed
from wattbook.files import write_atomically
from wattbook.keys import create_keystore

EPOCH_BLOCKS = 30_000
# Enough for ten thousand years of gas at 1 gwei: money on this chain is the payment token.
FUNDS_WEI = 10**24
# The key of a signer guards no money, and its node has it unlocked: weak scrypt opens it at once.
_ITERATIONS = 4_096
_FORKS = (
    "homestead",
    "eip150",
    "eip155",
    "eip158",
    "byzantium",
    "constantinople",
    "petersburg",
    "istanbul",
    "berlin",
    "london",
)


@dataclass(frozen=True, slots=True)
class CliqueFolder:
    """A chain's data on disk; `signers` are checksummed addresses, node i has the key of signer i."""

    path: Path
    signers: tuple[str, ...]

    @property
    def password(self) -> Path:
        return self.path / "password"

    def node(self, number: int) -> Path:
        """The data folder of a node; numbers count from 1."""
        return self.path / f"node{number}"


def prepare_folder(
    geth: str, profile: Profile, path: Path, funded: Sequence[str], signers: int, now: int
) -> CliqueFolder:
    """The chain's data, made anew only where there is none. Raises ConfigUnreadable, ProcessFailed."""
    genesis = path / "genesis.json"
    if genesis.exists():
        return _existing(path, genesis)
    path.mkdir(parents=True, exist_ok=True)
    for half_made in path.glob("node*"):
        shutil.rmtree(half_made)
    _write_secret(path / "password", secrets.token_urlsafe(24))
    draft = path / "genesis.draft.json"
    folder = CliqueFolder(path, _make_signers(path, signers))
    draft.write_text(json.dumps(genesis_of(profile, folder.signers, funded, now), indent=2) + "\n")
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda number: _initialise(geth, folder, draft, number), range(1, signers + 1)))
    write_atomically(path / "signers.json", json.dumps(folder.signers) + "\n")
    draft.replace(genesis)
    return folder


def genesis_of(profile: Profile, signers: Sequence[str], funded: Sequence[str], now: int) -> dict[str, Any]:
    """genesis.json's content: all forks from the start, `signers` may seal, `funded` can pay for gas."""
    ordered = sorted(bytes.fromhex(signer[2:]) for signer in signers)
    return {
        "config": {
            "chainId": profile.chain_id,
            **{f"{fork}Block": 0 for fork in _FORKS},
            "clique": {"period": profile.block_seconds, "epoch": EPOCH_BLOCKS},
        },
        "difficulty": "1",
        "gasLimit": hex(profile.block_gas_limit),
        "baseFeePerGas": "0x0",
        "timestamp": hex(now),
        "extraData": "0x" + (bytes(32) + b"".join(ordered) + bytes(65)).hex(),
        "alloc": {address: {"balance": hex(FUNDS_WEI)} for address in funded},
    }


def _existing(path: Path, genesis: Path) -> CliqueFolder:
    try:
        return CliqueFolder(path, tuple(json.loads((path / "signers.json").read_text())))
    except (OSError, ValueError) as error:
        raise ConfigUnreadable(path=genesis.with_name("signers.json"), reason=str(error)) from None


def _make_signers(path: Path, count: int) -> tuple[str, ...]:
    password = (path / "password").read_text()
    return tuple(
        create_keystore(path / f"node{n}" / "keystore" / "signer.json", password, None, _ITERATIONS).address
        for n in range(1, count + 1)
    )


def _initialise(geth: str, folder: CliqueFolder, genesis: Path, number: int) -> None:
    log = folder.path / f"init{number}.log"
    with log.open("wb") as output:
        command = [geth, "init", "--datadir", str(folder.node(number)), str(genesis)]
        status = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    if status:
        lines = log.read_text(errors="replace").strip().splitlines() or ["it wrote nothing."]
        raise ProcessFailed(name="geth init", status=status, last_line=lines[-1], log=log)


def _write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
