# SPDX-License-Identifier: MIT
"""Runs test suites: `python -m tools.run_tests contracts python clique web tools e2e lint`.

Two jobs run side by side, and one more that only waits for blocks; what needs the machine to itself (browser,
demo) runs alone at the end. Each job's output is in out/test/<job>.log, and is shown if the job fails. The
last line counts the tests of all runners.
"""

import concurrent.futures
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.common import BIN, ROOT, VENV, environment, say
from tools.engines import why_not

LOGS = ROOT / "out" / "test"
JOB_SECONDS = 840
WORKERS = 2
PYTHON = str(VENV / "bin" / "python")
PACKAGES = ("wattbook", "oracle", "api", "scripts", "bench", "tools")
CLIQUE_TESTS = '"$0" -m tools.engines geth && exec "$0" -m pytest -q --durations=5 tests/clique'
LEFT_OUT: list[str] = []


@dataclass(frozen=True)
class Job:
    name: str
    command: list[str]
    alone: bool = False
    counts: bool = True
    first: bool = False  # long: begun early, nothing waits for it alone at the end
    waits: bool = False  # mostly for blocks, so it runs beside the two that compute
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    job: Job
    status: int
    seconds: float
    output: str
    passed: int
    failed: int


def has(folder: str, pattern: str) -> bool:
    return any(path for path in (ROOT / folder).rglob(pattern) if "node_modules" not in path.parts)


def pytest_job(
    name: str, *folders: str, alone: bool = False, first: bool = False, flags: Sequence[str] = ()
) -> list[Job]:
    present = [folder for folder in folders if has(folder, "test_*.py")]
    if not present:
        return []
    command = [PYTHON, "-m", "pytest", "-q", "--durations=5", *flags, *present]
    return [Job(name, command, alone=alone, first=first)]


def contracts() -> list[Job]:
    if not has("contracts", "*.sol"):
        return []
    jobs = [Job("forge-fmt", [str(BIN / "forge"), "fmt", "--check"], counts=False)]
    if has("tests/contracts", "*.t.sol"):
        jobs.append(Job("forge-test", [str(BIN / "forge"), "test"]))
    if has("tests/contracts", "test_*.py"):
        jobs.append(Job("brownie-test", [str(BIN / "brownie"), "test"]))
    # Short forms of `make symbolic`, `make audit` and what `make fuzz` plants; its random runs are in the
    # forge and Brownie tests.
    symbolic = Job("symbolic", [PYTHON, "-m", "tools.symbolic", "--short"], counts=False)
    audit = Job("audit", [PYTHON, "-m", "tools.audit", "--short"], counts=False)
    planted = Job("planted", [PYTHON, "-m", "tools.planted", "--short"], counts=False)
    return [*jobs, Job("gas", [PYTHON, "-m", "bench.gas"], counts=False), symbolic, audit, planted]


def lint_python() -> list[Job]:
    packages = [name for name in PACKAGES if (ROOT / name / "__init__.py").exists()]
    return [
        Job("ruff", [PYTHON, "-m", "ruff", "check", "--output-format=concise", "."], counts=False),
        Job("ruff-format", [PYTHON, "-m", "ruff", "format", "--check", "."], counts=False),
        Job(
            "mypy",
            [PYTHON, "-m", "mypy", *(part for name in packages for part in ("-p", name))],
            counts=False,
        ),
    ]


def python() -> list[Job]:
    folders = ("tests/wattbook", "tests/oracle", "tests/api", "tests/scripts", "tests/bad_input")
    return [*lint_python(), *clique(), *pytest_job("pytest", *folders, first=True)]


def clique() -> list[Job]:
    """Geth's build comes first; its tests wait for it."""
    if reason := why_not():
        LEFT_OUT.append(f"{reason} The tests on geth-clique were left out.")
        return []
    build = Job("geth", [PYTHON, "-m", "tools.engines", "geth"], counts=False, first=True)
    return [build, Job("pytest-clique", ["sh", "-c", CLIQUE_TESTS, PYTHON], waits=True)]


def lint_web() -> list[Job]:
    if not (ROOT / "web" / "tsconfig.json").exists():
        return []
    return [Job("tsc", ["node", "node_modules/typescript/bin/tsc", "--noEmit", "-p", "web"], counts=False)]


def web() -> list[Job]:
    jobs = lint_web()
    if has("web", "*.test.ts*") or has("tests/web", "*.test.ts*"):
        jobs.append(Job("vitest", ["node", "node_modules/vitest/vitest.mjs", "run", "--root", "web"]))
    return jobs


def tools() -> list[Job]:
    return pytest_job("pytest-tools", "tests/tools")


def e2e() -> list[Job]:
    # Two at a time: a demo's processes take turns, so one alone leaves a core idle.
    flags = ["-n", "2", "--dist", "loadgroup"]
    jobs = pytest_job("pytest-e2e", "tests/e2e", "tests/web", alone=True, flags=flags)
    return [Job("chromium", ["sh", "tools/chromium.sh"], counts=False), *jobs] if jobs else []


def lint() -> list[Job]:
    return [*[job for job in contracts() if job.name == "forge-fmt"], *lint_python(), *lint_web()]


SUITES: dict[str, Callable[[], list[Job]]] = {
    "contracts": contracts,
    "python": python,
    "clique": clique,
    "web": web,
    "tools": tools,
    "e2e": e2e,
    "lint": lint,
}

_RUNNING: dict[str, subprocess.Popen[bytes]] = {}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def count(output: str) -> tuple[int, int]:
    """Passed and failed tests by the closing lines of pytest, vitest and forge."""
    text = _COLOURS.sub("", output)
    if forge := re.search(r"(\d+) tests? passed, (\d+) failed, \d+ skipped \(\d+ total", text):
        return int(forge.group(1)), int(forge.group(2))
    closing = [line for line in text.splitlines() if re.search(r"\d+ (passed|failed|errors?)\b", line)]
    line = next((line for line in reversed(closing) if "Test Files" not in line), "")
    return (
        sum(int(n) for n in re.findall(r"(\d+) passed", line)),
        sum(int(n) for n in re.findall(r"(\d+) (?:failed|errors?)", line)),
    )


def run(job: Job) -> Outcome:
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{job.name}.log"
    started = time.monotonic()
    with log.open("w") as out:
        process = subprocess.Popen(
            job.command,
            cwd=ROOT,
            env=environment(job.env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _RUNNING[job.name] = process
        try:
            status = process.wait(JOB_SECONDS)
        except subprocess.TimeoutExpired:
            out.write(f"\nstopped after {JOB_SECONDS} s\n")
            stop(process)
            status = 124
        finally:
            _RUNNING.pop(job.name, None)
    output = log.read_text(errors="replace")
    passed, failed = count(output) if job.counts else (0, 0)
    return Outcome(
        job, status, time.monotonic() - started, output, passed, max(failed, 1) if status else failed
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    for sent in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sent)
            process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def report(outcome: Outcome, position: str) -> None:
    counted = f", {outcome.passed} passed" if outcome.passed else ""
    verdict = "ok" if outcome.status == 0 else "FAILED"
    if outcome.status:
        say(f"--- {outcome.job.name}: {' '.join(Path(part).name for part in outcome.job.command[:4])} ---")
        lines = outcome.output.rstrip().splitlines()
        if len(lines) > 300:
            say(f"(the first {len(lines) - 300} lines are in out/test/{outcome.job.name}.log only)")
        say("\n".join(lines[-300:]))
    say(f"{position} {outcome.job.name:<14} {verdict:<6} {outcome.seconds:5.1f} s{counted}")


def heartbeat(done: threading.Event) -> None:
    while not done.wait(30):
        say(f"      ... {', '.join(sorted(_RUNNING))}")


def main() -> int:
    names = sys.argv[1:]
    if not names or not set(names) <= set(SUITES):
        sys.exit(f"wattbook: name one or more of {', '.join(SUITES)}.")
    known = {job.name: job for name in names for job in SUITES[name]()}
    jobs = sorted(known.values(), key=lambda job: not job.first)
    outcomes: list[Outcome] = []
    done = threading.Event()
    threading.Thread(target=heartbeat, args=(done,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with (
            concurrent.futures.ThreadPoolExecutor(WORKERS) as pool,
            concurrent.futures.ThreadPoolExecutor(1) as beside,
        ):
            together = [(beside if job.waits else pool).submit(run, job) for job in jobs if not job.alone]
            for future in concurrent.futures.as_completed(together):
                outcomes.append(future.result())
                report(outcomes[-1], f"[{len(outcomes):2}/{len(jobs)}]")
        for job in jobs:
            if job.alone:
                outcomes.append(run(job))
                report(outcomes[-1], f"[{len(outcomes):2}/{len(jobs)}]")
    except (KeyboardInterrupt, SystemExit):
        for process in list(_RUNNING.values()):
            stop(process)
        raise
    finally:
        done.set()
    for sentence in LEFT_OUT:
        say(sentence)
    broken = [outcome.job.name for outcome in outcomes if outcome.status]
    if broken:
        say(f"failed: {', '.join(broken)}; logs in out/test/")
    say(f"{sum(o.passed for o in outcomes)} passed, {sum(o.failed for o in outcomes)} failed")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
