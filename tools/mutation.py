# SPDX-License-Identifier: MIT
"""Tries the tests: wrong lines in the money paths, one at a time, each of which some test must notice.

tests/mutation/paths.toml says where; survivors that are no fault (the wrong line does the same) are explained
in tests/mutation/survivors.toml. A wrong line is first tried with the tests of its path and, if it survives
them unexplained, with all. SEED=7 draws others. `--short` (for `make test`) takes a few lines of a few paths.
With LONG=1 every wrong line is tried, and what was tried on the same sources isn't tried again.
"""

import argparse
import concurrent.futures
import json
import os
import queue
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.common import ROOT, ToolError, content_hash, die, files_under, say, write_atomically
from tools.mutants import MoneyPath, Mutant, digest, draw_mutants, read_paths
from tools.mutation_bench import NOT_COMPILED, NOTICED, SURVIVED, Bench
from tools.survivors import Survivors

STATE = ROOT / "out" / "mutation" / "tried.json"
SOURCES = ("contracts", "tests/contracts", "tests/vectors", "tests/mutation/paths.toml", "foundry.toml")
COUNT = 200
SHORT_PATHS, SHORT_EACH = 2, 3
SEED = "wattbook"
WORKERS = 2
EXPLAINED = "explained"  # survived the tests of its path, and survivors.toml says why


@dataclass(frozen=True)
class Trial:
    path: MoneyPath
    mutant: Mutant
    verdict: str
    seconds: float


class Tried:
    """Verdicts by wrong line, kept as long as the sources stay."""

    def __init__(self, resume: bool, file: Path = STATE) -> None:
        self._file = file
        self._resume = resume
        self._key = content_hash(files_under(*SOURCES))
        self._verdicts: dict[str, str] = {}
        if file.exists():
            state = json.loads(file.read_text())
            self._verdicts = state["verdicts"] if state["sources"] == self._key else {}

    def verdict(self, mutant: Mutant) -> str | None:
        return self._verdicts.get(mutant.identity) if self._resume else None

    def note(self, mutant: Mutant, verdict: str) -> None:
        self._verdicts[mutant.identity] = verdict
        self._file.parent.mkdir(parents=True, exist_ok=True)
        state = {"sources": self._key, "verdicts": self._verdicts}
        write_atomically(self._file, json.dumps(state, indent=1) + "\n")


class Draw:
    """The wrong lines of a path in drawn order; the next takes the place of one that doesn't compile."""

    def __init__(self, path: MoneyPath, mutants: list[Mutant], goal: int) -> None:
        self.path = path
        self.goal = min(goal, len(mutants))
        self._rest = iter(mutants)
        self._lock = threading.Lock()

    def next(self) -> Mutant | None:
        with self._lock:
            return next(self._rest, None)


class Run:
    """Tries what is drawn, some at a time, and tells how far it is."""

    def __init__(
        self, draws: list[Draw], bench: Bench, tried: Tried, survivors: Survivors, workers: int = WORKERS
    ) -> None:
        self._draws, self._bench, self._tried, self._survivors = draws, bench, tried, survivors
        self._pool = concurrent.futures.ThreadPoolExecutor(workers)
        self._lock = threading.Lock()
        self._goal = sum(draw.goal for draw in draws)
        self._workers: queue.SimpleQueue[int] = queue.SimpleQueue()
        for worker in range(workers):
            self._workers.put(worker)
        self._at_a_time = workers
        self.trials: list[Trial] = []

    def go(self) -> list[Trial]:
        """Raises ToolError if something else than a wrong line makes forge fail."""
        try:
            places = [self._pool.submit(self._fill, draw) for draw in in_turn(self._draws)]
            for place in concurrent.futures.as_completed(places):
                place.result()
        finally:
            self._pool.shutdown(cancel_futures=True)
        return self.trials

    def _fill(self, draw: Draw) -> None:
        """One wrong line of the path that compiles, if there is another."""
        while mutant := draw.next():
            trial = self._try(draw.path, mutant)
            with self._lock:
                self._tried.note(mutant, trial.verdict)
                if trial.verdict != NOT_COMPILED:
                    self.trials.append(trial)
                    self._tell(trial)
                    return

    def _try(self, path: MoneyPath, mutant: Mutant) -> Trial:
        is_explained = self._survivors.why(mutant) is not None
        known = self._tried.verdict(mutant)
        if known and (known != EXPLAINED or is_explained):
            return Trial(path, mutant, known, 0)
        worker = self._workers.get()
        try:
            copy = self._bench.copy(path, worker)
            started = time.monotonic()
            verdict = copy.try_out(mutant)
            if verdict == SURVIVED:
                verdict = EXPLAINED if is_explained else self._bench.copy(None, worker).try_out(mutant)
        finally:
            self._workers.put(worker)
        return Trial(path, mutant, verdict, time.monotonic() - started)

    def _tell(self, trial: Trial) -> None:
        done = len(self.trials)
        last = [trial.seconds for trial in self.trials[-30:]]
        left = sum(last) / len(last) * (self._goal - done) / self._at_a_time / 60
        say(
            f"[{done:3}/{self._goal}] {trial.verdict:9} {trial.seconds:4.0f} s  {trial.mutant.name}: "
            f"{line(trial.mutant)}" + (f"  (about {left:.0f} min left)" if left >= 1 else "")
        )


def in_turn(draws: list[Draw]) -> Iterator[Draw]:
    """A place of each path, then a second one of each, and so on."""
    for place in range(max((draw.goal for draw in draws), default=0)):
        yield from (draw for draw in draws if place < draw.goal)


def line(mutant: Mutant) -> str:
    """What changes, between the words that stay."""
    right, wrong = mutant.right.split(), mutant.wrong.split()
    most = min(len(right), len(wrong))
    first = next((n for n in range(most) if right[n] != wrong[n]), most)
    last = next((n for n in range(most - first) if right[-1 - n] != wrong[-1 - n]), most - first)
    changed = f"[{' '.join(right[first : len(right) - last])} → {' '.join(wrong[first : len(wrong) - last])}]"
    return " ".join((*right[max(first - 6, 0) : first], changed, *right[len(right) - last :][:4]))


def report(paths: list[MoneyPath], trials: list[Trial], survivors: Survivors) -> int:
    """The exit status: 1 if a survivor isn't explained, or an explanation is wrong."""
    unexplained = [trial for trial in trials if trial.verdict == SURVIVED]
    wrong = [trial for trial in trials if trial.verdict == NOTICED and survivors.why(trial.mutant)]
    for path in paths:
        own = [trial.verdict for trial in trials if trial.path == path]
        say(f"{path.invariant}: {own.count(NOTICED)} of {len(own)} noticed, {own.count(EXPLAINED)} explained")
    for trial in unexplained:
        say(f"NOT NOTICED, NOT EXPLAINED: {trial.path.invariant}: {trial.mutant.name}: {line(trial.mutant)}")
    for trial in wrong:
        say(f"survivors.toml explains what was noticed: {trial.mutant.name}: {line(trial.mutant)}")
    noticed = sum(trial.verdict == NOTICED for trial in trials)
    say(
        f"mutation: {noticed} of {len(trials)} wrong lines were noticed, "
        f"{len(trials) - noticed - len(unexplained)} are explained, {len(unexplained)} not."
    )
    return 1 if unexplained or wrong else 0


def chosen(short: bool, seed: str, only: str) -> list[MoneyPath]:
    paths = [path for path in read_paths() if only in path.invariant]
    if short:
        paths = sorted(paths, key=lambda path: digest(seed, path.invariant))[:SHORT_PATHS]
    return paths


def measured(work: Callable[[], int]) -> int:
    """Says how long it took, and what it took of the cores."""
    started = time.monotonic()
    status = work()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(it.ru_utime + it.ru_stime for it in used)
    say(f"mutation: {time.monotonic() - started:.0f} s, {cpu:.0f} s of a core")
    return status


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description="Tries the forge tests.")
    parser.add_argument("--short", action="store_true", help="few wrong lines of few paths")
    parser.add_argument("--count", type=int, default=COUNT, help=f"how many wrong lines ({COUNT})")
    parser.add_argument("--only", default="", help="only paths whose invariant contains this")
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"how many at a time ({WORKERS})")
    given = parser.parse_args()
    long, seed = bool(os.environ.get("LONG")), os.environ.get("SEED") or SEED

    def work() -> int:
        paths = chosen(given.short, seed, given.only)
        say(f"mutation: wrong lines drawn by SEED={seed} in {', '.join(path.invariant for path in paths)}")
        each = SHORT_EACH if given.short else 1_000_000 if long else -(-given.count // len(read_paths()))
        draws = [Draw(path, draw_mutants(path, seed), each) for path in paths]
        survivors = Survivors()
        run = Run(draws, Bench(), Tried(resume=long), survivors, given.workers)
        return report(paths, run.go(), survivors)

    try:
        return measured(work)
    except ToolError as error:
        die(str(error))


if __name__ == "__main__":
    sys.exit(main())
