# SPDX-License-Identifier: MIT
"""docs/specification.md against the compiled ABIs, the roles that a deployment hands out (`wattbook deploy
--check` compares these with the AccessManager) and, for its invariants, the tests that it names.
"""

import json
import re
from pathlib import Path

import pytest

from scripts import plan

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "specification.md").read_text()
CONTRACTS = [name for name in plan.CONTRACTS if name not in ("Administration", "TestEuro")]
# Whom the table names for a role.
NAMES = {
    plan.OPERATOR: ["operator"],
    plan.REGULATOR: ["regulator"],
    plan.GRID_OPERATOR: ["grid operator"],
    plan.CORRECTOR: ["corrector"],
    plan.VENUE_GRANTOR: ["venue grantor"],
    plan.VAULT_REGISTRY: ["Registry"],
    plan.VAULT_OVERSIGHT: ["GridOversight"],
    plan.VAULT_RIGHTS: ["Registry", "GridOversight"],
}
ROLES = {name for names in NAMES.values() for name in names if name.islower()}


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = TEXT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def who_may_call() -> dict[str, dict[str, list[str]]]:
    """contract → function → the `who` cells that name it."""
    table: dict[str, dict[str, list[str]]] = {}
    contract = ""
    for named, functions, who in rows("Who may do what"):
        contract = named or contract
        for function in re.findall(r"`(\w+)`", functions):
            table.setdefault(contract, {}).setdefault(function, []).append(who)
    return table


def changing_functions(contract: str) -> set[str]:
    abi = json.loads((ROOT / "wattbook" / "abi" / f"{contract}.json").read_text())["abi"]
    return {
        entry["name"]
        for entry in abi
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_table_names_every_function_that_changes_something_once(contract: str):
    table = who_may_call()
    for_all = set(table["every contract with roles"]) if contract in plan.RESTRICTED else set()
    assert set(table[contract]) | for_all == changing_functions(contract)
    assert all(len(cells) == 1 for cells in table[contract].values())


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_table_names_whoever_holds_the_role_and_nobody_else(contract: str):
    by_role = plan.RESTRICTED.get(contract, {})
    expected = {function: NAMES[role] for role, functions in by_role.items() for function in functions}
    for function, (who,) in who_may_call()[contract].items():
        named = [name.strip() for name in re.split(r"[,;]", who)]
        if function in expected:
            assert named[: len(expected[function])] == expected[function], function
        else:
            assert not ROLES & set(named), f"{function} has no role, but the table says {who}"


def test_every_invariant_names_its_tests_in_solidity_and_in_python():
    listed = re.findall(r"^(\d+)\. ", TEXT.split("\n## What holds always\n", 1)[1].split("\n## ")[0], re.M)
    proved = rows("What tests it")
    assert [number for number, *_ in proved] == listed
    for number, solidity, python in proved:
        assert_tests(number, solidity, ".sol")
        assert_tests(number, python, ".py")


def assert_tests(invariant: str, cell: str, suffix: str) -> None:
    named = re.findall(r"`([\w/.]+)` (\w+)", cell)
    assert named, f"invariant {invariant} names no {suffix} test"
    for path, test in named:
        file = ROOT / "tests" / path
        assert file.suffix == suffix, path
        assert re.search(rf"\b(def|function) {test}\b", file.read_text()), f"{path} has no {test}"
