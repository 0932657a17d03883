# SPDX-License-Identifier: MIT
"""A supervisor with three children, one of them a program that doesn't know us: announces all process ids."""

import sys
import time
from pathlib import Path

from wattbook.processes import Supervisor, announce_ready

FAMILY = Path(__file__).parent / "family.py"
FOREIGN = "import os, sys, time; print('up', os.getpid(), flush=True); time.sleep(600)"


def up(line: str) -> dict[str, int] | None:
    return {"pid": int(line.split()[1])} if line.startswith("up") else None


if __name__ == "__main__":
    with Supervisor(grace=0.3) as supervisor:
        quiet = supervisor.start("quiet", [sys.executable, str(FAMILY)])
        stubborn = supervisor.start("stubborn", [sys.executable, str(FAMILY), "stubborn"])
        foreign = supervisor.start("foreign", [sys.executable, "-c", FOREIGN], ready=up, guarded=True)
        pids = [c.pid for c in (quiet, stubborn, foreign)]
        announce_ready(pids=[*pids, quiet.facts["child"], stubborn.facts["child"], foreign.facts["pid"]])
        time.sleep(600)
