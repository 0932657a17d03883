# SPDX-License-Identifier: MIT
"""Disputes by command, on a real chain: opened with a bond, decided by the operator, closed by anyone."""

from collections.abc import Callable
from typing import Any

import pytest

from scripts.plan import BOND
from tests.api.stage import CALENDAR, Stage, account_of, point_of
from wattbook.units import format_cash

pytestmark = pytest.mark.chain

Run = Callable[..., Any]
OPERATOR, ANA, BEN, ANYBODY = 0, 6, 7, 9
ENERGIES = [(0, 1_200), (900, 0), (0, 0), (0, 0), (0, 0), (0, 0)]


@pytest.fixture
def where(stage: Stage) -> tuple[Any, ...]:
    """Ana's reading: 1 kWh of import register, 2.2 kWh of export, at the end of a settled period."""
    stage.place("Ana", "offer", 1_000, 1_900)
    stage.place("Ben", "bid", 1_000, 2_200)
    stage.settle_period(ENERGIES, [1_950 << 16])
    return point_of("Ana"), "--period", stage.period


def file(stage: Stage, wattbook: Run, where: tuple[Any, ...]) -> int:
    """Ana claims 2.3 kWh; answers her free balance before."""
    before = free(stage)
    done = wattbook("dispute", "open", *where, "--import", "1", "--export", "2.3", by=ANA)
    assert done["bond"] == format_cash(BOND)
    assert free(stage) == before - BOND
    return before


def free(stage: Stage) -> int:
    return int(stage.chain.read("PaymentVault", "balanceOf", account_of("Ana")))


def test_a_dispute_is_opened_listed_and_upheld(stage: Stage, wattbook: Run, where: tuple[Any, ...]) -> None:
    before = file(stage, wattbook, where)
    (listed,) = wattbook("dispute", "list", "--account", account_of("Ana"), "--open")
    assert (listed["point"], listed["period"], listed["state"]) == (where[0], where[2], "open")
    assert (listed["exportKwh"], listed["claimedExportKwh"]) == ("2.200", "2.300")
    assert wattbook("dispute", "list", "--account", account_of("Ben")) == []
    assert "open" in wattbook("dispute", "list", as_json=False)
    assert wattbook("dispute", "decide", *where, "--uphold", by=OPERATOR)["state"] == "upheld"
    assert free(stage) == before
    assert stage.chain.read("MeterReadings", "energyOf", where[0], where[2])[2] == 1_300
    assert wattbook("dispute", "list", "--open") == []


def test_a_dispute_is_rejected_and_its_bond_lost(stage: Stage, wattbook: Run, where: tuple[Any, ...]) -> None:
    before = file(stage, wattbook, where)
    assert wattbook("dispute", "decide", *where, "--reject", by=OPERATOR)["state"] == "rejected"
    assert free(stage) == before - BOND
    assert (
        wattbook("dispute", "decide", *where, "--reject", by=OPERATOR, status=3)["code"] == "dispute-not-open"
    )


def test_a_decision_lies_between_reading_and_claim(
    stage: Stage, wattbook: Run, where: tuple[Any, ...]
) -> None:
    file(stage, wattbook, where)
    beyond = wattbook("dispute", "decide", *where, "--import", "1", "--export", "2.4", by=OPERATOR, status=2)
    assert beyond["code"] == "decision-out-of-bounds"
    done = wattbook("dispute", "decide", *where, "--import", "1", "--export", "2.25", by=OPERATOR)
    assert done["state"] == "upheld"
    assert stage.chain.read("MeterReadings", "energyOf", where[0], where[2])[2] == 1_250


def test_what_nobody_decides_in_time_anyone_closes(
    stage: Stage, wattbook: Run, where: tuple[Any, ...]
) -> None:
    before = file(stage, wattbook, where)
    assert wattbook("dispute", "close", *where, by=ANYBODY, status=3)["code"] == "too-early"
    stage.chain.go_to(CALENDAR.corrections_until_at(stage.period))
    stage.chain.mine()
    assert wattbook("dispute", "decide", *where, "--uphold", by=OPERATOR, status=3)["code"] == "too-late"
    assert wattbook("dispute", "close", *where, by=ANYBODY)["state"] == "expired"
    assert free(stage) == before


def test_others_neither_dispute_nor_decide(stage: Stage, wattbook: Run, where: tuple[Any, ...]) -> None:
    claim = ("--import", "1", "--export", "2.3")
    assert wattbook("dispute", "open", *where, *claim, by=BEN, status=3)["code"] == "not-account-owner"
    file(stage, wattbook, where)
    refused = wattbook("dispute", "decide", *where, "--uphold", by=ANA, status=3)
    assert refused["code"] == "access-managed-unauthorized"


@pytest.mark.parametrize(
    "words",
    [(), ("--uphold", "--reject"), ("--import", "1"), ("--reject", "--import", "1", "--export", "2")],
)
def test_a_decision_names_one_thing(wattbook: Run, words: tuple[str, ...]) -> None:
    refused = wattbook("dispute", "decide", 1, "--period", 5, *words, by=OPERATOR, status=2)
    assert refused["code"] == "decision-unclear"
