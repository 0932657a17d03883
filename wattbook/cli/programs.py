# SPDX-License-Identifier: MIT
"""`wattbook deploy` and `wattbook demo` start the project's scripts, which aren't part of the package."""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence

import typer

from wattbook.errors import PartMissing

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def deploy(context: typer.Context) -> None:
    """Deploys the contracts with Brownie; `wattbook deploy --help` lists the options."""
    run_script("scripts.launch", context.args)


def demo(context: typer.Context) -> None:
    """A neighbourhood trades for a day on this machine; `wattbook demo --help` lists the options."""
    run_script("scripts.demo", context.args)


def run_script(module: str, arguments: Sequence[str]) -> None:
    """Runs a script of the checkout. Raises PartMissing where there is none."""
    sys.path.insert(0, "")
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise PartMissing(
            part=module.removeprefix("scripts."), where="a checkout of the project, in its folder"
        )
    raise typer.Exit(subprocess.run([sys.executable, "-m", module, *arguments], check=False).returncode)
