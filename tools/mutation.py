# SPDX-License-Identifier: MIT
"""Tries the tests: wrong lines in the money paths, one at a time, each of which some test must notice.

tests/mutation/paths.toml says where; survivors that are no fault (the wrong line does the same) are explained
in tests/mutation/survivors.toml. A mutant is first tried with the tests of its path and, if it survives them,
with all. With LONG=1 every mutant is tried, and what was tried on the same sources isn't tried again.
"""

import argparse
import concurrent.futures
import json
import os
import queue
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass

from tools.common import (
    BIN,
    CACHE,
    ROOT,
    ToolError,
    content_hash,
    die,
    environment,
    files_under,
    say,
    write_atomically,
)
from tools.mutants import MoneyPath, Mutant, draw_mutants, read_paths

SURVIVORS = ROOT / "tests" / "mutation" / "survivors.toml"
OUT = ROOT / "out" / "mutation"
STATE = OUT / "tried.json"
BENCH = CACHE / "mutation"  # a copy of the project for each worker
COPIED = ("contracts", "tests/contracts", "tests/vectors", "foundry.toml")
COUNT = 200
SHORT_COUNT = 9
SEED = "wattbook"
WORKERS = 2
BASELINE_SECONDS = 900
MUTANT_SECONDS = 300  # a mutant that makes a test run for ever is noticed too
# Contracts come to the tests as artifacts, so that a wrong line compiles in seconds; fuzzing is short.
ENVIRONMENT = {
    "FOUNDRY_DYNAMIC_TEST_LINKING": "true",
    "FOUNDRY_FUZZ_RUNS": "32",
    "FOUNDRY_INVARIANT_RUNS": "8",
}
NOTICED, SURVIVED, NOT_COMPILED = "noticed", "survived", "not compiled"


@dataclass(frozen=True)
class Trial:
    path: MoneyPath
    mutant: Mutant
    verdict: str
    seconds: float


class Worker:
    """A copy of the project in which one line at a time is wrong."""

    def __init__(self, number: int) -> None:
        self.root = BENCH / f"worker-{number}"

    def prepare(self) -> None:
        """Raises ToolError if the tests don't pass as they are."""
        for name in COPIED:
            target = self.root / name
            if target.is_dir():
                shutil.rmtree(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, target)
        for name in ("node_modules", ".cache/solcx"):
            link = self.root / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(ROOT / name)
        status, output = self._forge("test", "--fail-fast", seconds=BASELINE_SECONDS)
        if status:
            raise ToolError(f"{output[-3000:]}\nThe forge tests fail before any line is wrong.")

    def try_out(self, path: MoneyPath, mutant: Mutant) -> Trial:
        started = time.monotonic()
        source = self.root / mutant.file
        right = source.read_bytes()
        source.write_bytes(mutant.applied(right))
        try:
            return Trial(path, mutant, self._judge(path), time.monotonic() - started)
        finally:
            source.write_bytes(right)

    def _judge(self, path: MoneyPath) -> str:
        status, output = self._forge("test", "--fail-fast", "--match-path", path.tests)
        if status and "Compiler run failed" in output:
            return NOT_COMPILED
        if status == 0:
            status, _ = self._forge("test", "--fail-fast")
        return NOTICED if status else SURVIVED

    def _forge(self, *arguments: str, seconds: int = MUTANT_SECONDS) -> tuple[int, str]:
        try:
            done = subprocess.run(
                [str(BIN / "forge"), *arguments],
                cwd=self.root,
                env=environment(ENVIRONMENT),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return 124, ""
        return done.returncode, done.stdout


# --- what was tried already ---------------------------------------------------------------------------------


class Tried:
    """Verdicts by mutant, kept as long as the sources stay."""

    def __init__(self, keep: bool) -> None:
        self._key = content_hash(files_under(*COPIED), "mutation", "1")
        self._verdicts: dict[str, str] = {}
        if keep and STATE.exists():
            state = json.loads(STATE.read_text())
            self._verdicts = state["verdicts"] if state["sources"] == self._key else {}

    def verdict(self, mutant: Mutant) -> str | None:
        return self._verdicts.get(identity(mutant))

    def note(self, trial: Trial) -> None:
        self._verdicts[identity(trial.mutant)] = trial.verdict
        OUT.mkdir(parents=True, exist_ok=True)
        write_atomically(
            STATE, json.dumps({"sources": self._key, "verdicts": self._verdicts}, indent=1) + "\n"
        )


def identity(mutant: Mutant) -> str:
    return f"{mutant.file}:{mutant.start}-{mutant.end} {mutant.new}"


# --- a run --------------------------------------------------------------------------------------------------


def try_all(
    count: int, seed: str, tried: Tried, only: str = ""
) -> tuple[int, list[tuple[MoneyPath, Mutant]]]:
    """How many were tried, and who survived."""
    paths = read_paths()
    share = -(-count // len(paths))
    drawn = [(path, mutants) for path, mutants in draw_mutants(paths, count, seed) if only in path.invariant]
    workers: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        say(f"{WORKERS} copies of the project are built, and all forge tests run in each ...")
        for worker in pool.map(prepared, range(WORKERS)):
            workers.put(worker)
        total, survivors = 0, []
        goal = sum(min(share, len(mutants)) for _, mutants in drawn)
        for path, mutants in drawn:
            for trial in try_path(pool, workers, path, mutants, share, tried):
                total += 1
                survivors += [(path, trial.mutant)] if trial.verdict == SURVIVED else []
                say(
                    f"[{total:3}/{goal}] {trial.verdict:8} {trial.seconds:4.0f} s  "
                    f"{trial.mutant.name}: {line(trial.mutant)}"
                )
    return total, survivors


def prepared(number: int) -> Worker:
    worker = Worker(number)
    worker.prepare()
    return worker


def try_path(
    pool: concurrent.futures.Executor,
    workers: "queue.SimpleQueue[Worker]",
    path: MoneyPath,
    mutants: list[Mutant],
    share: int,
    tried: Tried,
) -> list[Trial]:
    """`share` trials of the path; a mutant that doesn't compile is replaced by the next one drawn."""

    def attempt(mutant: Mutant) -> Trial:
        if known := tried.verdict(mutant):
            return Trial(path, mutant, known, 0)
        worker = workers.get()
        try:
            return worker.try_out(path, mutant)
        finally:
            workers.put(worker)

    trials: list[Trial] = []
    spare = iter(mutants)
    while len(trials) < share:
        batch = [mutant for mutant, _ in zip(spare, range(share - len(trials)), strict=False)]
        if not batch:
            break
        for trial in pool.map(attempt, batch):
            tried.note(trial)
            if trial.verdict != NOT_COMPILED:
                trials.append(trial)
    return trials


# --- survivors ----------------------------------------------------------------------------------------------


def line(mutant: Mutant) -> str:
    return f"{squeeze(mutant.old)} → {squeeze(mutant.new)}"


def squeeze(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) < 90 else f"{words[:87]}..."


def explained() -> dict[tuple[str, str, str], str]:
    """(file, old, new) → why the wrong line isn't wrong. Raises ToolError if an explained line is gone."""
    if not SURVIVORS.exists():
        return {}
    entries = tomllib.loads(SURVIVORS.read_text()).get("survivor", [])
    for entry in entries:
        if entry["old"] not in squeeze_all((ROOT / entry["file"]).read_text()):
            raise ToolError(
                f"survivors.toml explains a line that {entry['file']} doesn't have: {entry['old']}"
            )
    return {(entry["file"], entry["old"], entry["new"]): entry["why"] for entry in entries}


def squeeze_all(text: str) -> str:
    return " ".join(text.split())


def report(total: int, survivors: list[tuple[MoneyPath, Mutant]]) -> int:
    known = explained()
    unexplained = 0
    for path, mutant in survivors:
        why = known.get((mutant.file, squeeze_all(mutant.old), squeeze_all(mutant.new)))
        unexplained += why is None
        say(f"survived: {path.invariant}: {mutant.name}: {line(mutant)}: {why or 'NOT EXPLAINED'}")
    say(
        f"{total - len(survivors)} of {total} wrong lines were noticed, "
        f"{len(survivors) - unexplained} explained, {unexplained} not."
    )
    return 1 if unexplained else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description="Tries the forge tests.")
    parser.add_argument("--short", action="store_true", help=f"{SHORT_COUNT} wrong lines instead of {COUNT}")
    parser.add_argument("--seed", default=SEED, help="draws the wrong lines")
    parser.add_argument("--only", default="", help="only paths whose invariant contains this")
    given = parser.parse_args()
    long = bool(os.environ.get("LONG"))
    count = SHORT_COUNT if given.short else 1_000_000 if long else COUNT
    try:
        return report(*try_all(count, given.seed, Tried(keep=long), given.only))
    except ToolError as error:
        die(str(error))


if __name__ == "__main__":
    sys.exit(main())
