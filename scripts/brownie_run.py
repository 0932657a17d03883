# SPDX-License-Identifier: MIT
"""Runs a Brownie script of ours against a chain that is up."""

import os
import subprocess
from pathlib import Path

from scripts.request import VARIABLE, Request
from wattbook.errors import ProcessFailed

ROOT = Path(__file__).parents[1]
ATTEMPTS_ON_CHANGING_CHAINS = 4
BROWNIE = ROOT / "tools" / "bin" / "brownie"


def run_brownie(script: str, request: Request, url: str, folder: Path) -> None:
    """Runs scripts/<script>.py; its output goes to <folder>/<script>.log. Raises ProcessFailed."""
    folder.mkdir(parents=True, exist_ok=True)
    file, log = folder / f"{script}.request.json", folder / f"{script}.log"
    request.save(file)
    prefix = f"WATTBOOK_{request.chain.upper().replace('-', '_')}"
    environment = {
        **os.environ,
        VARIABLE: str(file.resolve()),
        f"{prefix}_URL": url,
        f"{prefix}_CHAIN_ID": str(request.chain_id),
    }
    with log.open("wb") as output:
        status = subprocess.run(
            [BROWNIE, "script", script, request.chain],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if status:
        last = last_line(log.read_text(errors="replace"))
        raise ProcessFailed(name="brownie", status=status, last_line=last, log=log)


def run_through(script: str, request: Request, url: str, folder: Path) -> None:
    """As `run_brownie`, of a script that goes on where it stopped: a block that changes under its feet is no
    reason to give up. What the script itself refuses is not tried again. Raises ProcessFailed.
    """
    for _ in range(ATTEMPTS_ON_CHANGING_CHAINS - 1 if request.confirmations > 1 else 0):
        try:
            return run_brownie(script, request, url, folder)
        except ProcessFailed as failed:
            if str(failed.facts["last_line"]).startswith("wattbook:"):
                raise
    return run_brownie(script, request, url, folder)


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it wrote nothing."
