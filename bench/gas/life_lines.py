# SPDX-License-Identifier: MIT
"""The village's whole day in one period: each of 100 members places an order, until everyone has settled."""

from collections.abc import Iterator
from typing import Any

from bench.gas.community import Member
from bench.gas.results import Measured
from bench.gas.trading import HIGHEST_LIMIT, TICKS, Market
from wattbook.orders import Order, OrderRef, unpack_placed


class LifeLines:
    """Half of the members sell, half buy, in a mixed sequence, at eleven prices a side.

    What is counted: entering, claiming and settling; the share of opening and closing the market and of
    reserving and releasing the guarantee; the readings. What isn't: handing out certificates, paying fees.
    """

    def __init__(self, market: Market, state: str) -> None:
        self.market = market
        self.state = state
        self._orders = self._drawn()
        self._refs: list[OrderRef] = []
        self._takers: list[Member] = []
        self._direct = 0
        self._relayed = 0
        self._after = 0

    def enter(self) -> None:
        """Both ways: by the relay, undone; then by each member's own transaction."""
        with self.market.chain.undone():
            self._relayed = self.market.relay(self._orders)
        for (member, _), receipt in zip(self._orders, self.market.place_all(self._orders), strict=True):
            self._direct += int(receipt["gasUsed"], 16)
            self._note(member, receipt)

    def claim(self) -> None:
        self._after += self.market.claim(self._refs, self._takers)
        self.market.require_closed()

    def settle(self) -> None:
        self._after += self.market.settle(0, len(self._orders))
        self.market.require_settled()

    def lines(self, readings: Measured) -> Iterator[Measured]:
        """`readings`: what the village's meters cost that period."""
        for way, gas in (("own transactions", self._direct), ("relayed", self._relayed)):
            total = gas + self._after + readings.gas
            yield Measured(f"whole life of an order, {way}", self.state, total, len(self._orders))

    def _drawn(self) -> list[tuple[Member, Order]]:
        """Every bid reaches every offer: whoever comes second trades, as far as energies meet."""
        market, members = self.market, self.market.area.members
        orders = []
        for place in range(len(members)):
            member = members[place * 37 % len(members)]
            tick, energy = TICKS[place * 7 % len(TICKS)], market.energy()
            limit = HIGHEST_LIMIT - (tick - TICKS[0])
            order = market.offer(member, tick, energy) if member.sells else market.bid(member, energy, limit)
            orders.append((member, order))
        return orders

    def _note(self, member: Member, receipt: dict[str, Any]) -> None:
        """What the receipt's events say of rest and trades."""
        abi = self.market.chain.abis["OrderBook"]
        entered, taken = ("0x" + abi.topic(name).hex() for name in ("OrderPlaced", "LevelTaken"))
        for log in receipt["logs"]:
            if log["topics"][0] == taken and member not in self._takers:
                self._takers.append(member)
            if log["topics"][0] == entered:
                placed = unpack_placed(int(log["data"], 16))
                if placed.ref is not None:
                    self._refs.append(OrderRef.unpack(placed.ref))
