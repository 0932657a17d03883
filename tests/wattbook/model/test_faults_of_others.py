# SPDX-License-Identifier: MIT
"""Faults found in other markets' programs; each is a case that ours must get right."""

from collections.abc import Iterable

from bench.clearing import CHARGES, GREATEST, greatest_volume, orders
from tests.wattbook.model.scenario import AREA, Play
from wattbook.model import Terms
from wattbook.model.book import Book
from wattbook.model.charges import Charges
from wattbook.model.energy import Energy
from wattbook.model.level import Level
from wattbook.orders import OrderRef

FREE = Charges(3_200)
ANA, BEN, CEM, DAN = range(1 << 16, (1 << 16) + 4)
BID, OFFER = False, True


def book_of(rows: Iterable[tuple[int, bool, int, int]], charges: Charges = FREE) -> Book:
    """(account, side, price, Wh), entered in this order."""
    book = Book(AREA, charges)
    for row in rows:
        book.enter(*row)
    return book


def traded(book: Book) -> dict[int, int]:
    """Net Wh per account, fills of resting orders collected."""
    for ref, _ in list(book.entries()):
        book.take_out(ref)
    return {account: record.bought_wh - record.sold_wh for account, record in book.records.items()}


def test_a_tie_at_the_margin_trades() -> None:
    book = book_of([(ANA, BID, 8, 10), (BEN, BID, 5, 10), (CEM, OFFER, 3, 10), (DAN, OFFER, 5, 10)])
    assert traded(book) == {ANA: 10, BEN: 10, CEM: -10, DAN: -10}


def test_two_orders_of_one_member_at_one_price_both_count() -> None:
    book = book_of([(ANA, OFFER, 5, 30), (ANA, OFFER, 5, 40), (BEN, BID, 5, 100)])
    assert traded(book) == {ANA: -70, BEN: 70}


def test_the_partly_filled_marginal_order_keeps_its_part() -> None:
    book = book_of([(ANA, OFFER, 5, 100), (BEN, BID, 5, 63)])
    assert book.depth(offers=True) == [(5, 37)]
    assert traded(book) == {ANA: -63, BEN: 63}


def test_no_order_of_the_workload_is_dropped() -> None:
    rows = orders(1_000)
    assert greatest_volume(rows) == 10 * GREATEST[1_000]
    book = Book(0, CHARGES)
    entered = [book.enter(*row) for row in rows]
    asked, traded_wh = sum(row[3] for row in rows), sum(one.traded_wh for one in entered)
    rested = sum(level.total_wh for level in book.levels.values())
    cut = sum(rest for row, one in zip(rows, entered, strict=True) if (rest := row[3] - one.traded_wh) < 10)
    assert asked - cut - rested == 2 * traded_wh
    assert traded_wh + cut >= greatest_volume(book_rows(rows))


def book_rows(rows: Iterable[tuple[int, bool, int, int]]) -> list[tuple[int, bool, int, int]]:
    """At the prices at which they enter the book."""
    return [(i, is_offer, CHARGES.fold(is_offer, price), wh) for i, is_offer, price, wh in rows]


def test_a_rest_of_nothing_sets_no_price() -> None:
    book = book_of([(ANA, OFFER, 5, 100), (BEN, BID, 5, 100), (CEM, BID, 9, 10)])
    assert (book.best(offers=True), book.best(offers=False)) == (None, 9)
    assert book.depth(offers=True) == []


def test_fees_are_part_of_the_merit_order_and_charged_once() -> None:
    """Cem's offer is the cheaper one before the network fee, Ana's after it."""
    book = Book(AREA, Charges(3_200, sell_fee_ticks=10))
    book.abroad[2] = Charges(3_200, sell_fee_ticks=210)
    book.enter(ANA, OFFER, 1_500, 100)
    book.enter((2 << 16) + 16, OFFER, 1_400, 100)
    entered = book.enter(BEN, BID, 2_000, 150)
    assert list(entered.takes) == [(1_510, 100), (1_610, 50)]
    removed = {ref.tick: book.take_out(ref).fill for ref, _ in list(book.entries())}
    assert (removed[1_510].received, removed[1_610].received) == (100 * 1_500, 50 * 1_400)
    fees = sum(fill.fees(book.charges_of(fill.account)) for fill in removed.values())
    assert fees == entered.value - 100 * 1_500 - 50 * 1_400


def test_partial_overlaps_do_not_count_fills_twice() -> None:
    level = Level()
    for account in (ANA, BEN):
        level.rest(account, OFFER, 100)
    told = [*level.advance(0, 60), *level.advance(1, 20), *level.advance(2, 0)]
    assert [(fill.account, fill.energy_wh) for fill in told] == [(ANA, 60), (ANA, 40), (BEN, 20), (BEN, 80)]


def test_a_partly_filled_order_that_is_cancelled_counts_once() -> None:
    book = book_of([(ANA, OFFER, 5, 100), (BEN, BID, 5, 60)])
    book.take_out(OrderRef(5, 0))
    assert not book.has(OrderRef(5, 0))
    assert traded(book) == {ANA: -60, BEN: 60}


def test_prices_do_not_leak_between_periods_or_areas() -> None:
    terms = Terms(3_200, 800, export_capacity_wh=10_000)
    play = Play(terms, ["Ana", "Ben"])
    for name in play.names:
        play.deposit(name, 10**9)
    play.order("Ana", "offer", 1_500, 100)
    play.next_period()
    placed = play.order("Ben", "bid", 2_000, 100)
    assert (list(placed.takes), placed.rest_wh) == ([], 100)
    assert play.community.settlement.position(play.accounts["Ben"], 0, play.period).metered == Energy(0, 0)
