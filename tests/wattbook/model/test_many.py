# SPDX-License-Identifier: MIT
"""Lists of orders: all or none, funded together (ADR 15)."""

from dataclasses import replace

import pytest

from tests.wattbook.model.scenario import AREA, CALENDAR, CARRIER, FIRST, Play
from wattbook.model import Refused, Terms
from wattbook.model.order_book import VENUE
from wattbook.orders import Kind, Order, Side

TERMS = Terms(3_200, 800, 0, 0, export_capacity_wh=40_000, inbound_capacity_wh=20_000)


def a_play(**deposits: int) -> Play:
    play = Play(TERMS, list(deposits))
    for name, cash in deposits.items():
        play.deposit(name, cash)
    return play


def order(play: Play, name: str, side: Side, price: int, wh: int, kind: Kind = Kind.LIMIT) -> Order:
    return Order(play.accounts[name], AREA, CARRIER, play.period, side, kind, False, price, wh, 57_599, 0, 0)


def many(play: Play, name: str, *orders: Order) -> list[int]:
    """What each traded."""
    entered = play.community.order_book.place_many(orders, name, CALENDAR.opens_at(play.period + 1))
    return [one.traded_wh for one in entered]


def state(play: Play) -> tuple[int, int, int]:
    """Money in the books, open entries, open markets."""
    model = play.community
    locked = sum(cash for pot, cash in model.vault.pots.items() if pot.venue == VENUE)
    entries = sum(book.open_entries for book in model.order_book.books.values())
    return locked, entries, sum(model.settlement.open_markets.values())


def test_orders_of_many_markets_and_sides_enter_together() -> None:
    play = a_play(Ana=1_000_000, Ben=1_000_000)
    play.order("Ben", "bid", 1_800, 50)
    later = replace(order(play, "Ana", Side.BID, 1_700, 200), period=FIRST + 1)
    mine = order(play, "Ana", Side.BID, 1_500, 100), later, order(play, "Ana", Side.OFFER, 1_800, 80)
    assert many(play, "Ana", *mine) == [0, 0, 50]
    assert state(play) == (50 * 1_800 + 100 * 1_500 + 200 * 1_700 + 80 * 1_400, 4, 2)


def test_one_that_fails_undoes_all() -> None:
    play = a_play(Ana=1_000_000)
    before = state(play)
    mine = order(play, "Ana", Side.BID, 1_500, 100), order(play, "Ana", Side.BID, 3_201, 100)
    with pytest.raises(Refused, match="PriceAboveRetail"):
        many(play, "Ana", *mine)
    assert state(play) == before == (0, 0, 0)


def test_all_are_funded_together_or_none() -> None:
    play = a_play(Ana=299_999)
    mine = [order(play, "Ana", Side.BID, 1_500, 100)] * 2
    with pytest.raises(Refused) as refusal:
        many(play, "Ana", *mine)
    assert (refusal.value.facts["available"], refusal.value.facts["needed"]) == (299_999, 300_000)
    assert state(play) == (0, 0, 0)
    play.deposit("Ana", 1)
    many(play, "Ana", *mine)
    assert state(play) == (300_000, 2, 1)


def test_nobody_places_for_another() -> None:
    play = a_play(Ana=1_000_000, Ben=1_000_000)
    mine = order(play, "Ana", Side.BID, 1_500, 100), order(play, "Ben", Side.BID, 1_500, 100)
    with pytest.raises(Refused, match="NotAccountOwner"):
        many(play, "Ana", *mine)
    assert state(play) == (0, 0, 0)


def test_an_order_that_meets_an_earlier_one_of_the_list_is_refused() -> None:
    play = a_play(Ana=1_000_000)
    mine = order(play, "Ana", Side.BID, 1_500, 100), order(play, "Ana", Side.OFFER, 1_500, 100)
    with pytest.raises(Refused, match="OwnOrderInTheWay"):
        many(play, "Ana", *mine)


def test_no_orders_are_none() -> None:
    play = a_play(Ana=0)
    assert many(play, "Ana") == []
    assert state(play) == (0, 0, 0)
