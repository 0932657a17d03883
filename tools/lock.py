# SPDX-License-Identifier: MIT
"""`make lock`: resolves requirements-dev.txt and requirements-halmos.txt (Python 3.11 to 3.13, every
system) and package-lock.json.

Versions in the present locks stay unless a range in pyproject.toml or package.json excludes them; UPGRADE=1
in the environment takes the newest that the ranges allow.
"""

import os
import shutil
import tempfile
from pathlib import Path

from tools.common import CACHE, ROOT, VENV, ToolError, die, run_logged


def lock_python(wanted: str, lock: str) -> None:
    command: list[str | Path] = [VENV / "bin" / "python", "-m", "uv", "pip", "compile", wanted, "--universal"]
    options = [
        "--python-version",
        "3.11",
        *(["--all-extras"] if wanted == "pyproject.toml" else []),
        "--generate-hashes",
        "--no-annotate",
        "--no-header",
    ]
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
    run_logged("lock-python", [*command, *options, *upgrade, "-o", lock], registry="Python")


def lock_node() -> None:
    with tempfile.TemporaryDirectory(prefix="lock-", dir=CACHE) as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            if (ROOT / name).exists():
                shutil.copy(ROOT / name, work / name)
        run_logged("lock-npm", ["npm", "install", "--no-progress"], cwd=work, registry="npm")
        lock = work / "package-lock.json"
        run_logged("lock-complete", [VENV / "bin" / "python", "-m", "tools.complete_lock", lock])
        shutil.copy(lock, ROOT / "package-lock.json")


if __name__ == "__main__":
    try:
        lock_python("pyproject.toml", "requirements-dev.txt")
        lock_python("requirements-halmos.in", "requirements-halmos.txt")
        lock_node()
    except ToolError as error:
        die(str(error))
