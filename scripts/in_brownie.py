# SPDX-License-Identifier: MIT
"""Runs one of our scripts in Brownie's project: `tools/bin/brownie script establish anvil`.

`brownie run` makes a module name of the script's whole path, and fails where a folder's name has a dot.
"""

import importlib
import sys
from pathlib import Path

from brownie import network, project

ROOT = Path(__file__).parents[1]


def main() -> None:
    script, chain = sys.argv[1:]
    project.main.load(ROOT).load_config()
    network.main.connect(chain)
    importlib.import_module(f"scripts.{script}").main()


if __name__ == "__main__":
    main()
