# SPDX-License-Identifier: MIT
"""Copies of the project in which one line at a time is wrong, and the forge tests run on them.

A copy for each invariant holds only the tests that its path names, so that a wrong line costs a few seconds;
one more holds all tests. What is copied and compiled once serves every worker.
"""

import shutil
import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from tools.common import BIN, CACHE, ROOT, ToolError, environment, say
from tools.mutants import PROFILE, MoneyPath, read_gas_tests

BENCH = CACHE / "mutation"
TESTS = Path("tests/contracts")
COPIED = ("contracts", "tests/vectors", "tests/contracts/base", "foundry.toml")
# Of a core, so that a busy machine changes no verdict: a test that runs for ever has noticed the wrong line.
MUTANT_SECONDS = 120
BASELINE_SECONDS = 900
OUT_OF_TIME = -24  # forge ended by SIGXCPU
# Contracts come to the tests as artifacts, so that only what holds the wrong line is compiled.
ENVIRONMENT = {
    "FOUNDRY_PROFILE": PROFILE,
    "FOUNDRY_DYNAMIC_TEST_LINKING": "true",
    "FOUNDRY_FUZZ_SEED": "0x1",
    "FOUNDRY_FUZZ_RUNS": "32",
    "FOUNDRY_INVARIANT_RUNS": "8",
    "FOUNDRY_INVARIANT_SHRINK_RUN_LIMIT": "0",  # that a test fails is enough, however long its way there
}
NOTICED, SURVIVED, NOT_COMPILED = "noticed", "survived", "not compiled"


class WrongLine(Protocol):
    @property
    def file(self) -> str: ...

    def applied(self, source: bytes) -> bytes: ...


class Copy:
    """The contracts with some of the tests, in a folder of their own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self, tests: Iterable[Path], *arguments: str) -> None:
        """Raises ToolError if the tests, or those that forge's arguments choose, don't pass as they are."""
        shutil.rmtree(self.root / TESTS, ignore_errors=True)
        for name in COPIED:
            target = self.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, target)
        for test in tests:
            target = self.root / test.relative_to(ROOT)
            target.parent.mkdir(exist_ok=True)
            shutil.copy2(test, target)
        for name in ("node_modules", ".cache/solcx"):
            link = self.root / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(ROOT / name)
        verdict, output = self._test(BASELINE_SECONDS, *arguments)
        if verdict != SURVIVED:
            raise ToolError(f"{output[-3000:]}\nThe forge tests fail before any line is wrong.")

    def try_out(self, wrong: WrongLine) -> str:
        return self.ask(wrong)[0]

    def ask(self, wrong: WrongLine, *arguments: str) -> tuple[str, str]:
        """As `try_out`, of the tests that forge's arguments choose, with forge's output."""
        source = self.root / wrong.file
        right = source.read_bytes()
        source.write_bytes(wrong.applied(right))
        try:
            return self._test(MUTANT_SECONDS, *arguments)
        finally:
            source.write_bytes(right)

    def _test(self, seconds: int, *arguments: str) -> tuple[str, str]:
        """Raises ToolError if forge neither passed nor failed a test, nor the compiler refused the line."""
        forge = (str(BIN / "forge"), *arguments)
        done = subprocess.run(
            ["sh", "-c", f'ulimit -S -t {seconds} && exec "$0" test --fail-fast "$@"', *forge],
            cwd=self.root,
            env=environment(ENVIRONMENT),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return SURVIVED, done.stdout
        if "Compiler run failed" in done.stdout:
            return NOT_COMPILED, done.stdout
        if done.returncode == OUT_OF_TIME or "[FAIL" in done.stdout:
            return NOTICED, done.stdout
        raise ToolError(f"{done.stdout[-3000:]}\nforge stopped with exit status {done.returncode}.")


class Bench:
    """All copies: one for each path and one with all tests (`None`), each for every worker."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._ready: set[Path] = set()

    def copy(self, path: MoneyPath | None, worker: int) -> Copy:
        """Made when it is first asked for. Raises ToolError."""
        name = path.invariant.split()[0] if path else "all"
        with self._locks[name]:
            master, root = BENCH / name / "right", BENCH / name / f"worker-{worker}"
            if master not in self._ready:
                say(f"A copy with the tests of invariant {name} ..." if path else "A copy with all tests ...")
                Copy(master).prepare(tests_of(path))
                self._ready.add(master)
            if root not in self._ready:
                shutil.rmtree(root, ignore_errors=True)
                shutil.copytree(master, root, symlinks=True)
                self._ready.add(root)
            return Copy(root)


def tests_of(path: MoneyPath | None) -> set[Path]:
    """Raises ToolError if one of the path's globs matches nothing."""
    found: set[Path] = set()
    for glob in path.tests if path else ("*.t.sol",):
        matching = set((ROOT / TESTS).glob(glob))
        if not matching:
            raise ToolError(f"tests/mutation/paths.toml names {glob}, which isn't in {TESTS}.")
        found |= matching
    return {test for test in found if test.name not in read_gas_tests()}
