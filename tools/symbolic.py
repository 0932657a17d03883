# SPDX-License-Identifier: MIT
"""`make symbolic`: proves the money rules with Halmos, and that each proof would find a wrong line.

A proof is a `check_` function of tests/symbolic/*.t.sol: it holds for all its arguments. The wrong lines are
in tests/symbolic/planted.toml: the contracts are built again with each, and its proof must then find a
counterexample. `--short` takes the first proof of each contract and plants nothing (for `make test`). With
LONG=1 the solver has no time limit, and what was proved on the same sources isn't proved again.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools.common import (
    BIN,
    CACHE,
    ROOT,
    ToolError,
    content_hash,
    die,
    environment,
    files_under,
    run_logged,
    say,
    write_atomically,
)
from tools.halmos import HALMOS, setup_halmos
from tools.wrong_lines import Bug, read_bugs

PROOFS = ROOT / "tests" / "symbolic"
PLANTED = PROOFS / "planted.toml"
OUT = ROOT / "out" / "symbolic"
SOLVER = ROOT / "tools" / "portfolio.py"
STATE = OUT / "proved.json"
# The proofs are built in a copy, in which they may call the functions that planted.toml opens to them.
COPY = CACHE / "proofs"
BUILT = ".cache/forge/symbolic"
SOLVER_SECONDS = 240
WORKERS = 2
# How Halmos ends a proof; what isn't named is an error of its own.
PROVED, REFUTED = 0, 1
VERDICTS = {0: "proved", 1: "REFUTED", 2: "OUT OF TIME", 3: "STUCK", 4: "PROVES NOTHING: every path reverts"}
SOURCES = ("contracts", "tests/symbolic", "tests/contracts/base", "foundry.toml")


@dataclass(frozen=True)
class Proof:
    contract: str
    function: str

    @property
    def name(self) -> str:
        return f"{self.contract}.{self.function}"


@dataclass(frozen=True)
class Verdict:
    code: int
    seconds: float
    output: str

    @property
    def text(self) -> str:
        return VERDICTS.get(self.code, "FAILED")


def find_proofs() -> list[Proof]:
    found = []
    for path in sorted(PROOFS.glob("*.t.sol")):
        source = path.read_text()
        contract = re.search(r"^contract (\w+)", source, re.MULTILINE)
        if contract is None:
            raise ToolError(f"{path.relative_to(ROOT)} has no contract.")
        found += [Proof(contract[1], name) for name in re.findall(r"function (check_\w+)", source)]
    return found


# --- a copy of the sources ----------------------------------------------------------------------------------


def copy_sources(root: Path) -> None:
    """With what planted.toml opens made internal: that changes no code, only who may call it."""
    for name in SOURCES:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(ROOT / name, target)
        else:
            shutil.copy(ROOT / name, target)
    (root / ".cache").mkdir(exist_ok=True)
    for link, to in (("node_modules", ROOT / "node_modules"), (".cache/solcx", CACHE / "solcx")):
        if not (root / link).exists():
            (root / link).symlink_to(to)
    for entry in tomllib.loads(PLANTED.read_text())["open"]:
        for function in entry["functions"]:
            open_function(root / entry["file"], function)


def open_function(path: Path, function: str) -> None:
    """Raises ToolError if it isn't there, or isn't private."""
    opened, count = re.subn(rf"(function {function}\([^)]*\)\s+)private", r"\1internal", path.read_text())
    if count != 1:
        raise ToolError(f"planted.toml opens {function}, which isn't private in {path.name}.")
    path.write_text(opened)


# --- running Halmos -----------------------------------------------------------------------------------------


def build(root: Path, name: str) -> None:
    """The proofs and what they need, with syntax trees, by forge's profile `symbolic`."""
    command: list[str | Path] = [BIN / "forge", "build", "--ast", "--root", root]
    run_logged(name, command, cwd=root, env={"FOUNDRY_PROFILE": "symbolic"})


def prove(proof: Proof, root: Path, seconds: int) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="halmos-") as folder:
        answer = Path(folder) / "answer.json"
        command = [
            *(str(HALMOS / "bin" / "halmos"), "--root", str(root), "--no-status"),
            *("--forge-build-out", f"{BUILT}/out", "--json-output", str(answer)),
            *("--match-contract", f"^{proof.contract}$", "--match-test", f"^{proof.function}\\("),
            *("--solver-timeout-assertion", str(seconds * 1000), "--dump-smt-directory", folder),
            *("--solver-command", shlex.join([str(HALMOS / "bin" / "python"), str(SOLVER)]), "--early-exit"),
            *("--loop", "256"),  # the longest loop runs over a page of accounts
        ]
        env = environment({"FOUNDRY_PROFILE": "symbolic"})
        env["PATH"] = f"{HALMOS / 'bin'}{os.pathsep}{env['PATH']}"
        started = time.monotonic()
        done = subprocess.run(
            command, cwd=root, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        elapsed = time.monotonic() - started
        output = done.stdout + done.stderr
        if not answer.exists():
            return Verdict(-1, elapsed, output)
        tests = [test for tests in json.loads(answer.read_text())["test_results"].values() for test in tests]
    if len(tests) != 1 or tests[0]["num_bounded_loops"]:
        return Verdict(-1, elapsed, output)  # nothing was run, or a loop was cut short
    return Verdict(tests[0]["exitcode"], elapsed, output)


# --- what was proved already --------------------------------------------------------------------------------


def sources_key() -> str:
    return content_hash(files_under(*SOURCES), "symbolic", "1")


def read_state() -> set[str]:
    try:
        state = json.loads(STATE.read_text())
    except (OSError, ValueError):
        return set()
    return set(state["proved"]) if state.get("sources") == sources_key() else set()


def write_state(proved: set[str]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    write_atomically(STATE, json.dumps({"sources": sources_key(), "proved": sorted(proved)}, indent=1) + "\n")


# --- the two halves -----------------------------------------------------------------------------------------


def prove_all(proofs: list[Proof], seconds: int, resume: bool) -> list[str]:
    """Names of the proofs that don't hold."""
    proved = read_state() if resume else set()
    todo = [proof for proof in proofs if proof.name not in proved]
    if len(todo) < len(proofs):
        say(f"{len(proofs) - len(todo)} proofs hold from the last run on the same sources.")
    copy_sources(COPY)
    build(COPY, "symbolic-build")
    failed = []
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        running = {pool.submit(prove, proof, COPY, seconds): proof for proof in todo}
        for number, future in enumerate(concurrent.futures.as_completed(running), start=1):
            proof, verdict = running[future], future.result()
            say(f"[{number:2}/{len(todo)}] {proof.name}: {verdict.text} ({verdict.seconds:.0f} s)")
            if verdict.code == PROVED:
                proved.add(proof.name)
                write_state(proved)
            else:
                say(verdict.output.rstrip()[-4000:])
                failed.append(proof.name)
    return failed


def plant_all(bugs: list[Bug], proofs: dict[str, Proof], seconds: int) -> list[str]:
    """Sentences of the wrong lines that weren't found."""
    missed = []
    for number, bug in enumerate(bugs, start=1):
        verdict = plant(bug, proofs[bug.finder], seconds)
        found = verdict.code == REFUTED
        say(
            f"[{number:2}/{len(bugs)}] planted: {bug.sentence}: {'found' if found else 'NOT FOUND'} by "
            f"{bug.finder} ({verdict.seconds:.0f} s)"
        )
        if not found:
            say(verdict.output.rstrip()[-4000:])
            missed.append(bug.sentence)
    return missed


def plant(bug: Bug, proof: Proof, seconds: int) -> Verdict:
    """Builds a copy of the contracts with the wrong line and asks its proof."""
    with tempfile.TemporaryDirectory(prefix="planted-", dir=CACHE) as folder:
        copy = Path(folder)
        copy_sources(copy)
        # What forge has compiled already needn't be compiled again: only the wrong line and what uses it.
        shutil.copytree(COPY / BUILT, copy / BUILT)
        wrong = copy / bug.file
        wrong.write_bytes(bug.applied(wrong.read_bytes()))
        build(copy, "symbolic-planted")
        return prove(proof, copy, seconds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make symbolic", description="Proves the money rules.")
    parser.add_argument(
        "--short", action="store_true", help="the first proof of each contract, no wrong lines planted"
    )
    parser.add_argument("--only", default="", help="only proofs whose name contains this")
    given = parser.parse_args()
    long = bool(os.environ.get("LONG"))
    seconds = 0 if long else SOLVER_SECONDS
    try:
        setup_halmos()
        proofs = find_proofs()
        named = {proof.name: proof for proof in proofs}
        bugs = [bug for bug in read_bugs(PLANTED, "proof", named) if given.only in bug.finder]
        proofs = [proof for proof in proofs if given.only in proof.name]
        if given.short:
            proofs = list({proof.contract: proof for proof in reversed(proofs)}.values())
        failed = prove_all(proofs, seconds, resume=long)
        missed = [] if given.short else plant_all(bugs, named, seconds)
    except ToolError as error:
        die(str(error))
    say(f"{len(proofs) - len(failed)} of {len(proofs)} proofs hold.")
    if not given.short:
        say(f"{len(bugs) - len(missed)} of {len(bugs)} planted wrong lines were found.")
    return 1 if failed or missed else 0


if __name__ == "__main__":
    sys.exit(main())
