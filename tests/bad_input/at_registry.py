# SPDX-License-Identifier: MIT
"""`make setup` where no package registry can be reached."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bad_input.answers import Answer, Row
from tests.bad_input.town import Town

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9/"
INPUTS = (
    "package.json",
    "package-lock.json",
    ".npmrc",
    "pyproject.toml",
    "foundry.toml",
    "requirements-dev.txt",
)


def set_up(_: Town, scratch: Path) -> Answer:
    """In a copy of the checkout that nothing is installed in. What is left is its log."""
    copy = scratch / "logs" / "copy"
    copy.mkdir(parents=True)
    for name in INPUTS:
        shutil.copy(ROOT / name, copy / name)
    shutil.copytree(ROOT / "tools", copy / "tools", symlinks=True)
    env = {"PATH": os.environ["PATH"], "HOME": str(copy / "home"), "PIP_INDEX_URL": NOWHERE}
    done = subprocess.run(
        [sys.executable, "-m", "tools.setup"],
        cwd=copy,
        env={**env, "PIP_RETRIES": "0", "UV_INDEX_URL": NOWHERE},
        capture_output=True,
        text=True,
    )
    assert not (copy / ".venv").exists()
    assert not list((copy / ".cache" / "stamps").glob("*"))
    sentence = done.stderr.removeprefix("wattbook: ").rstrip("\n")
    return Answer(done.returncode, "", sentence)


# A Makefile's helper: it has a status and a sentence, and no code.
ROWS = [Row("package registry unreachable", "setup", "Python's", set_up, 1, "")]
