# SPDX-License-Identifier: MIT
"""The book's rules, one by one, on the model."""

import pytest

from tests.wattbook.model.scenario import Play
from wattbook.model import Refused, Terms
from wattbook.model.book import Book
from wattbook.model.level import Level, MakerFill
from wattbook.orders import Kind, OrderRef

TERMS = Terms(3_200, 800, export_capacity_wh=10_000)
FEES = Terms(3_200, 800, levy_buy_ticks=100, levy_sell_ticks=50, export_capacity_wh=10_000)
RICH = 10**9


def game(terms: Terms = TERMS, *names: str) -> Play:
    play = Play(terms, list(names) or ["Ana", "Ben", "Cem"])
    for name in play.names:
        play.deposit(name, RICH)
    return play


def book(play: Play) -> Book:
    return play.community.order_book.books[play.market]


def refusal(play: Play, *order: object, **more: object) -> str:
    with pytest.raises(Refused) as caught:
        play.order(*order, **more)
    return caught.value.error


def test_an_offer_rests_at_its_limit_plus_the_levy_and_a_bid_at_its_limit_minus_the_levy() -> None:
    play = game(FEES)
    assert play.order("Ana", "offer", 1_500, 2_000).ref == OrderRef(1_550, 0)
    assert play.order("Ben", "bid", 1_600, 800).ref == OrderRef(1_500, 0)


def test_a_trade_is_at_the_resting_price_and_levies_come_on_top() -> None:
    play = game(FEES)
    play.order("Ana", "offer", 1_500, 2_000)
    placed = play.order("Ben", "bid", 2_000, 800)
    assert [tuple(take) for take in placed.takes] == [(1_550, 800)]
    assert placed.locks == 800 * 1_650
    play.claim_all()
    ana, ben = (
        play.community.settlement.position(play.accounts[name], 0, play.period) for name in ("Ana", "Ben")
    )
    assert (ana.received, ana.locked) == (800 * 1_500, 800 * 1_700)
    assert ben.paid == 800 * 1_650
    assert play.community.settlement.area(*play.market).fees == 800 * 150


def test_the_best_price_trades_first_then_the_oldest() -> None:
    play = game(TERMS, "Ana", "Ben", "Cem", "Dan")
    play.order("Ana", "offer", 1_900, 100)
    play.order("Ben", "offer", 1_900, 100)
    play.order("Cem", "offer", 1_800, 100)
    assert [tuple(take) for take in play.order("Dan", "bid", 2_000, 250).takes] == [
        (1_800, 100),
        (1_900, 150),
    ]
    level = book(play).levels[1_900]
    assert [level.filled_wh(index) for index in (0, 1)] == [100, 50]


def test_what_is_below_the_smallest_order_does_not_rest() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    placed = play.order("Ben", "bid", 1_900, 109)
    assert (placed.ref, placed.rest_wh) == (None, 0)


def test_a_resting_rest_stays_however_small() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    play.order("Ben", "bid", 1_900, 99)
    assert book(play).depth(offers=True) == [(1_900, 1)]


def test_immediate_or_cancel_rests_nothing() -> None:
    play = game()
    placed = play.order("Ben", "bid", 1_900, 100, kind=Kind.IMMEDIATE_OR_CANCEL)
    assert (placed.ref, placed.locks) == (None, 0)


def test_a_cancelled_rest_returns_its_lock() -> None:
    play = game()
    ref = play.order("Ana", "offer", 1_900, 100).ref
    assert play.community.vault.holding(play.accounts["Ana"]).balance == RICH - 100 * 1_300
    play.community.order_book.cancel(play.market, ref, "Ana")
    assert play.community.vault.holding(play.accounts["Ana"]).balance == RICH
    assert book(play).depth(offers=True) == []


def test_a_cancelled_order_keeps_what_it_traded() -> None:
    play = game()
    ref = play.order("Ana", "offer", 1_900, 100).ref
    play.order("Ben", "bid", 1_900, 30)
    assert play.community.order_book.cancel(play.market, ref, "Ana") == 70
    assert book(play).records[play.accounts["Ana"]].sold_wh == 30


def test_only_its_owner_cancels_an_order_and_only_once() -> None:
    play = game()
    ref = play.order("Ana", "offer", 1_900, 100).ref
    with pytest.raises(Refused, match="NotAccountOwner"):
        play.community.order_book.cancel(play.market, ref, "Ben")
    play.community.order_book.cancel(play.market, ref, "Ana")
    with pytest.raises(Refused, match="OrderNotLive"):
        play.community.order_book.cancel(play.market, ref, "Ana")


def test_an_own_opposite_order_is_cancelled_before_matching() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    play.order("Ben", "offer", 1_950, 100)
    placed = play.order("Ana", "bid", 2_000, 100)
    assert [tuple(take) for take in placed.takes] == [(1_950, 100)]
    assert book(play).records[play.accounts["Ana"]].offers == 0


def test_an_own_opposite_order_that_is_not_listed_is_in_the_way() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    assert refusal(play, "Ana", "bid", 2_000, 100, own=[]) == "OwnOrderInTheWay"


def test_an_own_opposite_order_beyond_the_limit_stays() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    play.order("Ana", "offer", 2_100, 100)
    play.order("Ana", "bid", 2_000, 100)
    record = book(play).records[play.accounts["Ana"]]
    assert (record.offers, record.lowest_offer) == (1, 2_100)


def test_listing_an_entry_twice_does_not_count_twice() -> None:
    play = game()
    first = play.order("Ana", "offer", 2_100, 100).ref
    play.order("Ana", "offer", 1_900, 100)
    assert refusal(play, "Ana", "bid", 2_000, 100, own=[first, first]) == "OwnOrderInTheWay"
    assert refusal(play, "Ana", "bid", 2_000, 100, own=[first, OrderRef(0, 0), first]) == "OwnOrderInTheWay"


@pytest.mark.parametrize(
    ("order", "error"),
    [
        (("Ben", "bid", 3_201, 100), "PriceAboveRetail"),
        (("Ben", "bid", 99, 100), "FeeAbovePrice"),
        (("Ana", "offer", 57_550, 100), "PriceOutOfRange"),
        (("Ana", "offer", 57_600, 100), "PriceOutOfRange"),
        (("Ana", "offer", 1_900, 9), "EnergyOutOfRange"),
        (("Ben", "bid", 3_200, 8_388_607), "InsufficientBalance"),
    ],
)
def test_what_the_rules_refuse_changes_nothing(order: tuple[str, str, int, int], error: str) -> None:
    play = game(FEES)
    before = play.wealths()
    assert refusal(play, *order) == error
    assert play.wealths() == before
    assert not play.community.order_book.books


def test_an_order_beyond_its_touch_limit_is_refused() -> None:
    play = game()
    for price in (1_800, 1_900, 1_900, 1_900):
        play.order("Ana", "offer", price, 100)
    assert refusal(play, "Ben", "bid", 2_000, 350, max_touches=3) == "TouchLimit"
    assert len(play.order("Ben", "bid", 2_000, 350, max_touches=4).takes) == 2


def test_the_65th_own_order_is_refused() -> None:
    play = game()
    for price in range(64):
        play.order("Ana", "offer", 2_000 + price, 10)
    assert refusal(play, "Ana", "offer", 1_999, 10) == "TooManyOwnOrders"


def test_a_full_level_takes_no_more() -> None:
    full = Book(1, TERMS.charges())
    for number in range(4_096):
        full.enter((1 << 16) + number, True, 1_900, 10)
    with pytest.raises(Refused, match="LevelFull"):
        full.enter((1 << 16) + 5_000, True, 1_900, 10)


def test_a_void_market_returns_every_lock_to_its_own_account() -> None:
    play = game(FEES)
    before = play.wealths()
    play.order("Ana", "offer", 1_500, 2_000)
    play.order("Ben", "bid", 2_000, 800)
    play.order("Cem", "bid", 1_500, 300)
    play.community.oversight.void(play.market)
    play.claim_all()
    after = play.wealths()
    assert {name: after[name] for name in play.names} == {name: before[name] for name in play.names}
    assert play.community.settlement.open_markets[0, play.period] == 0


def test_a_market_closes_when_its_last_open_part_does() -> None:
    play = game()
    play.order("Ana", "offer", 1_900, 100)
    play.order("Ben", "bid", 1_900, 50)
    orders = play.community.order_book
    assert orders.open_parts(play.market) == 2
    now = play.community.calendar.starts_at(play.period)
    orders.claim(play.market, [OrderRef(1_900, 0)], [], now)
    assert (orders.open_parts(play.market), play.community.settlement.open_markets[0, play.period]) == (1, 1)
    orders.claim(play.market, [], [play.accounts["Ben"]], now)
    assert play.community.settlement.open_markets[0, play.period] == 0


def test_a_level_fed_with_events_tells_the_makers_fills() -> None:
    level = Level()
    for account, energy_wh in ((7, 100), (8, 50), (9, 30)):
        level.rest(account, True, energy_wh)
    assert level.advance(0, 60) == [MakerFill(0, 7, True, 60)]
    assert level.cancel(1) == 50
    assert level.advance(2, 10) == [MakerFill(0, 7, True, 40), MakerFill(2, 9, True, 10)]
    assert level.total_wh == 20
    assert level.advance(3, 0) == [MakerFill(2, 9, True, 20)]
    assert level.total_wh == 0
