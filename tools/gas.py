# SPDX-License-Identifier: MIT
"""`make gas`: the gas of forge's tests against the committed snapshot, tests/contracts/gas.snapshot.

Fuzz and invariant tests are left out, their gas is drawn by chance. `make gas ARGS=--write` writes it anew.
"""

import subprocess
import sys
from pathlib import Path

from tools.common import BIN, ROOT, environment

SNAPSHOT = "tests/contracts/gas.snapshot"


def main() -> int:
    mode = "--snap" if "--write" in sys.argv[1:] else "--check"
    if mode == "--check" and not (ROOT / SNAPSHOT).exists():
        sys.exit(f"wattbook: there is no {SNAPSHOT} yet: `make gas ARGS=--write` writes it.")
    command: list[str | Path] = [
        BIN / "forge",
        "snapshot",
        mode,
        SNAPSHOT,
        "--no-match-test",
        "^(testFuzz|invariant|check)",
    ]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
