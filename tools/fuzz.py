# SPDX-License-Identifier: MIT
"""`make fuzz`: random inputs to the contracts, random steps on contracts and reference model alike, and wrong
lines that the tests of the invariants must find.

SEED=7 draws others, STEPS=20000 plays more. LONG=1 runs for hours; the steps against the model then go on
where they were stopped.
"""

import concurrent.futures
import os
import subprocess
import sys
import time

from tools.common import BIN, ROOT, VENV, environment, say

STEPS = "10000"
FUZZ_RUNS, LONG_FUZZ_RUNS = "2000", "100000"
INVARIANT_RUNS, LONG_INVARIANT_RUNS = "128", "4096"
INVARIANT_DEPTH = "64"


def forge(seed: str, long: bool) -> int:
    """Every fuzz and invariant test of the contracts, with more runs than `make test` takes."""
    command = [str(BIN / "forge"), "test", "--match-test", "^(testFuzz|invariant)_"]
    settings = {
        "FOUNDRY_FUZZ_RUNS": LONG_FUZZ_RUNS if long else FUZZ_RUNS,
        "FOUNDRY_INVARIANT_RUNS": LONG_INVARIANT_RUNS if long else INVARIANT_RUNS,
        "FOUNDRY_INVARIANT_DEPTH": INVARIANT_DEPTH,
        **({"FOUNDRY_FUZZ_SEED": hex(int(seed))} if seed else {}),
    }
    return run("contracts", command, settings)


def against_model(seed: str, long: bool) -> int:
    """Random steps, each done by the contracts and by the model."""
    command = [
        str(VENV / "bin" / "python"), "-m", "pytest", "-q", "-s", "-p", "no:xdist", "--timeout=0",
        "tests/contracts/test_against_model.py",
    ]  # fmt: skip
    settings = {"SEED": seed or "0", **({} if long else {"STEPS": os.environ.get("STEPS") or STEPS})}
    return run("against the model", command, settings)


def planted() -> int:
    """Wrong lines that the tests of the invariants must find."""
    return run("planted wrong lines", [str(VENV / "bin" / "python"), "-m", "tools.planted"], {})


def run(name: str, command: list[str], settings: dict[str, str]) -> int:
    """Its output comes through line by line, so that one sees how far it is."""
    started = time.monotonic()
    given = environment(settings)
    given = {key: value for key, value in given.items() if value or key not in ("LONG", "STEPS")}
    process = subprocess.Popen(
        command, cwd=ROOT, env=given, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        say(line.rstrip())
    status = process.wait()
    say(f"fuzz: {name}: {'FAILED' if status else 'ok'} after {time.monotonic() - started:.0f} s")
    return status


def main() -> int:
    seed, long = os.environ.get("SEED", ""), bool(os.environ.get("LONG"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(job, seed, long) for job in (forge, against_model)]
        jobs.append(pool.submit(planted))
        return max(job.result() for job in jobs)


if __name__ == "__main__":
    sys.exit(main())
