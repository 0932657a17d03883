# SPDX-License-Identifier: MIT
"""Device types and the meters on points, by command, on a real chain."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.stage import GATEWAY_ID, METER, Stage, account_of, point_of
from wattbook.ids import device_type_of

pytestmark = pytest.mark.chain

Run = Callable[..., Any]
OPERATOR, REGULATOR, ANA = 0, 0, 6
COARSE = "carlo-gavazzi-em24"


def register(wattbook: Run, *more: object, status: int = 0) -> Any:
    limits = ("--max-import", "4", "--max-export", "0", "--default-import", "0.1")
    whose = ("--account", account_of("Ana"), "--gateway", GATEWAY_ID)
    return wattbook("meter", "register", *whose, *limits, *more, by=OPERATOR, status=status)


def test_a_point_gets_a_meter_once_the_regulator_approved_its_type(stage: Stage, wattbook: Run) -> None:
    refused = register(wattbook, "--device", COARSE, "--refined", status=3)
    assert refused["code"] == "device-type-not-approved"
    assert device_type_of(COARSE).hex() in refused["detail"]
    approve = ("meter", "approve-type", COARSE, "--resolution-wh", 100, "--power")
    assert wattbook(*approve, by=ANA, status=3)["code"] == "access-managed-unauthorized"
    wattbook(*approve, by=REGULATOR)
    assert register(wattbook, "--device", COARSE, status=2)["code"] == "resolution-too-coarse"
    point = register(wattbook, "--device", COARSE, "--refined")["point"]
    shown = wattbook("meter", "show", point)
    assert (shown["deviceType"], shown["resolutionWh"], shown["refined"]) == (
        "0x" + device_type_of(COARSE).hex(),
        100,
        True,
    )


def test_a_withdrawn_type_is_listed_as_such_and_stops_new_points(stage: Stage, wattbook: Run) -> None:
    known = {"model": METER, "resolutionWh": 1, "hasPower": False}
    assert wattbook("meter", "types") == [{**known, "approved": True}]
    wattbook("meter", "withdraw-type", METER, by=REGULATOR)
    assert wattbook("meter", "types") == [{**known, "approved": False}]
    assert register(wattbook, "--device", METER, status=3)["code"] == "device-type-not-approved"


def test_another_meter_stands_on_a_point(stage: Stage, wattbook: Run) -> None:
    wattbook("meter", "approve-type", "sunspec-203", "--resolution-wh", 1, "--power", by=REGULATOR)
    device = ("--device", "sunspec-203", "--resolution-wh", 10, "--refined")
    wattbook("meter", "device", point_of("Ana"), *device, by=OPERATOR)
    shown = wattbook("meter", "show", point_of("Ana"))
    assert (shown["deviceType"], shown["resolutionWh"]) == ("0x" + device_type_of("sunspec-203").hex(), 10)
