# SPDX-License-Identifier: MIT
"""`make audit`: slither without an unexplained finding, then wrong lines that the tests must notice.

`--short` (for `make test`) draws few wrong lines; LONG=1 tries them all and goes on where it stopped.
"""

import argparse
import subprocess
import sys

from tools.common import ROOT, environment, say


def main() -> int:
    parser = argparse.ArgumentParser(prog="make audit", description="Looks for faults in the contracts.")
    parser.add_argument("--short", action="store_true", help="few wrong lines")
    short = ["--short"] if parser.parse_args().short else []
    failed = [
        name for name, arguments in (("slither_check", []), ("mutation", short)) if run(name, arguments)
    ]
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def run(name: str, arguments: list[str]) -> int:
    command = [sys.executable, "-m", f"tools.{name}", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
