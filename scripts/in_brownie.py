# SPDX-License-Identifier: MIT
"""Runs one of our scripts in Brownie's project: `tools/bin/brownie script establish anvil`.

`brownie run` makes a module name of the script's whole path, and fails where a folder's name has a dot.
"""

import importlib
import os
import sys
from pathlib import Path

from brownie import network, project

ROOT = Path(__file__).parents[1]


def main() -> None:
    script, chain = sys.argv[1:]
    loaded = project.main.load(ROOT)
    loaded.load_config()
    # Brownie looks up by chain id what it once deployed, and fails where that was on another chain of the id.
    # Our own deployment files say where everything is.
    vars(loaded)["_load_deployments"] = lambda: None
    chain_id = os.environ[f"WATTBOOK_{chain.upper().replace('-', '_')}_CHAIN_ID"]
    (ROOT / "build" / "deployments" / chain_id).mkdir(parents=True, exist_ok=True)
    network.main.connect(chain)
    importlib.import_module(f"scripts.{script}").main()


if __name__ == "__main__":
    main()
