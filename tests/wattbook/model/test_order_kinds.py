# SPDX-License-Identifier: MIT
"""Fill-or-kill, post-only, and the bounds against griefing, on the model."""

import pytest

from tests.wattbook.model.scenario import Play
from wattbook.model import Refused, Terms
from wattbook.orders import Kind, OrderRef

TERMS = Terms(3_200, 800, export_capacity_wh=10_000)


def game(*names: str) -> Play:
    play = Play(TERMS, list(names) or ["Ana", "Ben", "Cem"])
    for name in play.names:
        play.deposit(name, 10**9)
    return play


def refusal(play: Play, *order: object, **more: object) -> str:
    with pytest.raises(Refused) as caught:
        play.order(*order, **more)
    return caught.value.error


def test_fill_or_kill_trades_all_or_nothing() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    play.order("Ana", "offer", 2_000, 100)
    before = play.wealths()
    assert refusal(play, "Ben", "bid", 1_950, 101, kind=Kind.FILL_OR_KILL)
    assert play.wealths() == before
    placed = play.order("Ben", "bid", 2_000, 200, kind=Kind.FILL_OR_KILL)
    assert (list(placed.takes), placed.ref) == ([(1_900, 100), (2_000, 100)], None)


def test_fill_or_kill_does_not_count_own_orders() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    play.order("Ben", "offer", 1_900, 50)
    assert refusal(play, "Ana", "bid", 2_000, 60, kind=Kind.FILL_OR_KILL)
    assert len(play.own("Ana")) == 1


def test_post_only_never_trades() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    assert refusal(play, "Ben", "bid", 1_900, 100, kind=Kind.POST_ONLY)
    assert play.order("Ben", "bid", 1_899, 100, kind=Kind.POST_ONLY).ref == OrderRef(1_899, 0)


def test_post_only_rests_where_only_own_orders_were_in_the_way() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    assert play.order("Ana", "bid", 2_000, 100, kind=Kind.POST_ONLY).ref == OrderRef(2_000, 0)
    assert play.community.order_book.books[play.market].depth(offers=True) == []


def test_a_skipped_head_costs_the_taker_nothing() -> None:
    play = game()
    orders, names = play.community.order_book, ["Ana"] * 6 + ["Cem"]
    refs = [play.order(name, "offer", 1_900, 100).ref for name in names]
    for ref in reversed(refs[:6]):
        orders.cancel(play.market, ref, "Ana")
    # The last cancelled was the head: it made way itself.
    assert refusal(play, "Ben", "bid", 1_900, 50, max_touches=5) == "TouchLimit"
    assert orders.skip(play.market, 1_900, 3) == 3
    assert orders.skip(play.market, 1_900, 99) == 2
    assert orders.skip(play.market, 1_900, 99) == 0
    assert list(play.order("Ben", "bid", 1_900, 50, max_touches=1).takes) == [(1_900, 50)]


def test_cancel_all_takes_only_the_callers_live_orders() -> None:
    play = game()
    refs = [play.order(name, "offer", 1_900, 100).ref for name in ("Ana", "Ben", "Ana")]
    play.order("Cem", "bid", 1_900, 100)
    orders, ana = play.community.order_book, play.accounts["Ana"]
    orders.cancel_all(ana, play.market, [*refs, OrderRef(7, 7)], "Ana")
    with pytest.raises(Refused, match="NotAccountOwner"):
        orders.cancel_all(ana, play.market, refs, "Ben")
    assert play.own("Ana") == [refs[0]]
    assert play.own("Ben") == [refs[1]]
    assert orders.books[play.market].depth(offers=True) == [(1_900, 100)]
