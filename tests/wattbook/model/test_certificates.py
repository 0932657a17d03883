# SPDX-License-Identifier: MIT
"""Certificates are transferred, and retired against own metered import; a producer's surplus is its own."""

import pytest

from tests.wattbook.model.scenario import CALENDAR, CARRIER, FIRST, Play
from wattbook.model import Refused, Terms

TERMS = Terms(3_200, 800, export_capacity_wh=20_000)
HAND_OUT = CALENDAR.corrections_until_at(FIRST)


def handed_out() -> Play:
    """Ana exports 1200, sold 1000 to Ben, who imports 700."""
    play = Play(TERMS, ["Ana", "Ben"])
    for name in play.names:
        play.deposit(name, 10_000_000)
    play.order("Ana", "offer", 1_900, 1_000)
    play.order("Ben", "bid", 1_900, 1_000)
    play.claim_all()
    play.meter({"Ana": (0, 1_200), "Ben": (700, 0)})
    play.settle()
    play.hand_out()
    return play


def retire(play: Play, name: str, energy_wh: int, now: int = HAND_OUT) -> None:
    play.community.certificates.retire(play.accounts[name], name, play.market, energy_wh, now)


def refusal(play: Play, name: str, energy_wh: int, now: int = HAND_OUT) -> str:
    with pytest.raises(Refused) as caught:
        retire(play, name, energy_wh, now)
    return caught.value.error


def test_what_a_producer_delivered_beyond_its_contracts_is_its_own() -> None:
    owned = handed_out().community.certificates.owned
    market = (1, CARRIER, FIRST)
    assert (owned["Ben", market], owned["Ana", market]) == (1_000, 200)


def test_retired_is_at_most_own_metered_import() -> None:
    play = handed_out()
    retire(play, "Ben", 400)
    assert refusal(play, "Ben", 301) == "ImportExceeded"
    retire(play, "Ben", 300)
    assert play.community.certificates.owned["Ben", play.market] == 300
    assert refusal(play, "Ana", 1) == "ImportExceeded"


def test_nobody_retires_what_it_does_not_have_or_for_another() -> None:
    play = handed_out()
    certificates = play.community.certificates
    certificates.transfer("Ben", "Ana", play.market, 900)
    assert refusal(play, "Ben", 101) == "InsufficientBalance"
    with pytest.raises(Refused, match="NotAccountOwner"):
        certificates.retire(play.accounts["Ben"], "Ana", play.market, 1, HAND_OUT)
    with pytest.raises(Refused, match="InsufficientBalance"):
        certificates.transfer("Ben", "Ana", play.market, 101)


def test_after_the_periods_words_are_reused_only_transfers_remain() -> None:
    play = handed_out()
    assert refusal(play, "Ben", 1, CALENDAR.reused_from(FIRST)) == "TooLate"
    play.community.certificates.transfer("Ben", "Ana", play.market, 1)


def test_certificates_not_handed_out_in_time_lapse() -> None:
    play = Play(TERMS, ["Ana"])
    play.meter({"Ana": (0, 100)})
    play.settle()
    with pytest.raises(Refused, match="TooLate"):
        play.community.certificates.hand_out(
            play.market, play.accounts.values(), CALENDAR.hand_out_until_at(FIRST)
        )
