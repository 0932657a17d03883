# SPDX-License-Identifier: MIT
"""A metering point moves between gateways: its registers go on, and only its gateway's word counts."""

import pytest

from tests.wattbook.model.scenario import CALENDAR, CARRIER, FIRST, GATEWAY, Play
from wattbook.model import Refused, Terms
from wattbook.typeddata import Lane, Quality

ANA, OTHER = 1, GATEWAY + 1


def post(play: Play, gateway: int, period: int, export_wh: int) -> list[tuple[int, str]]:
    lanes = [Lane(ANA, 0, export_wh, Quality.MEASURED)]
    return play.community.readings.post(gateway, period, lanes, CALENDAR.ends_at(period))


def test_a_point_that_moves_between_two_readings_loses_nothing_and_counts_nothing_twice() -> None:
    play = Play(Terms(3_200, 800, 0, 0, 10_000, 10_000), ["Ana"])
    assert post(play, GATEWAY, FIRST, 70) == []
    assert post(play, OTHER, FIRST + 1, 90) == [(ANA, "WrongGateway")]
    play.community.registry.move_point(ANA, OTHER)
    assert post(play, GATEWAY, FIRST + 1, 95) == [(ANA, "WrongGateway")]
    assert post(play, OTHER, FIRST, 71) == [(ANA, "AlreadyKnown")]
    assert post(play, OTHER, FIRST + 1, 100) == []
    metered = [
        play.community.readings.metered(play.accounts["Ana"], CARRIER, period, CALENDAR.final_at(period))
        for period in (FIRST, FIRST + 1)
    ]
    assert metered == [(0, 70), (0, 30)]


def test_a_point_that_nobody_registered_moves_nowhere() -> None:
    play = Play(Terms(3_200, 800, 0, 0, 10_000, 10_000), ["Ana"])
    with pytest.raises(Refused, match="PointUnknown"):
        play.community.registry.move_point(2, OTHER)
