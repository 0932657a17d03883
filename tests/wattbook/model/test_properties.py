# SPDX-License-Identifier: MIT
"""The invariants of design section 11, on the model, over random days."""

import os
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.wattbook.model.scenario import Play
from wattbook.model import Refused, Terms
from wattbook.model.level import Level
from wattbook.orders import Kind, OrderRef

NAMES = ["Ana", "Ben", "Cem", "Dan"]
TERMS = Terms(3_200, 800, levy_buy_ticks=120, levy_sell_ticks=80, export_capacity_wh=40_000)
CHARGES = TERMS.charges()

names = st.sampled_from(NAMES)
sides = st.sampled_from(["bid", "offer"])
prices = st.one_of(st.integers(1_500, 1_520), st.integers(0, 3_400))
energies = st.one_of(st.integers(10, 60), st.integers(1, 5_000))
kinds = st.sampled_from([Kind.LIMIT, Kind.LIMIT, Kind.IMMEDIATE_OR_CANCEL])
meter = st.tuples(st.integers(0, 6_000), st.integers(0, 6_000))


class Trading(RuleBasedStateMachine):
    """Members trade one period after another; each is metered and settled before the next."""

    def __init__(self) -> None:
        super().__init__()
        self.play = Play(TERMS, NAMES)
        self.levels: dict[int, Level] = {}  # fed by what the chain's events would say
        self.deposited = self.play.community.vault.entrusted()

    @property
    def book(self) -> Any:
        return self.play.community.order_book.books.get(self.play.market)

    @rule(name=names, cash=st.integers(0, 5_000_000))
    def deposit(self, name: str, cash: int) -> None:
        self.play.deposit(name, cash)
        self.deposited += cash

    @rule(name=names, cash=st.integers(0, 5_000_000))
    def withdraw(self, name: str, cash: int) -> None:
        try:
            self.play.community.vault.withdraw(self.play.accounts[name], name, cash)
        except Refused:
            return
        self.deposited -= cash

    @rule(name=names, side=sides, price=prices, wh=energies, kind=kinds)
    def place(self, name: str, side: str, price: int, wh: int, kind: Kind) -> None:
        own = self.play.own(name)
        try:
            placed = self.play.order(name, side, price, wh, kind)
        except Refused:
            return
        self._follow(name, side, own, placed)

    def _follow(self, name: str, side: str, own: list[OrderRef], placed: Any) -> None:
        left = set(own) - set(self.play.own(name))
        for ref in left:
            self.levels[ref.tick].cancel(ref.index)
        for tick, energy_wh in placed.takes:
            truth = self.book.levels[tick]
            fills = self.levels[tick].advance(truth.head, truth.head_filled_wh)
            assert sum(fill.energy_wh for fill in fills) == energy_wh
            assert self.play.accounts[name] not in {fill.account for fill in fills}
        if placed.ref is not None:
            level = self.levels.setdefault(placed.ref.tick, Level())
            index = level.rest(self.play.accounts[name], side == "offer", placed.rest_wh)
            assert index == placed.ref.index

    @precondition(lambda self: self.book and self.book.open_entries)
    @rule(data=st.data())
    def cancel_or_collect(self, data: Any) -> None:
        ref, entry = data.draw(st.sampled_from(list(self.book.entries())))
        owner = NAMES[(entry.account & 0xFFFF) - 16]
        orders = self.play.community.order_book
        if self.book.is_live(ref):
            orders.cancel(self.play.market, ref, owner)
        else:
            orders.collect(self.play.market, [ref])
        self.levels[ref.tick].cancel(ref.index)

    @rule(readings=st.fixed_dictionaries(dict.fromkeys(NAMES, meter)), lower=st.booleans())
    def settle(self, readings: dict[str, tuple[int, int]], lower: bool) -> None:
        play, settlement = self.play, self.play.community.settlement
        play.claim_all()
        bought, sold = self._positions()
        assert bought == sold
        before = play.wealths()
        escrow = self._escrow()
        if lower:
            for account in play.accounts.values():
                settlement.lower_lock(account, 0, play.period, play.community.calendar.starts_at(play.period))
        play.meter(readings)
        self._settle(before, escrow)
        self.levels = {}
        play.next_period()

    def _settle(self, before: dict[str, int], escrow: int) -> None:
        play, settlement = self.play, self.play.community.settlement
        play.settle()
        if not settlement.is_settled(0, play.period):
            return  # a surplus waits for the backstop's money
        settlement.pay_fees(play.market)
        assert sum(play.wealths().values()) == sum(before.values()) + escrow
        assert self._escrow() == 0
        self._expect_certificates()

    def _escrow(self) -> int:
        return self.play.community.vault.pots[self.play.community.settlement.pot_of(self.play.market)]

    def _positions(self) -> tuple[int, int]:
        settlement, accounts = self.play.community.settlement, self.play.accounts.values()
        positions = [settlement.position(account, 0, self.play.period) for account in accounts]
        return sum(one.bought_wh for one in positions), sum(one.sold_wh for one in positions)

    def _expect_certificates(self) -> None:
        play = self.play
        play.hand_out()
        owned = play.community.certificates.owned
        minted = sum(wh for (_, market), wh in owned.items() if market == play.market)
        positions = [
            play.community.settlement.position(account, 0, play.period) for account in play.accounts.values()
        ]
        assert minted <= sum(position.deliverable_wh for position in positions)

    @invariant()
    def the_book_is_not_crossed(self) -> None:
        if self.book:
            bid, offer = self.book.best(offers=False), self.book.best(offers=True)
            assert bid is None or offer is None or bid < offer

    @invariant()
    def bought_is_sold(self) -> None:
        if self.book:
            fills = list(self.book.records.values())
            bought, sold = sum(fill.bought_wh for fill in fills), sum(fill.sold_wh for fill in fills)
            for ref, entry in self.book.entries():
                filled_wh = self.book.levels[ref.tick].filled_wh(ref.index)
                bought, sold = bought + filled_wh * (not entry.is_offer), sold + filled_wh * entry.is_offer
            assert bought == sold

    @invariant()
    def money_only_moves(self) -> None:
        assert self.play.community.vault.entrusted() == self.deposited

    @invariant()
    def levels_fed_by_events_are_the_books(self) -> None:
        for tick, level in self.levels.items():
            truth = self.book.levels[tick]
            assert level.total_wh == truth.total_wh
            assert [level.unfilled_wh(i) for i in range(len(level))] == [
                truth.unfilled_wh(i) for i in range(len(truth))
            ]

    @invariant()
    def locks_are_what_orders_can_cost(self) -> None:
        if not self.book:
            return
        needed = sum(self.book.levels[tick].total_wh * CHARGES.buying_costs(tick) for tick in self.book.bids)
        for tick, wh in self.book.depth(offers=True):
            needed += wh * CHARGES.rest_locks(True, tick)
        for record in self.book.records.values():
            needed += record.paid + record.locked
        for ref, entry in self.book.entries():
            filled_wh = self.book.levels[ref.tick].filled_wh(ref.index)
            needed += filled_wh * CHARGES.rest_locks(entry.is_offer, ref.tick)
        pot = self.play.community.vault.pots
        assert needed == sum(amount for key, amount in pot.items() if key.venue == "OrderBook")


Trading.TestCase.settings = settings(
    max_examples=1_000 if os.environ.get("LONG") else 60, stateful_step_count=40, deadline=None
)
TestEveryDayKeepsTheInvariants = Trading.TestCase
