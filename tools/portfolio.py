# SPDX-License-Identifier: MIT
"""Answers a query of Halmos (an SMT-LIB file) by whichever of two solvers is the first to know.

Bitwuzla works on bits: quick where words are packed and unpacked. cvc5 turns words into integers: quick where
energies are multiplied by prices. Run by the Python of `.cache/halmos`. Yices, which Halmos brings, isn't
asked: counterexamples of its release 2.6.4 were seen that don't satisfy what was asserted.

    python tools/portfolio.py QUERY.smt2
"""

import importlib
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

BITWUZLA = [sys.executable, __file__, "--bitwuzla"]
CVC5 = [sys.executable, __file__, "--cvc5"]
HEAD_START = 0.5  # seconds; most queries take Bitwuzla less
ANSWERS = ("sat", "unsat")


@dataclass(frozen=True)
class Solver:
    process: subprocess.Popen[bytes]
    answer: Path


def main() -> int:
    if sys.argv[1] in ASK:
        ASK[sys.argv[1]](sys.argv[2])
        return 0
    running: list[Solver] = []
    signal.signal(signal.SIGTERM, lambda signum, _: stop(running, signum))
    try:
        print(first_answer(sys.argv[1], running))
    finally:
        kill(running)
    return 0


def first_answer(query: str, running: list[Solver]) -> str:
    """What the first solver says that comes to an answer; `unknown` if none does."""
    asked = [BITWUZLA, CVC5]
    began = time.monotonic()
    while running or asked:
        if asked and (not running or len(asked) == 2 or time.monotonic() - began > HEAD_START):
            running.append(start(asked.pop(0), query))
        for solver in [solver for solver in running if solver.process.poll() is not None]:
            running.remove(solver)
            said = solver.answer.read_text()
            if said.startswith(ANSWERS):
                return said
        time.sleep(0.005)
    return "unknown"


def start(command: list[str], query: str) -> Solver:
    answer = Path(query + command[-1])  # beside the query; a model may be larger than a pipe
    with answer.open("w") as said:
        process = subprocess.Popen(
            [*command, query], stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL
        )
    return Solver(process, answer)


# Both are only in Halmos's environment.


def ask_bitwuzla(query: str) -> None:
    bitwuzla = importlib.import_module("bitwuzla")
    options = bitwuzla.Options()
    options.set(bitwuzla.Option.PRODUCE_MODELS, True)
    bitwuzla.Parser(bitwuzla.TermManager(), options).parse(query, parse_only=False)


def ask_cvc5(query: str) -> None:
    cvc5 = importlib.import_module("cvc5")
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("solve-bv-as-int", "iand")
    solver.setOption("produce-models", "true")
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, query)
    symbols = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        if said := str(command.invoke(solver, symbols)).strip():
            print(said, flush=True)


ASK = {"--bitwuzla": ask_bitwuzla, "--cvc5": ask_cvc5}


def stop(running: list[Solver], signum: int) -> None:
    kill(running)
    sys.exit(128 + signum)


def kill(running: list[Solver]) -> None:
    for solver in running:
        solver.process.kill()


if __name__ == "__main__":
    sys.exit(main())
