# SPDX-License-Identifier: MIT
"""Registers, finality, defaults and late shares, on the model."""

import pytest

from tests.wattbook.model.scenario import CALENDAR, CARRIER, FIRST, GATEWAY, Play
from wattbook.model import Refused, Terms
from wattbook.model.energy import Energy
from wattbook.model.readings import Readings
from wattbook.typeddata import Lane, Quality

TERMS = Terms(3_200, 800, export_capacity_wh=10_000)
ANA = 1
SOON = CALENDAR.ends_at(FIRST)
LATE = CALENDAR.default_from(FIRST + 3)


def measured() -> tuple[Play, Readings]:
    """Ana's point, with registers 0 / 0 where its first period starts."""
    play = Play(TERMS, ["Ana"])
    return play, play.community.readings


def post(
    readings: Readings, period: int, imported: int, exported: int = 0, now: int = LATE
) -> list[tuple[int, str]]:
    return readings.post(GATEWAY, period, [Lane(ANA, imported, exported, Quality.MEASURED)], now)


def test_a_periods_energy_is_the_difference_of_its_registers() -> None:
    play, readings = measured()
    assert post(readings, FIRST, 300, 20) == []
    assert post(readings, FIRST + 1, 450, 20) == []
    assert readings.energy(play.community.registry.point(ANA), FIRST + 1) == Energy(150, 0)


def test_registers_go_round_at_2_to_the_28() -> None:
    play, readings = measured()
    readings.lanes.clear()
    readings.post(GATEWAY, FIRST - 1, [Lane(ANA, 2**28 - 100, 5, Quality.BASE)], LATE)
    assert post(readings, FIRST, 2**28 + 50, 5) == []
    assert readings.energy(play.community.registry.point(ANA), FIRST) == Energy(150, 0)


def test_a_reading_is_final_after_a_while_and_a_base_at_once() -> None:
    play, readings = measured()
    post(readings, FIRST, 300)
    account = play.accounts["Ana"]
    assert readings.metered(account, CARRIER, FIRST - 1, SOON) == Energy(0, 0)
    assert readings.metered(account, CARRIER, FIRST, CALENDAR.final_at(FIRST) - 1) is None
    assert readings.metered(account, CARRIER, FIRST, CALENDAR.final_at(FIRST)) == Energy(300, 0)


@pytest.mark.parametrize(
    ("lane", "reason"),
    [
        (Lane(2, 0, 0, Quality.MEASURED), "PointUnknown"),
        (Lane(ANA, 0, 0, Quality.CORRECTED), "QualityUnknown"),
        (Lane(ANA, 0, 0, Quality.BASE), "NotConsecutive"),
        (Lane(ANA, 10_001, 0, Quality.MEASURED), "AboveLimit"),
    ],
)
def test_a_bad_lane_is_skipped(lane: Lane, reason: str) -> None:
    _, readings = measured()
    assert readings.post(GATEWAY, FIRST, [lane], LATE) == [(lane.point, reason)]


def test_what_another_gateway_reads_is_skipped() -> None:
    _, readings = measured()
    lane = Lane(ANA, 0, 0, Quality.MEASURED)
    assert readings.post(GATEWAY + 1, FIRST, [lane], LATE) == [(ANA, "WrongGateway")]


def test_the_first_measured_wins_and_gaps_are_not_jumped() -> None:
    _, readings = measured()
    post(readings, FIRST, 300)
    assert post(readings, FIRST, 301) == [(ANA, "AlreadyKnown")]
    assert post(readings, FIRST + 2, 400) == [(ANA, "NotConsecutive")]


def test_a_period_in_the_future_or_long_ago_is_refused() -> None:
    _, readings = measured()
    with pytest.raises(Refused, match="PeriodInFuture"):
        post(readings, FIRST, 0, now=SOON - 61)
    with pytest.raises(Refused, match="PeriodTooOld"):
        post(readings, FIRST, 0, now=CALENDAR.corrections_until_at(FIRST))


def test_a_default_is_what_was_bought_or_what_is_registered() -> None:
    play, readings = measured()
    account, point = play.accounts["Ana"], play.community.registry.point(ANA)
    readings.book_default(account, CARRIER, FIRST, 700)
    readings.book_default(account, CARRIER, FIRST + 1, 0)
    assert readings.energy(point, FIRST) == Energy(700, 0)
    assert readings.energy(point, FIRST + 1) == Energy(50, 0)
    assert readings.metered(account, CARRIER, FIRST, SOON) == Energy(700, 0)


def test_a_default_waits_for_the_boundary_before_it() -> None:
    play, readings = measured()
    with pytest.raises(Refused, match="BoundaryMissing"):
        readings.book_default(play.accounts["Ana"], CARRIER, FIRST + 1, 0)
    with pytest.raises(Refused, match="NothingMissing"):
        readings.book_default(play.accounts["Ana"], CARRIER, FIRST - 1, 0)


def test_a_register_known_again_shares_the_difference() -> None:
    play, readings = measured()
    account, point = play.accounts["Ana"], play.community.registry.point(ANA)
    for period, bought in ((FIRST, 300), (FIRST + 1, 100)):
        readings.book_default(account, CARRIER, period, bought)
    assert post(readings, FIRST + 2, 600) == [(ANA, "NotConsecutive")]
    assert post(readings, FIRST + 1, 503, 9) == []
    assert post(readings, FIRST + 2, 600, 9) == []
    readings.share(ANA, LATE)
    assert [readings.energy(point, FIRST + i) for i in range(3)] == [(377, 4), (126, 5), (97, 0)]


def test_a_share_of_a_settled_period_is_a_correction() -> None:
    play, readings = measured()
    account, point = play.accounts["Ana"], play.community.registry.point(ANA)
    readings.book_default(account, CARRIER, FIRST, 300)
    play.community.settlement.settle(play.market, [account], LATE)
    post(readings, FIRST, 350, 10)
    readings.share(ANA, LATE)
    assert readings.energy(point, FIRST) == Energy(350, 10)
    owed = play.community.vault.holding(account).debt
    play.community.corrections.settle(account, CARRIER, FIRST, LATE)
    assert play.community.vault.holding(account).debt - owed == 40 * 3_200
    with pytest.raises(Refused, match="NothingToShare"):
        readings.share(ANA, LATE)


def test_a_share_past_the_time_for_corrections_is_a_residual() -> None:
    play, readings = measured()
    point = play.community.registry.point(ANA)
    readings.book_default(play.accounts["Ana"], CARRIER, FIRST, 300)
    post(readings, FIRST, 350)
    readings.share(ANA, CALENDAR.corrections_until_at(FIRST))
    assert readings.energy(point, FIRST) == Energy(300, 0)
    assert readings.substitutes.residuals[ANA, FIRST] == Energy(50, 0)
    assert play.community.corrections.residuals[0].energy == Energy(50, 0)
