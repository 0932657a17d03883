# SPDX-License-Identifier: MIT
"""Starting a chain of one's own: Anvil or Ganache, as a supervised process on a free port.

with Supervisor() as supervisor:
    chain = start_chain(load_profile("anvil"), supervisor, mining=False, now=1_700_000_000)
    ... chain.url ...
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wattbook.chain.profiles import Profile
from wattbook.errors import ProfileInvalid, ProgramMissing
from wattbook.keys import DEMO_MNEMONIC
from wattbook.processes import Child, Supervisor, claim_port

HOST = "127.0.0.1"
_CHECKOUT = Path(__file__).parents[2]
_LISTENING = re.compile(r"Listening on (?:https?://)?[\d.]+:(\d+)")
_READY_IN = 60.0


@dataclass(frozen=True, slots=True)
class RunningChain:
    """`url` is its JSON-RPC address; `child` can be killed and restarted."""

    url: str
    profile: Profile
    child: Child


def start_chain(
    profile: Profile,
    supervisor: Supervisor,
    port: int = 0,
    accounts: int = 40,
    mining: bool = True,
    now: int | None = None,
) -> RunningChain:
    """Starts the profile's engine with funded test accounts (1,000,000 each).

    Without `mining` blocks come only by evm_mine. `now`: the genesis block's UTC seconds. A `port` of 0 is
    any free one. Raises PortTaken, ProgramMissing, ProcessFailed, ProcessSilent, ProfileInvalid.
    """
    if port:
        claim_port(port, HOST)
    argv = _command(profile, port or claim_port(0, HOST), accounts, mining, now)
    child = supervisor.start(profile.name, argv, ready=listening, timeout=_READY_IN, guarded=True)
    return RunningChain(f"http://{HOST}:{child.port}", profile, child)


def listening(line: str) -> dict[str, Any] | None:
    """The port in the line by which Anvil and Ganache say that they are up."""
    found = _LISTENING.search(line)
    return {"port": int(found[1])} if found else None


def program(name: str, *folders: str) -> str:
    """A program of the checkout, else from PATH. Raises ProgramMissing."""
    for folder in folders:
        path = _CHECKOUT / folder / name
        if path.exists():
            return str(path)
    found = shutil.which(name)
    if found is None:
        raise ProgramMissing(program=name)
    return found


def _command(profile: Profile, port: int, accounts: int, mining: bool, now: int | None) -> Sequence[str]:
    if profile.engine == "anvil":
        return _anvil(profile, port, accounts, mining, now)
    if profile.engine == "ganache":
        return _ganache(profile, port, accounts, mining, now)
    reason = f"Wattbook can't start the engine {profile.engine} here, only anvil and ganache"
    raise ProfileInvalid(path=f"{profile.name}.yaml", reason=reason)


def _anvil(profile: Profile, port: int, accounts: int, mining: bool, now: int | None) -> list[str]:
    # The native binary: npm's wrapper loses exit codes and leaves Anvil running when it is killed.
    argv = [program("anvil", "tools/bin"), "--host", HOST, "--port", str(port)]
    argv += ["--chain-id", str(profile.chain_id), "--hardfork", profile.hardfork]
    argv += ["--block-base-fee-per-gas", "0", "--gas-limit", str(profile.block_gas_limit), "--order", "fifo"]
    argv += ["--mnemonic", DEMO_MNEMONIC, "--accounts", str(accounts), "--balance", "1000000"]
    if not mining:
        argv.append("--no-mining")
    return argv if now is None else [*argv, "--timestamp", str(now)]


def _ganache(profile: Profile, port: int, accounts: int, mining: bool, now: int | None) -> list[str]:
    argv = [program("ganache-cli", "node_modules/.bin"), "--server.host", HOST, "--server.port", str(port)]
    argv += ["--chain.chainId", str(profile.chain_id), "--chain.hardfork", profile.hardfork]
    argv += ["--miner.blockGasLimit", str(profile.block_gas_limit)]
    argv += ["--wallet.mnemonic", DEMO_MNEMONIC, "--wallet.totalAccounts", str(accounts)]
    argv += ["--wallet.defaultBalance", "1000000"]
    if not mining:
        # Ganache has no switch for it: a block every three weeks is the same.
        argv += ["--miner.blockTime", "2000000"]
    if now is not None:
        argv += ["--chain.time", str(now * 1000)]
    return argv
