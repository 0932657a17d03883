# SPDX-License-Identifier: MIT
"""The whole system as one: a day from meter register to settled money, checked from outside."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Outcome, Play

SHORT = 12
pytestmark = pytest.mark.timeout(600)  # a whole day takes minutes
# One process plays the day for all of its tests.
whole_day_group = pytest.mark.xdist_group("whole day")
FAULTS = {
    "decode": "metered energy, each point and period",
    "drop": "metered energy, each point and period",
    "credit": "cash of each member, backstop and fee account",
}


@pytest.fixture(scope="module")
def seed() -> int:
    return random.SystemRandom().randrange(1000)


@pytest.fixture(scope="module")
def whole_day(play: Play, seed: int) -> Outcome:
    return play(seed=seed, periods=96)


@whole_day_group
def test_a_whole_day_on_any_seed_passes_every_check(whole_day: Outcome, seed: int) -> None:
    print(f"SEED={seed}")
    assert whole_day.status == 0, whole_day.output
    assert len(whole_day.checks()) >= 12
    assert whole_day.failed() == set()


@whole_day_group
def test_the_day_leaves_a_statement_a_member_and_a_report(whole_day: Outcome) -> None:
    assert len(whole_day.statements()) == 12
    report = (whole_day.out / "report.html").read_text()
    assert "uPlot" in report
    assert "Village shop" in report


@whole_day_group
def test_no_log_holds_a_key(whole_day: Outcome) -> None:
    from scripts.people import published_secret

    secrets = [published_secret(person, 31337)[2:] for person in range(40)]
    for log in (whole_day.out / "logs").glob("*.log"):
        if log.stem == "anvil":
            continue  # the node itself greets with the published test keys
        text = log.read_text(errors="replace").lower()
        assert not [secret for secret in secrets if secret in text], log.name


@whole_day_group
def test_nothing_is_left_running(whole_day: Outcome) -> None:
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(whole_day.out) not in processes


@pytest.mark.parametrize("fault", FAULTS)
def test_an_injected_fault_ends_the_demo_with_the_failed_check_named(play: Play, fault: str) -> None:
    outcome = play(seed=11, periods=SHORT, fault=fault)
    assert outcome.status == 7, outcome.output
    assert FAULTS[fault] in outcome.failed()
    assert f"Failed: {FAULTS[fault]}" in outcome.output


def test_the_checks_import_nothing_of_ours() -> None:
    spy = (
        "import runpy, sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'wattbook', 'oracle', 'api', 'scripts', 'tools', 'tests'}:\n"
        "            raise SystemExit(f'imports {name}')\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "sys.argv = ['check', '--help']\n"
        "runpy.run_path(sys.argv_path, run_name='__main__')\n"
    ).replace("sys.argv_path", repr(str(ROOT / "scripts" / "demo" / "check")))
    done = subprocess.run([sys.executable, "-I", "-c", spy], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "--ledger" in done.stdout


def test_a_fault_the_demo_does_not_know_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.demo", "--fault", "gremlin", "--out", str(tmp_path / "demo")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout.strip() == "wattbook: FAULT is 'gremlin': give decode, drop, credit."
    assert not (tmp_path / "demo").exists()
