# SPDX-License-Identifier: MIT
"""The reference model's continuous book beside a plain one: seconds for n orders, median of 7, fills checked.

    python -m bench.clearing [n ...]

The workload is that of the others: prices and energies 1–1000 from numpy's generator with
seed 7, even ids bid, odd offer, each its own member. Energies are in tens of Wh: no order is smaller;
limits leave room for the fees. The model runs with fees, owners, records and the own-order rule; a claim of
every fill is timed apart. Seconds are the processor's, so that neighbours on the machine count less.
"""

import statistics
import sys
import time
from collections.abc import Callable

from bench import plain_book
from bench.seeded import Generator
from wattbook.model.book import Book
from wattbook.model.charges import Charges

SIZES = (100, 1_000, 10_000, 100_000)
REACH = {100: 0.0002, 1_000: 0.0015, 10_000: 0.015, 100_000: 0.15}
RUNS = 7
FEE = 5
CHARGES = Charges(retail_ticks=3_200, buy_fee_ticks=FEE, sell_fee_ticks=FEE)
GREATEST = {100: 14_073, 1_000: 121_513, 10_000: 1_251_705, 100_000: 12_544_303}

Row = tuple[int, bool, int, int]


def orders(count: int) -> list[Row]:
    """(id, is_offer, price before fees, Wh)."""
    rng = Generator(7)
    prices, energies = rng.integers(1, 1_001, count), rng.integers(1, 1_001, count)
    return [(i, i % 2 == 1, prices[i] + FEE, 10 * energies[i]) for i in range(count)]


def greatest_volume(rows: list[Row]) -> int:
    """The most energy that any single price can trade, fees apart: known for this workload."""
    levels = sorted({price for _, _, price, _ in rows})
    bids, offers = dict.fromkeys(levels, 0), dict.fromkeys(levels, 0)
    for _, is_offer, price, energy_wh in rows:
        (offers if is_offer else bids)[price] += energy_wh
    asked, offered, best = sum(bids.values()), 0, 0
    for price in levels:
        offered += offers[price]
        best = max(best, min(asked, offered))
        asked -= bids[price]
    return best


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
    if greatest_volume(rows) != 10 * GREATEST.get(count, greatest_volume(rows) // 10):
        raise SystemExit(f"{count} orders: not the workload of the others")
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
