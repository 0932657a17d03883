# SPDX-License-Identifier: MIT
"""Trading across areas: fees, own retail, capacity in the direction of flow, each imbalance at home."""

import pytest

from tests.wattbook.model.scenario import AREA, Play
from wattbook import ids
from wattbook.ids import Market
from wattbook.model import Refused, Terms
from wattbook.model.oversight import Way
from wattbook.orders import Kind, OrderRef

Y = 2
X_TERMS = Terms(3_200, 800, levy_buy_ticks=100, levy_sell_ticks=50, export_capacity_wh=20_000)
Y_TERMS = Terms(3_000, 700, export_capacity_wh=10_000)
RICH = 10**9


def two_areas(capacity: int = 10_000) -> Play:
    """Ana and Ben at home in X, where they trade; Cem and Dan in Y, from where X costs 200 a Wh more."""
    play = Play(X_TERMS, ["Ana", "Ben", "Cem", "Dan"], homes={"Cem": Y, "Dan": Y}, terms_abroad={Y: Y_TERMS})
    play.connect(Y, AREA, 200, capacity)
    play.connect(AREA, Y, 150, capacity)
    for name in play.names:
        play.deposit(name, RICH)
    return play


def reserved(play: Play, source: int, target: int) -> int:
    return play.community.oversight.reserved[Way(source, target, 0, play.period)]


def refusal(play: Play, *order: object, **more: object) -> str:
    with pytest.raises(Refused) as caught:
        play.order(*order, **more)
    return caught.value.error


def test_the_vector_of_two_areas() -> None:
    play = two_areas()
    before = play.wealths()
    assert play.order("Ana", "offer", 1_500, 2_000).locks == 3_400_000
    assert [
        list(play.order("Ben", "bid", 2_000, 800).takes),
        list(play.order("Cem", "bid", 2_200, 1_000).takes),
    ] == [
        [(1_550, 800)],
        [(1_550, 1_000)],
    ]
    play.claim_all()
    assert play.community.settlement.position(play.accounts["Ana"], 0, play.period).locked == 3_060_000
    play.meter({"Ana": (0, 1_700), "Ben": (900, 0), "Cem": (700, 0)})
    play.settle()
    assert play.community.settlement.pay_fees(play.market) == 470_000
    play.hand_out()
    after = play.wealths()
    assert {name: after[name] - before[name] for name in after} == {
        "Ana": 2_380_000,
        "Ben": -1_640_000,
        "Cem": -1_640_000,
        "Dan": 0,
        "backstop": 640_000,
        "operator": 470_000,
        "backstop 2": -210_000,
        "operator 2": 0,
    }
    owned = play.community.certificates.owned
    assert [owned[name, play.market] for name in ("Ben", "Cem")] == [755, 944]


def test_a_foreign_account_enters_at_its_limit_with_levy_and_network_fee() -> None:
    play = two_areas()
    assert play.order("Cem", "offer", 1_500, 100).ref == OrderRef(1_750, 0)
    assert play.order("Dan", "bid", 1_500, 100).ref == OrderRef(1_200, 0)


def test_own_retail_bounds_a_foreign_bid_and_a_foreign_offers_lock() -> None:
    play = two_areas()
    assert refusal(play, "Cem", "bid", 3_001, 100) == "PriceAboveRetail"
    assert play.order("Cem", "bid", 3_000, 100).locks == 300_000
    assert play.order("Dan", "offer", 2_900, 100).locks == 10_000


def test_an_offer_reserves_into_the_market_and_a_bid_out_of_it() -> None:
    play = two_areas()
    play.order("Cem", "offer", 2_000, 300)
    play.order("Dan", "bid", 1_000, 200)
    play.order("Ana", "offer", 2_500, 900)
    assert (reserved(play, Y, AREA), reserved(play, AREA, Y)) == (300, 200)


def test_an_order_beyond_the_capacity_is_refused_whole_though_part_of_it_would_not_rest() -> None:
    play = two_areas(capacity=500)
    assert refusal(play, "Cem", "bid", 1_000, 501, kind=Kind.IMMEDIATE_OR_CANCEL) == "CapacityExceeded"
    play.order("Cem", "bid", 1_000, 300)
    assert refusal(play, "Dan", "bid", 1_000, 201) == "CapacityExceeded"
    play.order("Dan", "bid", 1_000, 200)


def test_what_does_not_trade_returns_its_capacity() -> None:
    play = two_areas()
    orders = play.community.order_book
    play.order("Ana", "offer", 1_500, 100)
    play.order("Cem", "bid", 2_000, 250, kind=Kind.IMMEDIATE_OR_CANCEL)
    assert reserved(play, AREA, Y) == 100
    ref = play.order("Dan", "bid", 1_500, 40).ref
    assert reserved(play, AREA, Y) == 140
    orders.cancel(play.market, ref, "Dan")
    assert reserved(play, AREA, Y) == 100
    play.order("Dan", "bid", 1_500, 60)
    orders.return_rests(play.market, [OrderRef(1_200, 1)], play.community.calendar.gate_at(play.period))
    assert reserved(play, AREA, Y) == 100


def test_an_own_opposite_order_returns_its_capacity() -> None:
    play = two_areas()
    play.order("Cem", "offer", 1_500, 100)
    play.order("Cem", "bid", 2_500, 70)
    assert (reserved(play, Y, AREA), reserved(play, AREA, Y)) == (0, 70)


def test_a_void_returns_all_capacity() -> None:
    play = two_areas()
    play.order("Ana", "offer", 1_500, 100)
    play.order("Cem", "bid", 2_000, 250)
    play.community.oversight.void(play.market)
    play.claim_all()
    assert (reserved(play, Y, AREA), reserved(play, AREA, Y)) == (0, 0)


def test_an_account_whose_area_is_not_connected_is_refused() -> None:
    play = Play(X_TERMS, ["Ana", "Cem"], homes={"Cem": Y}, terms_abroad={Y: Y_TERMS})
    assert refusal(play, "Cem", "bid", 1_000, 100) == "AreaNotConnected"


def test_a_foreign_order_needs_its_own_areas_guarantee() -> None:
    play = two_areas()
    home = ids.backstop_of(Y)
    play.community.vault.withdraw(home, "backstop", play.community.vault.holding(home).balance)
    assert refusal(play, "Cem", "bid", 1_000, 100) == "InsufficientBalance"
    play.order("Ana", "offer", 1_500, 100)
    assert refusal(play, "Cem", "bid", 1_000, 100) == "InsufficientBalance"
    play.community.vault.deposit(home, Y_TERMS.guarantee())
    play.order("Cem", "bid", 1_000, 100)
    assert play.community.settlement.area(*Market(Y, 0, play.period)).guarantee == Y_TERMS.guarantee()


def test_a_share_cap_bounds_each_side_open_and_traded() -> None:
    terms = Terms(3_200, 800, export_capacity_wh=20_000, share_cap_wh=300)
    play = Play(terms, ["Ana", "Ben"])
    for name in play.names:
        play.deposit(name, RICH)
    play.order("Ana", "offer", 1_500, 200)
    play.order("Ben", "bid", 1_500, 150)
    assert refusal(play, "Ana", "offer", 1_500, 101) == "ShareCapExceeded"
    assert refusal(play, "Ben", "bid", 1_000, 151) == "ShareCapExceeded"
    play.order("Ana", "bid", 1_000, 300)
    play.community.order_book.cancel(play.market, OrderRef(1_500, 0), "Ana")
    play.order("Ana", "offer", 1_500, 150)


def test_a_suspended_account_trades_again_when_its_suspension_was_ended() -> None:
    play = two_areas()
    oversight, account = play.community.oversight, play.accounts["Ana"]
    ref = play.order("Ana", "offer", 1_500, 100).ref
    oversight.suspend(account, 1_000)
    oversight.suspend(account, 2_000)
    assert refusal(play, "Ana", "offer", 1_500, 100) == "NotSeller"
    play.community.order_book.cancel_not_admitted(play.market, [ref])
    assert not play.own("Ana")
    with pytest.raises(Refused, match="SuspensionLasts"):
        oversight.end_suspension(account, 1_999)
    oversight.end_suspension(account, 2_000)
    play.order("Ana", "offer", 1_500, 100)
    with pytest.raises(Refused, match="NotSuspended"):
        oversight.end_suspension(account, 2_000)
