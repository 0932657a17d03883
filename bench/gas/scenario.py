# SPDX-License-Identifier: MIT
"""One run: two periods that are traded, a turn of the ring apart, and the readings of all between them.

In the first nearly every word is written for the first time; in the second the same words are reused.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from bench.gas.book_lines import BookLines
from bench.gas.community import CALENDAR, Area, Community, Member
from bench.gas.life_lines import LifeLines
from bench.gas.reaches import FIRST_USE, RECYCLED
from bench.gas.results import Measured
from bench.gas.trading import RELAYED, TICKS, Market
from wattbook.orders import OrderRef
from wattbook.typeddata import Quality

SIGNED_READINGS = 500
PAGE = 1_000
Say = Callable[[str], None]


class Scenario:
    """`lines` yields what it measures as it goes."""

    def __init__(self, community: Community, say: Say) -> None:
        self.community = community
        self.chain = community.chain
        self._say = say

    def lines(self) -> Iterator[Measured]:
        first = self.community.first_period + 1
        second = first + CALENDAR.ring_periods
        yield from self._traded(first, FIRST_USE, anchor=first + 1)
        for period in range(first + 1, second - 2):
            self._say(f"readings, period {period - first} of {CALENDAR.ring_periods}")
            self._pass(period)
        yield from self._traded(second, RECYCLED, anchor=second + 2)

    # --- a traded period ---------------------------------------------------------------------------------

    def _traded(self, period: int, state: str, anchor: int) -> Iterator[Measured]:
        """Trading comes before the readings of the two earlier periods' ends."""
        town = Trades(Market(self.community, self.community.town, period))
        village = LifeLines(Market(self.community, self.community.village, period), state)
        self.chain.go_to(CALENDAR.starts_at(period - 1) - 600)
        self._say(f"order book, {state}")
        self._anchor(anchor)
        book = BookLines(town.market, state)
        if state == FIRST_USE:
            yield book.measure_unprepared()
            self.community.prepare()
        yield from book.measure()
        village.enter()
        town.trade()
        if state == FIRST_USE:
            self._base(period - 2)
            yield from self._metered(period - 1, state)
        else:
            self._pass(period - 2)
            self._pass(period - 1)
        self._say(f"claims and settlement, {state}")
        village.claim()
        town.claim()
        readings = list(self._metered(period, state))
        if state == RECYCLED:
            yield from readings
        yield from self._own(period + 1, state)
        self.chain.go_to(CALENDAR.final_at(period))
        yield Measured("settle a member, of 1,000", state, town.settle(), len(town.market.area.members))
        village.settle()
        yield from village.lines(readings[0])
        town.market.pay_fees()
        village.market.pay_fees()

    def _anchor(self, period: int) -> None:
        """An order in another market, so that the book's pot is never empty: the usual state."""
        for area in (self.community.town, self.community.village):
            market = Market(self.community, area, period)
            owner = area.sellers[-1]
            market.place(owner, market.offer(owner, TICKS[0], market.energy()))

    # --- readings ----------------------------------------------------------------------------------------

    def _base(self, period: int) -> None:
        self.chain.go_to(CALENDAR.ends_at(period))
        for area, members in self._batches():
            self.community.post(area, members, period, Quality.BASE)

    def _pass(self, period: int) -> None:
        list(self._metered(period, ""))

    def _metered(self, period: int, state: str) -> Iterator[Measured]:
        """Everyone's readings at the period's end: the village's 100, then twice 500 of the town."""
        self.chain.go_to(CALENDAR.ends_at(period))
        for area in (self.community.village, self.community.town):
            for member in area.members:
                self.community.draw_use(member)
        for area, members in self._batches():
            receipt = self.community.post(area, members, period, Quality.MEASURED)
            operation = f"reading, one gateway signature, of {len(members)}"
            if members[-1] != self.community.town.members[-1]:
                yield Measured(operation, state, int(receipt["gasUsed"], 16), len(members))

    def _own(self, period: int, state: str) -> Iterator[Measured]:
        """The village's next readings, of a period without use, as its meters would sign them; undone."""
        village = self.community.village
        with self.chain.undone():
            self.chain.go_to(CALENDAR.ends_at(period))
            receipt = self.community.post_own(village.members, period, Quality.MEASURED)
            count = len(village.members)
            yield Measured(
                f"reading signed by the meter, of {count}", state, int(receipt["gasUsed"], 16), count
            )

    def _batches(self) -> Iterator[tuple[Area, tuple[Member, ...]]]:
        village, town = self.community.village, self.community.town
        yield village, village.members
        for start in range(0, len(town.members), SIGNED_READINGS):
            yield town, town.members[start : start + SIGNED_READINGS]


class Trades:
    """The town trades: 500 offers on eleven levels, all of them bought by 500 bids."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.sellers, self.buyers = market.area.sellers, market.area.buyers
        self._refs: list[OrderRef] = []

    def trade(self) -> None:
        energies = self.market.energies(len(self.sellers))
        ticks = [TICKS[0 if place < 100 else 1 + place % 10] for place in range(len(self.sellers))]
        self.market.relay(
            [
                (m, self.market.offer(m, tick, wh))
                for m, tick, wh in zip(self.sellers, ticks, energies, strict=True)
            ]
        )
        bids = zip(self.buyers, reversed(energies), strict=True)
        self.market.relay([(m, self.market.bid(m, wh)) for m, wh in bids])
        for tick in TICKS:
            self._refs += [OrderRef(tick, index) for index in range(ticks.count(tick))]

    def claim(self) -> None:
        for start, end in pairwise(range(0, len(self._refs) + 1, RELAYED)):
            self.market.claim(self._refs[start:end], self.buyers[start:end])
        self.market.require_closed()

    def settle(self) -> int:
        """Gas of all pages: here one."""
        members = len(self.market.area.members)
        gas = sum(self.market.settle(first, PAGE) for first in range(0, members, PAGE))
        self.market.require_settled()
        return gas
