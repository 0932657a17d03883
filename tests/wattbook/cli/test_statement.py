# SPDX-License-Identifier: MIT
"""What a statement says of corrections and residuals, before and after their money moves."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.stage import (
    AREA,
    BACKSTOP,
    CALENDAR,
    CARRIER,
    FEED_IN,
    MEMBERS,
    RETAIL,
    Stage,
    account_of,
    point_of,
)

pytestmark = pytest.mark.chain

Run = Callable[..., Any]
ENERGIES = [(0, 1_200), (900, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
PUT_UP = AREA << 16 | 1


def rows(stage: Stage, wattbook: Run, last: int | None = None) -> list[dict[str, Any]]:
    where = ("--from", stage.period, "--to", last or stage.period)
    return list(wattbook("statement", account_of("Ana"), *where))


def test_a_correction_that_waits_for_its_backstop_is_shown_apart(
    stage: Stage, wattbook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    chain, owner = stage.chain, stage.chain.people[BACKSTOP]
    stage.place("Ana", "offer", 1_000, 1_900)
    stage.place("Ben", "bid", 1_000, 2_200)
    stage.settle_period(ENERGIES, [1_950 << 16])
    (before,) = rows(stage, wattbook)
    assert before["unsettledUnits"] == 0
    tokens = chain.read("PaymentVault", "withdrawable", PUT_UP) // 10
    chain.send(owner, "PaymentVault", "withdraw", PUT_UP, tokens, owner)
    stage.operate("MeterReadings", "correct", point_of("Ana"), stage.period, 1_000, 2_300, "swapped")
    stage.anyone("Settlement", "settleCorrection", account_of("Ana"), CARRIER, stage.period)
    (waiting,) = rows(stage, wattbook)
    assert (waiting["exportWh"], waiting["cashUnits"]) == (1_300, before["cashUnits"])
    assert waiting["unsettledUnits"] == 100 * FEED_IN
    assert "0.0080000" in wattbook("statement", account_of("Ana"), as_json=False)
    chain.send(owner, "PaymentVault", "deposit", PUT_UP, tokens)
    stage.anyone("Settlement", "settleCorrection", account_of("Ana"), CARRIER, stage.period)
    (after,) = rows(stage, wattbook)
    assert (after["cashUnits"], after["unsettledUnits"]) == (before["cashUnits"] + 100 * FEED_IN, 0)


def test_a_residual_has_a_row_of_its_own(stage: Stage, wattbook: Run) -> None:
    chain, first, last = stage.chain, stage.period, stage.period + 8
    chain.go_to(CALENDAR.ends_at(first))
    stage.read_meters(first - 1, [(1_000, 1_000)] * len(MEMBERS), quality=1)
    for period in range(first, last + 1):
        chain.go_to(CALENDAR.default_from(period))
        stage.anyone("Settlement", "bookDefault", account_of("Ana"), CARRIER, period)
    # By default 100 Wh of import a period; in truth none, and some fed in. Corrections are over for five.
    stage.read_meters(last, [(1_000, 1_900)])
    stage.anyone("MeterReadings", "shareDifference", point_of("Ana"), 64)
    (residual,) = [each for each in rows(stage, wattbook, last) if each["kind"] == "residual"]
    assert (residual["period"], residual["startsAt"]) == (last, CALENDAR.starts_at(first))
    assert (residual["importWh"], residual["exportWh"]) == (-500, 500)
    assert (residual["settled"], residual["cashUnits"]) == (False, None)
    stage.anyone("Settlement", "settleResidual", 1)
    (residual,) = [each for each in rows(stage, wattbook, last) if each["kind"] == "residual"]
    assert (residual["settled"], residual["cashUnits"]) == (True, 500 * FEED_IN + 500 * RETAIL)
