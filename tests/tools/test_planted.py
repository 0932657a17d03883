# SPDX-License-Identifier: MIT
"""Planted wrong lines: the tables are true of the sources, and only the named test's failure counts. Forge
and Halmos run in `make fuzz` and `make symbolic`.
"""

import re
from pathlib import Path

import pytest

from tools import planted, symbolic
from tools.common import ROOT, ToolError
from tools.mutation_bench import NOT_COMPILED, NOTICED, SURVIVED
from tools.wrong_lines import Bug, read_bugs

BUG = Bug("a sentence", "contracts/vault/Pots.sol", "right", "wrong", "invariant_One")
FAILED = "[FAIL: entrusted: 1 != 2]\n\t[Sequence] (original: 1, shrunk: 1)\n invariant_One() (runs: 0)\n"


class StandIn:
    """In a copy's place: answers as forge would."""

    def __init__(self, verdict: str, output: str) -> None:
        self._answer = verdict, output

    def ask(self, bug: Bug, *arguments: str) -> tuple[str, str]:
        assert arguments == ("--match-test", r"^(invariant_One)\(")
        return self._answer


def missed(verdict: str, output: str) -> list[Bug]:
    return planted.plant_all([BUG], [StandIn(verdict, output)])  # type: ignore[list-item]


def table(folder: Path, line: str, test: str) -> Path:
    file = folder / "planted.toml"
    entry = {"sentence": "a", "file": "contracts/vault/Pots.sol", "line": line, "becomes": "", "test": test}
    file.write_text("\n".join(["[[bug]]", *(f'{key} = "{value}"' for key, value in entry.items())]))
    return file


def test_every_invariant_but_the_model_has_a_wrong_line_that_its_test_must_find():
    text = (ROOT / "docs" / "specification.md").read_text()
    finders = {bug.finder for bug in read_bugs(planted.PLANTED, "test", planted.known_tests())}
    proved = []
    for invariant, cell in re.findall(r"^\| (\d+) \| (`contracts/.*?) \|", text, re.MULTILINE):
        named = set(re.findall(r"`contracts/invariants/Misbehaviour.t.sol` (\w+)", cell))
        proved += [invariant] if named & finders else []
        finders -= named
    assert proved == ["1", "2", "3", "4", "5", "6", "7", "8", "10"]
    assert not finders


def test_the_table_of_the_proofs_is_true_of_the_sources():
    assert read_bugs(symbolic.PLANTED, "proof", {proof.name for proof in symbolic.find_proofs()})


def test_a_line_that_is_gone_or_stands_twice_is_refused(tmp_path: Path):
    for line in ("not there", "external"):
        with pytest.raises(ToolError, match=f"exactly one line `{line}`"):
            read_bugs(table(tmp_path, line, "invariant_One"), "test", ["invariant_One"])


def test_a_test_that_is_gone_is_refused(tmp_path: Path):
    with pytest.raises(ToolError, match="names the test invariant_Two, which isn't there"):
        read_bugs(table(tmp_path, "external", "invariant_Two"), "test", ["invariant_One"])


def test_a_wrong_line_is_found_if_its_own_test_fails():
    assert missed(NOTICED, FAILED) == []


@pytest.mark.parametrize(
    ("verdict", "output"),
    [
        (SURVIVED, "[PASS] invariant_One() (runs: 8)"),
        (NOT_COMPILED, "Compiler run failed"),
        (NOTICED, "[FAIL: EvmError: Revert] setUp() (gas: 0)"),
        (NOTICED, ""),
    ],
    ids=["passed", "not compiled", "setting up failed", "out of time"],
)
def test_it_is_not_found_by_anything_else(verdict: str, output: str):
    assert missed(verdict, output) == [BUG]


def test_a_short_run_plants_one_line_that_its_seed_draws():
    bugs = [Bug(str(number), "", "", "", "") for number in range(9)]
    drawn = [planted.chosen(bugs, True, str(seed)) for seed in range(20)]
    assert {len(some) for some in drawn} == {1}
    assert len({some[0] for some in drawn}) > 3
    assert planted.chosen(bugs, False, "") == bugs
