# SPDX-License-Identifier: MIT
"""Halmos, the symbolic prover, in an environment of its own: what it needs clashes with Brownie's."""

import shutil
from pathlib import Path

from tools.common import CACHE, ROOT, VENV, content_hash, exclusive, is_fresh, run_logged, say, stamp

HALMOS = CACHE / "halmos"
LOCK = ROOT / "requirements-halmos.txt"


def setup_halmos() -> None:
    """Installs requirements-halmos.txt into .cache/halmos, unless it is there. Raises ToolError."""
    key = content_hash([LOCK], "halmos", "1", str(ROOT))
    outputs = [HALMOS / "bin" / "halmos"]
    with exclusive("halmos"):
        if is_fresh("halmos", key, outputs):
            return
        say("setup: halmos")
        shutil.rmtree(HALMOS, ignore_errors=True)
        uv: list[str | Path] = [VENV / "bin" / "python", "-m", "uv"]
        run_logged("halmos-venv", [*uv, "venv", "--python", VENV / "bin" / "python", HALMOS])
        sync: list[str | Path] = [
            *uv,
            "pip",
            "sync",
            "--python",
            HALMOS / "bin" / "python",
            "--require-hashes",
            LOCK,
        ]
        run_logged("halmos-install", sync, registry="Python")
        stamp("halmos", key)
