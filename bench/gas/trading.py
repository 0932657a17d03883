# SPDX-License-Identifier: MIT
"""Orders of one market: drawn by seed, placed directly or by the relay, claimed."""

import random
from collections.abc import Iterable, Sequence
from typing import Any, Self

from bench.gas.chain import Call
from bench.gas.community import CALENDAR, CARRIER, RELAY, SEED, TERMS, Area, Community, Member
from wattbook.ids import FIRST_MEMBER_INDEX
from wattbook.orders import Kind, Order, OrderRef, Side, pack_order

RELAYED = 100
MOST_TOUCHES = 5_000
# Folded prices with the best first, all in one word of the tick bitmap (240 × 8 = 1,920).
TICKS = (1_933, 1_951, 1_970, 1_989, 2_007, 2_026, 2_044, 2_063, 2_081, 2_100, 2_119)
HIGHEST_LIMIT = 2_879


class Market:
    """One area's market of a period. Draws depend on nothing but the seed, the period and the sequence."""

    def __init__(self, community: Community, area: Area, period: int) -> None:
        self.community = community
        self.chain = community.chain
        self.area = area
        self.period = period
        self.id = area.market(period)
        self._random = random.Random(f"{SEED} {area.number} {period}")

    def afresh(self) -> Self:
        """The same market with its draws from the beginning."""
        return type(self)(self.community, self.area, self.period)

    # --- orders ------------------------------------------------------------------------------------------

    def energy(self) -> int:
        return self._random.randrange(20_001, 80_000)

    def energies(self, count: int) -> list[int]:
        return [self.energy() for _ in range(count)]

    def offer(self, member: Member, tick: int, energy_wh: int) -> Order:
        """It rests at the folded price `tick`, or trades with what is better."""
        return self._order(member, Side.OFFER, Kind.LIMIT, tick - TERMS.levy_sell_ticks, energy_wh)

    def offers(self, members: Sequence[Member], tick: int) -> list[tuple[Member, Order]]:
        """One of each member, all at one price."""
        return [(member, self.offer(member, tick, self.energy())) for member in members]

    def bid(
        self, member: Member, energy_wh: int, limit: int = HIGHEST_LIMIT, kind: Kind = Kind.LIMIT
    ) -> Order:
        """By default it meets every offer."""
        return self._order(member, Side.BID, kind, limit, energy_wh)

    def _order(self, member: Member, side: Side, kind: Kind, limit: int, energy_wh: int) -> Order:
        # From one traded period to the next an account's nonce only rises.
        nonce = (self.period - self.community.first_period + 1) * 0x10_1111 + self._random.randrange(0xFFFF)
        until = CALENDAR.gate_at(self.period) + self._random.randrange(1, 99)
        fee = self._random.randrange(257, 999)
        return Order(
            member.account, self.area.number, CARRIER, self.period, side, kind, True, limit, energy_wh, fee,
            nonce, until,
        )  # fmt: skip

    # --- doing -------------------------------------------------------------------------------------------

    def place(self, member: Member, order: Order) -> int:
        """By the member's own transaction. Returns its gas."""
        return self._gas(member.key.address, "OrderBook", "placeOrder", pack_order(order), [], MOST_TOUCHES)

    def place_many(self, member: Member, orders: Sequence[Order]) -> int:
        """All by one transaction of the member. Returns its gas."""
        words = [pack_order(order) for order in orders]
        return self._gas(member.key.address, "OrderBook", "placeMany", words, MOST_TOUCHES)

    def place_all(self, orders: Sequence[tuple[Member, Order]]) -> list[dict[str, Any]]:
        """Each by its member's own transaction. Returns the receipts."""
        return self.chain.send_all(
            [
                Call(m.key.address, "OrderBook", "placeOrder", (pack_order(order), [], MOST_TOUCHES))
                for m, order in orders
            ]
        )

    def relay(self, orders: Sequence[tuple[Member, Order]]) -> int:
        """As signed orders in batches of 100, all of which must enter. Returns the gas of all batches."""
        gas = 0
        skipped = "0x" + self.chain.abis["OrderBook"].topic("OrderSkipped").hex()
        for start in range(0, len(orders), RELAYED):
            batch = b"".join(self.community.signed(m, order) for m, order in orders[start : start + RELAYED])
            receipt = self._send("OrderBook", "placeSigned", batch, MOST_TOUCHES)
            if any(log["topics"][0] == skipped for log in receipt["logs"]):
                raise RuntimeError("the book skipped an order")
            gas += int(receipt["gasUsed"], 16)
        return gas

    def cancel(self, member: Member, tick: int, index: int) -> int:
        ref = OrderRef(tick, index).pack()
        return self._gas(member.key.address, "OrderBook", "cancelOrder", self.id, ref)

    def claim(self, refs: Iterable[OrderRef], members: Iterable[Member]) -> int:
        """Entries and records of takers. Returns the gas."""
        packed, accounts = [ref.pack() for ref in refs], [m.account for m in members]
        return int(self._send("OrderBook", "claim", self.id, packed, accounts)["gasUsed"], 16)

    def settle(self, first: int, count: int) -> int:
        """One page: `count` members from the member at place `first`. Returns the gas."""
        where = (self.area.number, CARRIER, self.period, FIRST_MEMBER_INDEX + first, count)
        return int(self._send("Settlement", "settle", *where)["gasUsed"], 16)

    def pay_fees(self) -> None:
        self._send("Settlement", "payFees", self.id)

    def require_closed(self) -> None:
        """Nothing may be left open, or the words aren't free for the next turn."""
        if not self.chain.read("OrderBook", "marketOf", self.id)["closed"]:
            raise RuntimeError(f"the market of period {self.period} isn't closed")

    def require_settled(self) -> None:
        """Everyone in the area must have settled."""
        state = self.chain.read("Settlement", "areaOf", self.area.number, CARRIER, self.period)
        if not state["settled"] == state["members"] == len(self.area.members):
            raise RuntimeError(f"{state['settled']} of {state['members']} have settled")

    def _send(self, contract: str, function: str, *arguments: Any) -> dict[str, Any]:
        return self.chain.send(self.community.person(RELAY), contract, function, *arguments)

    def _gas(self, sender: str, contract: str, function: str, *arguments: Any) -> int:
        return int(self.chain.send(sender, contract, function, *arguments)["gasUsed"], 16)
