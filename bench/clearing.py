# SPDX-License-Identifier: MIT
"""The reference model's continuous book beside a plain one: seconds for n orders, median of 7, fills checked.

    python -m bench.clearing [n ...]

Prices 1–1000 ticks, 1–1000 units of 10 Wh, even ids bid, odd offer, each its own member; the seed is 7. The
model runs with levies, owners, records, locks and the own-order rule; a claim of every fill is timed apart.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable

from bench import plain_book
from wattbook.model.book import Book
from wattbook.model.charges import Charges

SIZES = (100, 1_000, 10_000, 100_000)
REACH = {100: 0.0002, 1_000: 0.0015, 10_000: 0.015, 100_000: 0.15}
RUNS = 7
CHARGES = Charges(retail_ticks=3_200, buy_fee_ticks=5, sell_fee_ticks=5)

Row = tuple[int, bool, int, int]


def orders(count: int) -> list[Row]:
    """(id, is_offer, price before fees, Wh)."""
    rng = random.Random(7)
    return [(i, i % 2 == 1, rng.randint(11, 1_010), 10 * rng.randint(1, 1_000)) for i in range(count)]


def by_model(rows: list[Row]) -> Book:
    """The model's book after all orders."""
    book = Book(0, CHARGES)
    book.abroad[1] = CHARGES  # an area holds 65,536 accounts
    for account, is_offer, price, energy_wh in rows:
        book.enter(account, is_offer, price, energy_wh)
    return book


def claim_all(book: Book) -> tuple[int, int]:
    """(bought, sold) over all members, each entry and record claimed."""
    for ref, _ in list(book.entries()):
        book.take_out(ref)
    fills = [book.take_fill(account) for account in book.records]
    return sum(fill.bought_wh for fill in fills), sum(fill.sold_wh for fill in fills)


def folded(rows: list[Row]) -> list[Row]:
    """The same orders as they enter the model's book."""
    return [(i, is_offer, CHARGES.fold(is_offer, price), wh) for i, is_offer, price, wh in rows]


def median_seconds(run: Callable[[], object]) -> float:
    """Median duration of several runs."""
    durations = []
    for _ in range(RUNS):
        start = time.process_time()
        run()
        durations.append(time.process_time() - start)
    return statistics.median(durations)


def measure(count: int) -> str:
    """One row of the table."""
    rows = orders(count)
    plain_rows = folded(rows)
    traded, _ = plain_book.match(plain_rows)
    book = by_model(rows)
    start = time.process_time()
    bought, sold = claim_all(book)
    claimed = time.process_time() - start
    if not bought == sold == traded:
        raise SystemExit(f"{count} orders: bought {bought}, sold {sold}, the plain book traded {traded} Wh")
    plain = median_seconds(lambda: plain_book.match(plain_rows))
    model = median_seconds(lambda: by_model(rows))
    reach = REACH.get(count)
    shown = f"{reach:9.4f}" if reach else " " * 9
    return f"{count:8} {plain:9.4f} {model:9.4f} {shown} {model / plain:6.1f} {claimed:9.4f}  {traded}"


def main() -> None:
    """Prints the table."""
    print(f"{'orders':>8} {'plain':>9} {'model':>9} {'reach':>9} {'ratio':>6} {'claims':>9}  traded Wh")
    for count in map(int, sys.argv[1:] or SIZES):
        print(measure(count))


if __name__ == "__main__":
    main()
