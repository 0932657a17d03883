# SPDX-License-Identifier: MIT
"""Runs the demo as a user would: as a process of its own, on free ports, in a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Outcome:
    """What a demo left behind."""

    status: int
    output: str
    out: Path

    def checks(self) -> list[dict[str, Any]]:
        return list(json.loads((self.out / "checks.json").read_text()))

    def failed(self) -> set[str]:
        return {check["name"] for check in self.checks() if not check["ok"]}

    def statements(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((self.out / "statements").glob("*.csv"))}


Play = Callable[..., Outcome]


@pytest.fixture(scope="session")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """play("--kills", "3", seed=5, periods=12, fault=None): runs the demo once, to its end."""

    def run(*flags: str, seed: int, periods: int, fault: str | None = None) -> Outcome:
        out = tmp_path_factory.mktemp("demo")
        command = [sys.executable, "-m", "scripts.demo", "--once", "--port", "0", "--chain-port", "0"]
        environment = {
            **os.environ,
            "SEED": str(seed),
            "PERIODS": str(periods),
            "FAULT": fault or "",
            "COLUMNS": "200",
        }
        done = subprocess.run(
            [*command, "--out", str(out), *flags],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, out)

    return run
