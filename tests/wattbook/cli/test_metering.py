# SPDX-License-Identifier: MIT
"""Keys, gateways and words about readings, by command, on a real chain."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.stage import CALENDAR, CHAIN_ID, GATEWAY_ID, Stage, point_of
from wattbook.keys import demo_key

pytestmark = pytest.mark.chain

Run = Callable[..., Any]
OPERATOR, ANA = 0, 6
NOBODY = "0x" + 40 * "0"
# Import and export of each member's point.
ENERGIES = [(0, 1_200), (900, 0), (0, 0), (0, 0), (0, 0), (0, 0)]


def settled(stage: Stage) -> None:
    stage.place("Ana", "offer", 1_000, 1_900)
    stage.place("Ben", "bid", 1_000, 2_200)
    stage.settle_period(ENERGIES, [1_950 << 16])


def reading_of(stage: Stage, wattbook: Run, name: str) -> dict[str, Any]:
    where = ("--period", stage.period, "--count", 1)
    return dict(wattbook("meter", "readings", point_of(name), *where)[0])


def test_a_meter_gets_a_key_of_its_own_and_loses_it(stage: Stage, wattbook: Run) -> None:
    point, key = point_of("Ana"), demo_key(26, CHAIN_ID).address
    assert wattbook("meter", "own-key", point, key.lower(), by=OPERATOR)["key"] == key
    assert stage.chain.read("Registry", "meterKey", point) == key
    wattbook("meter", "own-key", point, "none", by=OPERATOR)
    assert stage.chain.read("Registry", "meterKey", point) == NOBODY
    assert wattbook("meter", "own-key", 999, key, by=OPERATOR, status=3)["code"] == "point-unknown"


def test_a_point_moves_to_another_gateway(stage: Stage, wattbook: Run) -> None:
    other = wattbook("meter", "gateway", stage.chain.people[26], by=OPERATOR)["gateway"]
    point = point_of("Ana")
    assert wattbook("meter", "move", point, "--gateway", other, by=OPERATOR)["gateway"] == other
    assert wattbook("meter", "show", point)["gateway"] == other
    refused = wattbook("meter", "move", point, "--gateway", 99, by=OPERATOR, status=3)
    assert refused["code"] == "gateway-unknown"
    assert wattbook("meter", "move", point, "--gateway", 1 << 16, by=OPERATOR, status=2)["code"] == (
        "argument-unusable"
    )


def test_a_gateway_changes_its_key(stage: Stage, wattbook: Run) -> None:
    key = demo_key(26, CHAIN_ID).address
    wattbook("meter", "gateway-key", GATEWAY_ID, key, by=OPERATOR)
    assert stage.chain.read("Registry", "gatewayKey", GATEWAY_ID) == key
    mistyped = wattbook("meter", "gateway-key", GATEWAY_ID, "0x12", by=OPERATOR, status=2)
    assert mistyped["code"] == "address-unreadable"


def test_only_the_operator_says_who_signs(stage: Stage, wattbook: Run) -> None:
    key = demo_key(26, CHAIN_ID).address
    refused = wattbook("meter", "own-key", point_of("Ana"), key, by=ANA, status=3)
    assert refused["code"] == "access-managed-unauthorized"


def test_a_substitute_stands_where_no_reading_came(stage: Stage, wattbook: Run) -> None:
    chain = stage.chain
    chain.go_to(CALENDAR.ends_at(stage.period))
    stage.read_meters(stage.period - 1, [(1_000, 1_000)] * len(ENERGIES), quality=1)
    chain.go_to(CALENDAR.final_at(stage.period))
    chain.mine()
    words = ("meter", "substitute", point_of("Ben"), "--period", stage.period, "--import", "0.75")
    wattbook(*words, by=OPERATOR)
    reading = reading_of(stage, wattbook, "Ben")
    assert (reading["importKwh"], reading["quality"]) == ("0.750", "substituted")
    assert wattbook(*words, by=OPERATOR, status=3)["code"] == "already-metered"


def test_a_correction_replaces_a_reading(stage: Stage, wattbook: Run) -> None:
    settled(stage)
    # Registers began at 1,000 Wh; Ana's stood at 2,200 Wh of export.
    registers = ("--import", "1", "--export", "2.1", "--reason", "two meters were swapped")
    words = ("meter", "correct", point_of("Ana"), "--period", stage.period, *registers)
    assert wattbook(*words, by=ANA, status=3)["code"] == "access-managed-unauthorized"
    wattbook(*words, by=OPERATOR)
    reading = reading_of(stage, wattbook, "Ana")
    assert (reading["exportKwh"], reading["quality"]) == ("1.100", "corrected")
