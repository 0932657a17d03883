# SPDX-License-Identifier: MIT
"""A later correction settles only the difference; certificates count it; what can't be paid waits alone."""

import pytest

from tests.wattbook.model.scenario import AREA, CALENDAR, CARRIER, FIRST, Play
from wattbook import ids
from wattbook.model import Refused, Terms
from wattbook.model.energy import Energy, Registers, Residual
from wattbook.model.readings import Quality

TERMS = Terms(3_200, 800, export_capacity_wh=20_000)
FINAL = CALENDAR.final_at(FIRST)
OVER = CALENDAR.corrections_until_at(FIRST)
ANA, BEN = 1, 2


def settled() -> Play:
    """Ana sells Ben 1000 at 1900; she exported 1000, he imported 1000."""
    play = Play(TERMS, ["Ana", "Ben"])
    for name in play.names:
        play.deposit(name, 10_000_000)
    play.order("Ana", "offer", 1_900, 1_000)
    play.order("Ben", "bid", 1_900, 1_000)
    play.claim_all()
    play.meter({"Ana": (0, 1_000), "Ben": (1_000, 0)})
    play.settle()
    return play


def correct(play: Play, point: int, import_wh: int, export_wh: int, now: int = FINAL) -> None:
    play.community.edits.correct(point, FIRST, Registers(import_wh, export_wh), now)


def settle(play: Play, name: str, now: int = FINAL) -> bool:
    return play.community.corrections.settle(play.accounts[name], CARRIER, FIRST, now)


def test_only_the_difference_is_settled_and_again_after_each_correction() -> None:
    play = settled()
    before = play.wealths()
    correct(play, ANA, 0, 700)
    assert settle(play, "Ana")
    correct(play, ANA, 0, 1_300)
    assert settle(play, "Ana")
    assert settle(play, "Ana")
    after = play.wealths()
    assert after["Ana"] - before["Ana"] == before["backstop"] - after["backstop"] == 300 * 800
    assert after["Ben"] == before["Ben"]


def test_a_correction_back_to_what_was_settled_costs_nothing() -> None:
    play = settled()
    before = play.wealths()
    correct(play, BEN, 1_800, 0)
    settle(play, "Ben")
    correct(play, BEN, 1_000, 0)
    settle(play, "Ben")
    assert play.wealths() == before


def test_a_correction_that_the_backstop_cannot_pay_waits_alone() -> None:
    play = settled()
    vault, backstop = play.community.vault, ids.backstop_of(AREA)
    vault.withdraw(backstop, "backstop", vault.holding(backstop).balance)
    correct(play, ANA, 0, 2_000)
    correct(play, BEN, 1_500, 0)
    assert not settle(play, "Ana")
    assert settle(play, "Ben")
    assert settle(play, "Ana")  # what Ben paid for his shortage is enough


def test_what_a_correction_takes_beyond_the_balance_is_debt() -> None:
    play = settled()
    play.community.vault.withdraw(play.accounts["Ben"], "Ben", 10_000_000 - 1_900_000)
    correct(play, BEN, 1_200, 0)
    settle(play, "Ben")
    assert play.community.vault.holding(play.accounts["Ben"]).debt == 200 * 3_200


def test_certificates_wait_for_open_corrections_and_count_them() -> None:
    play = settled()
    correct(play, ANA, 0, 700)
    with pytest.raises(Refused, match="CorrectionsOpen"):
        play.hand_out()
    settle(play, "Ana", OVER)
    play.hand_out()
    assert play.community.certificates.owned["Ben", play.market] == 700


def test_after_the_deadline_nothing_is_corrected() -> None:
    play = settled()
    with pytest.raises(Refused, match="PeriodTooOld"):
        correct(play, ANA, 0, 700, OVER)


def test_who_has_not_settled_needs_no_correction() -> None:
    play = settled()
    play.next_period()
    play.meter({})
    play.community.edits.correct(ANA, play.period, Registers(0, 1_100), CALENDAR.final_at(play.period))
    with pytest.raises(Refused, match="NothingToCorrect"):
        play.community.corrections.settle(play.accounts["Ana"], CARRIER, play.period, OVER)


def test_a_corrected_boundary_corrects_both_periods_it_bounds() -> None:
    play = settled()
    play.next_period()
    play.meter({"Ana": (0, 500)})
    play.settle()
    before = play.wealths()
    correct(play, ANA, 0, 900)
    for period in (FIRST, FIRST + 1):
        play.community.corrections.settle(play.accounts["Ana"], CARRIER, period, OVER)
    readings, point = play.community.readings, play.community.registry.point(ANA)
    assert [readings.energy(point, one) for one in (FIRST, FIRST + 1)] == [Energy(0, 900), Energy(0, 600)]
    assert readings.lanes[ANA, FIRST].quality == Quality.CORRECTED
    # 100 Wh short in the first period, 100 Wh more in the second.
    assert play.wealths()["Ana"] - before["Ana"] == -100 * 3_200 + 100 * 800


def test_a_residual_earns_the_lowest_feed_in_and_pays_the_highest_retail_of_its_gap() -> None:
    play = settled()
    later = Terms(3_600, 600, export_capacity_wh=20_000)
    play.community.registry.schedule(AREA, CARRIER, FIRST + 2, later)
    corrections, before = play.community.corrections, play.wealths()
    account = play.accounts["Ana"]
    number = corrections.book_residual(Residual(account, CARRIER, FIRST, FIRST + 3, Energy(10, 500)))
    corrections.settle_residual(number)
    assert play.wealths()["Ana"] - before["Ana"] == 500 * 600 - 10 * 3_600
    with pytest.raises(Refused, match="NothingToSettle"):
        corrections.settle_residual(number)


def test_a_surplus_that_nobody_can_pay_is_set_aside_and_paid_later() -> None:
    play = Play(TERMS, ["Ana"], backstop_cash=0)
    play.meter({"Ana": (0, 1_000)})
    assert play.settle() == []
    settlement, accounts = play.community.settlement, list(play.accounts.values())
    with pytest.raises(Refused, match="TooEarly"):
        settlement.set_aside(play.market, accounts, OVER - 1)
    assert settlement.set_aside(play.market, accounts, OVER) == accounts
    play.hand_out()
    assert play.community.certificates.owned["Ana", play.market] == 1_000
    assert not settle(play, "Ana", OVER)
    play.community.vault.deposit(ids.backstop_of(AREA), 800_000)
    assert settle(play, "Ana", OVER)
    assert play.community.vault.holding(play.accounts["Ana"]).balance == 800_000


def test_readings_that_never_came_count_as_nothing_once_certificates_lapse() -> None:
    play = Play(TERMS, ["Ana"])
    settlement, accounts = play.community.settlement, list(play.accounts.values())
    assert settlement.set_aside(play.market, accounts, OVER) == []
    assert settlement.set_aside(play.market, accounts, CALENDAR.hand_out_until_at(FIRST)) == accounts
    assert play.wealths()["Ana"] == 0
