# SPDX-License-Identifier: MIT
"""`wattbook deploy --prepare`: words that every turn of the ring writes, written before the first.

Why: docs/adr/0022. Anyone may do it, at any time and again: what is written already stays as it is, and costs
little to pass. So a run that was interrupted is begun anew, and areas that joined later are prepared alike.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from wattbook.cli.choices import chain_time
from wattbook.cli.session import Chain, send
from wattbook.cli.terms import terms_by_area
from wattbook.ids import Carrier
from wattbook.keys import Key

# A third of a block of 60 million: others' transactions go on beside it.
PAGE_GAS = 20_000_000
WORD_GAS = 23_000
BASE_GAS = 200_000
TICKS_PER_LEAF = 240
BOOK_WORDS, SETTLEMENT_WORDS = 2, 4  # of a place in the ring, leaves of prices apart

Say = Callable[[str], None]


class Prices(NamedTuple):
    """The ticks between which an area's orders meet, both included."""

    lowest: int
    highest: int

    @property
    def leaves(self) -> int:
        return self.highest // TICKS_PER_LEAF - self.lowest // TICKS_PER_LEAF + 1


class Page(NamedTuple):
    """A call, without its gas: at most `PAGE_GAS`."""

    contract: str
    function: str
    arguments: tuple[int, ...]


def pages(ring_periods: int, area: int, carrier: int, prices: Prices) -> Iterator[Page]:
    """All of the ring, for one area and carrier."""
    for first, count in _cut(ring_periods, SETTLEMENT_WORDS):
        yield Page("Settlement", "prepareAreas", (area, carrier, first, count))
    for first, count in _cut(ring_periods, BOOK_WORDS + prices.leaves):
        yield Page("OrderBook", "prepareMarkets", (area, carrier, first, count, *prices))


def _cut(ring_periods: int, words: int) -> Iterator[tuple[int, int]]:
    """(first, count) of each page; at least one place."""
    most = max((PAGE_GAS - BASE_GAS) // (words * WORD_GAS), 1)
    for first in range(0, ring_periods, most):
        yield first, min(most, ring_periods - first)


async def prepare(chain: Chain, key: Key, say: Say) -> int:
    """Every area and carrier with terms; says each page. Returns the gas. Raises as `send`."""
    wanted = await wanted_pages(chain)
    gas = 0
    for place, page in enumerate(wanted, 1):
        receipt = await send(chain, key, page.contract, page.function, *page.arguments, gas=PAGE_GAS)
        gas += int(receipt["gasUsed"])
        area, carrier, first, count = page.arguments[:4]
        what = f"area {area}, {Carrier(carrier).name.lower()}, places {first} to {first + count - 1}"
        say(f"{place} of {len(wanted)}: {page.contract}, {what}: {receipt['gasUsed']:,} gas")
    return gas


async def wanted_pages(chain: Chain) -> list[Page]:
    """By the terms of the first period that can't be traded yet."""
    calendar = chain.deployment.calendar
    period = calendar.period_of(await chain_time(chain) + calendar.opens_before) + 1
    found: list[Page] = []
    for carrier in Carrier:
        for area, terms in (await terms_by_area(chain, carrier, period)).items():
            prices = Prices(terms["feedInTicks"], terms["retailTicks"])
            found += pages(calendar.ring_periods, area, carrier, prices)
    return found
