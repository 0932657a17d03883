# SPDX-License-Identifier: MIT
"""A Clique chain of one's own: go-ethereum nodes that seal in turn, each a supervised process.

with Supervisor(logs) as supervisor:
    chain = start_clique(load_profile("geth-clique"), supervisor, folder, funded, now=…)
    ... chain.url ...

The nodes find each other before the first of them seals: a signer that seals alone makes a chain of its own.
Ports are any free ones, but for the first node's JSON-RPC where one is asked for. All listen on 127.0.0.1.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from wattbook.chain.clique_genesis import CliqueFolder, prepare_folder
from wattbook.chain.profiles import Profile
from wattbook.errors import ChainStalled, EngineMissing, EngineUnfit
from wattbook.processes import Child, Supervisor, claim_port, wait_until

HOST = "127.0.0.1"
VERSION = "1.13.15"  # the last with Clique
VARIABLE = "WATTBOOK_GETH"
SIGNERS = 3
_BUILT = Path(__file__).parents[2] / ".cache" / "engines" / f"geth-{VERSION}" / "geth"
_READY_IN = 90.0
_FIRST_BLOCK_IN = 60.0
_LISTENING = re.compile(r"HTTP server started.*endpoint=[\d.]+:(\d+) auth=false")
# On every node: with Geth's own sizes a burst of one sender runs at half speed.
_POOL = {"accountslots": 20_000, "globalslots": 60_000, "accountqueue": 20_000, "globalqueue": 60_000}


@dataclass
class CliqueChain:
    """Running nodes. `url` is the first one's JSON-RPC address; a node is known by its number, from 1."""

    profile: Profile
    folder: CliqueFolder
    supervisor: Supervisor

    @property
    def url(self) -> str:
        return self.url_of(1)

    @property
    def numbers(self) -> range:
        return range(1, len(self.folder.signers) + 1)

    def child(self, number: int) -> Child:
        return self.supervisor.children[name_of(number)]

    def url_of(self, number: int) -> str:
        return f"http://{HOST}:{self.child(number).port}"

    def ask(self, number: int, method: str, *params: Any) -> Any:
        """A node's answer. Raises RuntimeError with its words, OSError where it is gone."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        connection = http.client.HTTPConnection(HOST, self.child(number).port, timeout=30)
        with contextlib.closing(connection):
            connection.request("POST", "/", body, {"content-type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def ask_all(self, method: str, *params: Any) -> list[Any]:
        return [self.ask(number, method, *params) for number in self.numbers]

    def height(self, number: int = 1) -> int:
        return int(self.ask(number, "eth_blockNumber"), 16)

    def connect(self) -> None:
        """Makes peers of all nodes. Raises ChainStalled."""
        for one, other in combinations(self.numbers, 2):
            self.ask(one, "admin_addPeer", self._enode(other))
        others = len(self.numbers) - 1
        if not wait_until(
            lambda: all(int(count, 16) == others for count in self.ask_all("net_peerCount")), _READY_IN
        ):
            raise self._stalled("have not found each other", _READY_IN)

    def seal(self) -> None:
        """Lets every signer seal, and waits for a new block. Raises ChainStalled."""
        before = self.height()
        self.ask_all("miner_start")
        if not wait_until(lambda: self.height() > before, _FIRST_BLOCK_IN):
            raise self._stalled("make no blocks", _FIRST_BLOCK_IN)

    def restart(self, number: int) -> None:
        """Starts a node again, which was killed or not; it seals as soon as it has caught up."""
        self.supervisor.restart(name_of(number))
        for other in self.numbers:
            if other != number and self.child(other).alive():
                self.ask(number, "admin_addPeer", self._enode(other))
        self.ask(number, "miner_start")

    def _enode(self, number: int) -> str:
        info = self.ask(number, "admin_nodeInfo")
        return f"enode://{info['enode'].split('//')[1].split('@')[0]}@{HOST}:{info['ports']['listener']}?discport=0"

    def _stalled(self, lacks: str, seconds: float) -> ChainStalled:
        return ChainStalled(lacks=lacks, seconds=seconds, folder=self.child(1).log.parent)


def start_clique(
    profile: Profile,
    supervisor: Supervisor,
    folder: Path,
    funded: Sequence[str],
    now: int,
    port: int = 0,
    signers: int = SIGNERS,
) -> CliqueChain:
    """Starts the chain that `folder` holds, or a new one whose first block is at `now`.

    `funded` can pay for gas, on a new chain only. A `port` of 0 is any free one. Raises PortTaken,
    EngineMissing, EngineUnfit, ProcessFailed, ProcessSilent, ChainStalled, ConfigUnreadable.
    """
    if port:
        claim_port(port, HOST)
    geth = find_geth()
    data = prepare_folder(geth, profile, folder, funded, signers, now)
    chain = CliqueChain(profile, data, supervisor)
    for number in chain.numbers:
        argv = _command(geth, profile, data, number, port if number == 1 else 0)
        supervisor.start(
            name_of(number), argv, ready=listening, timeout=_READY_IN, guarded=True, on_stderr=True
        )
    chain.connect()
    chain.seal()
    return chain


def find_geth() -> str:
    """The program: WATTBOOK_GETH, else the one that `make geth` built, else PATH's.

    Raises EngineMissing, EngineUnfit.
    """
    given = os.environ.get(VARIABLE)
    path = given or (str(_BUILT) if _BUILT.exists() else shutil.which("geth"))
    if path is None:
        raise EngineMissing(program="geth", variable=VARIABLE)
    try:
        answer = subprocess.run([path, "version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        raise EngineMissing(program="geth", variable=VARIABLE) from None
    found = re.search(r"^Version: (\S+)", answer, re.MULTILINE)
    if not found or not found[1].startswith("1.13."):
        version = found[1] if found else "unknown"
        raise EngineUnfit(path=path, found=version, wanted=VERSION, program="geth")
    return path


def name_of(number: int) -> str:
    return f"geth-{number}"


def listening(line: str) -> dict[str, Any] | None:
    """The JSON-RPC port in the line by which Geth says that it is up."""
    found = _LISTENING.search(line)
    return {"port": int(found[1])} if found else None


def _command(geth: str, profile: Profile, data: CliqueFolder, number: int, port: int) -> list[str]:
    signer = data.signers[number - 1]
    argv = [geth, "--datadir", str(data.node(number)), "--networkid", str(profile.chain_id)]
    argv += ["--syncmode", "full", "--gcmode", "archive"]
    argv += ["--nodiscover", "--nat", "none", "--netrestrict", "127.0.0.0/8", "--port", "0"]
    argv += ["--authrpc.port", "0", "--ipcdisable"]
    argv += ["--http", "--http.addr", HOST, "--http.port", str(port)]
    argv += ["--http.api", "eth,net,web3,txpool,clique,admin,debug,miner"]
    argv += ["--unlock", signer, "--password", str(data.password), "--allow-insecure-unlock"]
    argv += ["--miner.etherbase", signer, "--miner.gaslimit", str(profile.block_gas_limit)]
    # Geth makes 1 gwei of a least price of 0.
    argv += ["--miner.gasprice", "1", "--txpool.pricelimit", "1"]
    for name, size in _POOL.items():
        argv += [f"--txpool.{name}", str(size)]
    return argv
