# SPDX-License-Identifier: MIT
"""Shows that the tests in which members misbehave notice: wrong lines, each of which one test must find.

tests/contracts/invariants/planted.toml names them, at least one for each invariant of the specification. The
contracts are built again with each, without the optimiser, and that test is run alone. Part of `make fuzz`;
`--short` (for `make test`) plants one, which SEED draws.
"""

import argparse
import concurrent.futures
import os
import queue
import re
import shutil
import sys
import time

from tools.common import CACHE, ROOT, ToolError, die, say
from tools.mutants import digest
from tools.mutation_bench import NOTICED, TESTS, Copy
from tools.wrong_lines import Bug, read_bugs

SUITE = ROOT / TESTS / "invariants"
PLANTED = SUITE / "planted.toml"
BENCH = CACHE / "planted"
WORKERS = 2


def known_tests() -> list[str]:
    """All that forge runs in the suite."""
    sources = [path.read_text() for path in sorted(SUITE.glob("*.t.sol"))]
    return [name for source in sources for name in re.findall(r"function ((?:invariant|test)\w*)\(", source)]


def only(tests: set[str]) -> tuple[str, str]:
    return "--match-test", f"^({'|'.join(sorted(tests))})\\("


def make_copies(bugs: list[Bug]) -> list[Copy]:
    """One a worker. Raises ToolError if the tests that are to fail fail without a wrong line."""
    started = time.monotonic()
    right = Copy(BENCH / "right")
    right.prepare(SUITE.glob("*.sol"), *only({bug.finder for bug in bugs}))
    copies = [Copy(BENCH / f"worker-{worker}") for worker in range(min(WORKERS, len(bugs)))]
    for copy in copies:
        shutil.rmtree(copy.root, ignore_errors=True)
        shutil.copytree(right.root, copy.root, symlinks=True)
    say(f"planted: the tests pass as long as no line is wrong ({time.monotonic() - started:.0f} s)")
    return copies


def is_found(copy: Copy, bug: Bug) -> tuple[bool, str]:
    """Whether the very test that the table names fails, and forge's output. That doesn't name the test if it
    couldn't be set up."""
    verdict, output = copy.ask(bug, *only({bug.finder}))
    return verdict == NOTICED and f"{bug.finder}(" in output, output


def plant_all(bugs: list[Bug], copies: list[Copy]) -> list[Bug]:
    """Those that weren't found."""
    free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)

    def plant(bug: Bug) -> tuple[bool, str, float]:
        copy = free.get()
        started = time.monotonic()
        try:
            return *is_found(copy, bug), time.monotonic() - started
        finally:
            free.put(copy)

    missed = []
    with concurrent.futures.ThreadPoolExecutor(len(copies)) as pool:
        running = {pool.submit(plant, bug): bug for bug in bugs}
        for number, future in enumerate(concurrent.futures.as_completed(running), start=1):
            bug, (found, output, seconds) = running[future], future.result()
            verdict = "found" if found else "NOT FOUND"
            say(f"[{number:2}/{len(bugs)}] {bug.sentence}: {verdict} by {bug.finder} ({seconds:.0f} s)")
            if not found:
                say(output.rstrip()[-4000:])
                missed.append(bug)
    return missed


def chosen(bugs: list[Bug], short: bool, seed: str) -> list[Bug]:
    return sorted(bugs, key=lambda bug: digest(seed, bug.sentence))[:1] if short else bugs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.planted", description="Plants wrong lines.")
    parser.add_argument("--short", action="store_true", help="one wrong line")
    given = parser.parse_args()
    try:
        bugs = read_bugs(PLANTED, "test", known_tests())
        bugs = chosen(bugs, given.short, os.environ.get("SEED", ""))
        missed = plant_all(bugs, make_copies(bugs))
    except ToolError as error:
        die(str(error))
    say(f"{len(bugs) - len(missed)} of {len(bugs)} planted wrong lines were found.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
