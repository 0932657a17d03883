# SPDX-License-Identifier: MIT
"""The order book's lines, each from a state that is made for it and undone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.gas.community import CALENDAR, Member
from bench.gas.reaches import RECYCLED, WARM
from bench.gas.results import Measured
from bench.gas.trading import TICKS, Market
from wattbook.orders import OrderRef

MAKERS = 100
# An account has at most 64 uncollected orders in a market.
MANY = 60
BEST, SECOND, THIRD = TICKS[:3]


class BookLines:
    """Measures one market of the town that nobody has touched yet."""

    def __init__(self, market: Market, state: str) -> None:
        self._market = market
        self._state = state
        self.sellers, self.buyers = market.area.sellers, market.area.buyers

    def measure_unprepared(self) -> Measured:
        """The dearest order there is: of a place in the ring that nobody ever wrote."""
        gas = self._placed(0, self.sellers[120], SECOND)
        return self._line("place, first in a market, not prepared", gas)

    def measure(self) -> Iterator[Measured]:
        for lines in (self._placing, self._relaying, self._taking, self._claiming):
            yield from lines()
        if self._state == RECYCLED:
            yield from self._cancelling()

    # --- placing -----------------------------------------------------------------------------------------

    def _placing(self) -> Iterator[Measured]:
        last = self.sellers[120]
        yield self._line("place, first in a market", self._placed(0, last, SECOND))
        yield self._line("place, new price level", self._placed(1, last, THIRD))
        yield self._line("place, existing level, second there", self._placed(1, last, SECOND))
        yield self._line("place, existing level, third there", self._placed(2, last, SECOND))
        yield self._line("place, existing level, fourth there", self._placed(3, last, SECOND))

    def _placed(self, before: int, member: Member, tick: int) -> int:
        with self._afresh() as market:
            if before:
                market.relay(market.offers(self.sellers[MAKERS : MAKERS + before], SECOND))
            return market.place(member, market.offer(member, tick, market.energy()))

    # --- relaying ----------------------------------------------------------------------------------------

    def _relaying(self) -> Iterator[Measured]:
        makers = self.sellers[:MAKERS]
        yield self._line("signed orders relayed, at one price", self._relayed([BEST] * MAKERS), MAKERS)
        spread = [TICKS[1 + place % 10] for place in range(len(makers))]
        yield self._line("signed orders relayed, at ten prices", self._relayed(spread), MAKERS)

        yield self._line("place many, of 60, at one price", self._placed_many([BEST] * MANY), MANY)
        spread = [TICKS[1 + place % 10] for place in range(MANY)]
        yield self._line("place many, of 60, at ten prices", self._placed_many(spread), MANY)

    def _placed_many(self, ticks: list[int]) -> int:
        with self._afresh() as market:
            market.relay(market.offers([self.sellers[120]], TICKS[4]))
            owner = self.sellers[0]
            return market.place_many(owner, [market.offer(owner, tick, market.energy()) for tick in ticks])

    def _relayed(self, ticks: list[int]) -> int:
        with self._afresh() as market:
            market.relay(market.offers([self.sellers[120]], TICKS[4]))
            orders = [
                (member, market.offer(member, tick, market.energy()))
                for member, tick in zip(self.sellers[:MAKERS], ticks, strict=True)
            ]
            return market.relay(orders)

    # --- taking ------------------------------------------------------------------------------------------

    def _taking(self) -> Iterator[Measured]:
        yield self._line("take one resting order, all of it", self._taken(1, 0))
        yield self._line("take one resting order, in part", self._taken(1, 10_007))
        yield self._line("take 100 makers on one level, all of it", self._taken(MAKERS, 0))
        yield self._line("take 100 makers, the last in part", self._taken(MAKERS, 10_007))

    def _taken(self, makers: int, left_wh: int) -> int:
        """Takes the best level but for `left_wh`; another level stands behind it."""
        with self._afresh() as market:
            total = self._rest(market, makers)
            taker = self.buyers[0]
            return market.place(taker, market.bid(taker, total - left_wh))

    def _rest(self, market: Market, makers: int) -> int:
        """Wh that rest at the best price."""
        orders = market.offers(self.sellers[:makers], BEST)
        market.relay(market.offers(self.sellers[120:121], SECOND))
        market.relay(orders)
        return sum(order.energy_wh for _, order in orders)

    # --- cancelling --------------------------------------------------------------------------------------

    def _cancelling(self) -> Iterator[Measured]:
        """All that a cancel touches was written this turn, when the order was placed."""
        yield Measured("cancel, the level stays", WARM, self._cancelled(7, 4))
        yield Measured("cancel, the level goes", WARM, self._cancelled(1, 0))

    def _cancelled(self, makers: int, index: int) -> int:
        with self._afresh() as market:
            self._rest(market, makers)
            return market.cancel(self.sellers[index], BEST, index)

    # --- claiming ----------------------------------------------------------------------------------------

    def _claiming(self) -> Iterator[Measured]:
        yield self._line("claim fills, 100 makers' entries", self._claimed(makers=True), MAKERS)
        yield self._line("claim fills, 100 takers' records", self._claimed(makers=False), MAKERS)

    def _claimed(self, makers: bool) -> int:
        with self._afresh() as market:
            orders = market.offers(self.sellers[:MAKERS], BEST)
            takers = self.buyers[:MAKERS]
            energies = [order.energy_wh for _, order in reversed(orders)]
            market.relay(orders)
            market.relay([(m, market.bid(m, wh)) for m, wh in zip(takers, energies, strict=True)])
            market.chain.go_to(CALENDAR.starts_at(market.period))
            refs = [OrderRef(BEST, index) for index in range(MAKERS)] if makers else []
            return market.claim(refs, [] if makers else takers)

    # --- helpers -----------------------------------------------------------------------------------------

    @contextmanager
    def _afresh(self) -> Iterator[Market]:
        """The market as nobody has touched it yet; so no line's figure depends on another line."""
        with self._market.chain.undone():
            yield self._market.afresh()

    def _line(self, operation: str, gas: int, times: int = 1) -> Measured:
        return Measured(operation, self._state, gas, times)
