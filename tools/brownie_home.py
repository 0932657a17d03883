# SPDX-License-Identifier: MIT
"""Runs Brownie in a private home folder that holds our networks; tools/bin/brownie calls this.

Brownie reads its networks from the home folder alone. Each run gets a home of its own, with a free port
for the chain that it starts, so that runs side by side never attach to each other's chain.
Live networks: WATTBOOK_ANVIL_URL, WATTBOOK_GANACHE_URL and WATTBOOK_GETH_CLIQUE_URL (and ..._CHAIN_ID) say
where a running node listens.
"""

import os
import shutil
import signal
import socket
import string
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.common import CACHE, ROOT, VENV, environment
from tools.settings import compiler_settings

DEFAULTS = {
    "WATTBOOK_ANVIL_URL": "http://127.0.0.1:8545",
    "WATTBOOK_ANVIL_CHAIN_ID": "31337",
    "WATTBOOK_GANACHE_URL": "http://127.0.0.1:8545",
    "WATTBOOK_GANACHE_CHAIN_ID": "1337",
    "WATTBOOK_GETH_CLIQUE_URL": "http://127.0.0.1:8545",
    "WATTBOOK_GETH_CLIQUE_CHAIN_ID": "13371",
}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def brownie_environment(home: Path) -> dict[str, str]:
    """Fills `home` and returns the environment in which Brownie finds it, our compiler and our programs."""
    values = {name: os.environ.get(name) or default for name, default in DEFAULTS.items()}
    values["WATTBOOK_BROWNIE_PORT"] = os.environ.get("WATTBOOK_BROWNIE_PORT") or str(free_port())
    template = string.Template((ROOT / "tools" / "brownie" / "networks.yaml").read_text())
    folder = home / ".brownie"
    folder.mkdir(parents=True)
    (folder / "network-config.yaml").write_text(template.safe_substitute(values))
    options = f"-c tools/brownie/pytest.ini --rootdir=. {os.environ.get('PYTEST_ADDOPTS', '')}"
    return environment(
        {
            **compiler_settings().as_environment(),
            **values,
            "HOME": str(home),
            "PYTEST_ADDOPTS": options.rstrip(),
        }
    )


def forget_local_deployments() -> None:
    """A restarted local chain has forgotten the contracts that Brownie remembers, and Brownie then fails."""
    for chain_id in (31337, 1337, 13371):
        shutil.rmtree(ROOT / "build" / "deployments" / str(chain_id), ignore_errors=True)
    (ROOT / "build" / "deployments" / "map.json").unlink(missing_ok=True)


def program_of(arguments: list[str]) -> list[str]:
    """`script NAME NETWORK` is ours; everything else is Brownie's own command line."""
    if arguments[:1] == ["script"]:
        return ["-m", "scripts.in_brownie", *arguments[1:]]
    return [str(VENV / "bin" / "brownie"), *arguments]


def run(arguments: list[str]) -> int:
    if not (VENV / "bin" / "brownie").exists():
        sys.exit("wattbook: Brownie isn't installed: run `make setup`.")
    for folder in (CACHE / "brownie-home", CACHE / "brownie-interfaces", CACHE / "brownie-reports"):
        folder.mkdir(parents=True, exist_ok=True)
    forget_local_deployments()
    with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE / "brownie-home") as home:
        command: list[str | Path] = [VENV / "bin" / "python", *program_of(arguments)]
        child = subprocess.Popen(command, cwd=ROOT, env=brownie_environment(Path(home)))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the child as well
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
