# SPDX-License-Identifier: MIT
"""Random steps until delivery starts, on contracts and model alike.

Hypothesis chooses the rules, a seeded generator the rest.
"""

import copy
from collections.abc import Callable
from random import Random
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.contracts.comparison import Comparison
from tests.contracts.live_community import AREA, CALENDAR, CARRIER, MEMBERS, POINTS, LiveCommunity
from wattbook import ids
from wattbook.model.book import Book
from wattbook.model.community import Community
from wattbook.orders import Kind, Order, OrderRef, Side

seeds = st.integers(0, 2**32)
POINT_COUNT = sum(map(len, POINTS.values()))
LEVY = 120
# A guarantee is 3,200,000 token units.
BACKSTOP_TOKENS = (50_000_000, 50_000_000, 50_000_000, 6_500_000, 100_000)
# Own rests that nobody has: one that never was, one that may be gone.
STRANGE = (OrderRef(1_500, 0), OrderRef(7, 7))


class RandomTrading(RuleBasedStateMachine):
    """`live` is the class's: one chain for all runs, put back before each."""

    live: ClassVar[LiveCommunity]
    snapshot: ClassVar[tuple[str, int]]
    pristine: ClassVar[Community]

    @initialize(seed=seeds)
    def start(self, seed: int) -> None:
        """Every run starts from the same block; the backstop is rich, or can't put up a guarantee."""
        cls, self.rng = type(self), Random(seed)
        cls.live.chain.revert(cls.snapshot)
        cls.snapshot = cls.live.chain.snapshot()
        cls.live.model = copy.deepcopy(cls.pristine)
        self.posted: set[int] = set()
        self.registers = {number: (1_000 * number, 2**28 - 500) for number in range(1, POINT_COUNT + 1)}
        self.instants = iter(instants(cls.live.period))
        for account in self.live.accounts.values():
            self.live.deposit(account, self.rng.choice([60_000, 1_000_000, 9_000_000]))
        self.live.deposit(ids.backstop_of(AREA), self.rng.choice(BACKSTOP_TOKENS))
        self.trade(seed, most=40)

    # --- what the rules look at --------------------------------------------------------------------------

    @property
    def model(self) -> Community:
        return self.live.model

    @property
    def now(self) -> int:
        """When the next transaction comes."""
        return self.live.chain.now + 1

    @property
    def periods(self) -> tuple[int, int]:
        return self.live.period, self.live.period + 1

    def is_after(self, instant: Callable[[int], int]) -> bool:
        return self.now >= instant(self.live.period)

    def is_open(self) -> bool:
        return self.now < CALENDAR.gate_at(self.live.period + 1) + 60

    def book(self, period: int) -> Book | None:
        return self.model.order_book.books.get(self.live.market(period))

    def refs(self, period: int) -> list[OrderRef]:
        book = self.book(period)
        if book is None:
            return []
        # A level that cancels emptied stays open until a page names a place there.
        return [ref for ref, _ in book.entries()] + [OrderRef(tick, 0) for tick in sorted(book.open_levels)]

    def some_refs(self, rng: Random, period: int) -> list[OrderRef]:
        return rng.choices([*self.refs(period), *STRANGE], k=rng.randrange(5))

    def own(self, account: int, period: int) -> list[OrderRef]:
        book = self.book(period)
        return list(book.entries_of(account)) if book else []

    def packed(self, period: int) -> int:
        return ids.pack_market(*self.live.market(period))

    def compare(self, period: int) -> None:
        Comparison(self.live).all_of(period)

    # --- money -------------------------------------------------------------------------------------------

    @rule(seed=seeds)
    def move_money(self, seed: int) -> None:
        rng = Random(seed)
        name = rng.choice(MEMBERS)
        if rng.random() < 0.5:
            self.live.deposit(self.live.accounts[name], rng.choice([1, 77, 30_000, 900_000]))
        else:
            self.live.withdraw(name, rng.choice([0, 3, 50_000, 5_000_000]))
        Comparison(self.live).money()

    # --- trading -----------------------------------------------------------------------------------------

    def random_order(self, rng: Random) -> tuple[str, Order]:
        name = rng.choice(MEMBERS)
        side = rng.choice(list(Side))
        price = rng.randint(1_495, 1_515) if rng.random() < 0.8 else rng.randint(0, 3_300)
        wh = rng.randint(10, 120) if rng.random() < 0.6 else rng.randint(1, 1_500)
        kind = rng.choices(list(Kind)[:2], [8, 1])[0]
        fee = LEVY if rng.random() < 0.97 else LEVY - 21
        period = self.live.period + (rng.random() < 0.3)
        account = self.live.accounts[name]
        return name, Order(account, AREA, CARRIER, period, side, kind, False, price, wh, fee, 0, 0)

    @precondition(lambda self: self.is_open())
    @rule(seed=seeds)
    def trade(self, seed: int, most: int = 12) -> None:
        rng = Random(seed)
        for _ in range(rng.randint(1, most)):
            name, order = self.random_order(rng)
            own = self.own(order.account, order.period) if rng.random() < 0.9 else []
            self.live.place(name, order, own, 100 if rng.random() < 0.9 else 2)
        for period in self.periods:
            self.compare(period)

    @precondition(lambda self: self.is_open())
    @rule(seed=seeds)
    def relay(self, seed: int) -> None:
        """A signed order, its nonce perhaps used up, its time perhaps over."""
        rng = Random(seed)
        name, order = self.random_order(rng)
        nonce = max(self.model.vault.holding(order.account).next_nonce + rng.randint(-1, 4), 0)
        until = self.now - 1 if rng.random() < 0.1 else 0
        values = {field.attribute: getattr(order, field.attribute) for field in Order.FIELDS}
        signed = Order(**{**values, "nonce": nonce, "valid_until": until})
        self.live.place_signed(name, signed, self.own(order.account, order.period), 100)
        self.compare(order.period)

    @precondition(lambda self: self.is_open())
    @rule(seed=seeds)
    def cancel(self, seed: int) -> None:
        """Directly or signed; sometimes what is gone, sometimes another's."""
        rng = Random(seed)
        period = rng.choice(self.periods)
        book = self.book(period)
        if book is None:
            return
        ref = rng.choice([*self.refs(period), STRANGE[0]])
        account = book.account_at(ref)
        thief = account is None or rng.random() < 0.1
        name = MEMBERS[0] if thief or account is None else self.live.person_of(account)
        if rng.random() < 0.5:
            self.live.cancel_signed(name, period, ref, account or self.live.accounts[name])
        else:
            self.live.cancel(name, period, ref)
        self.compare(period)

    @rule(seed=seeds)
    def collect_or_return(self, seed: int) -> None:
        rng = Random(seed)
        period = rng.choice(self.periods)
        refs, market, now = self.some_refs(rng, period), self.live.market(period), self.now
        orders = self.model.order_book
        arguments = self.packed(period), [ref.pack() for ref in refs]
        if rng.random() < 0.5:
            self.live.anyone(lambda: orders.collect(market, refs), "OrderBook", "collect", *arguments)
        else:
            returned = lambda: orders.return_rests(market, refs, now)  # noqa: E731
            self.live.anyone(returned, "OrderBook", "returnRests", *arguments)
        self.compare(period)

    @rule(seed=seeds)
    def revoke(self, seed: int) -> None:
        """Seldom: a member may trade no longer; anyone cancels what it has in the book."""
        rng = Random(seed)
        name, period = rng.choice(MEMBERS), rng.choice(self.periods)
        holding = self.model.vault.holding(self.live.accounts[name])
        if rng.random() < 0.3 and holding.buyer:
            self.live.operate("Registry", "revokeAdmission", MEMBERS.index(name))
            self.model.oversight.revoke(self.live.accounts[name])
        refs, market = self.refs(period), self.live.market(period)
        self.live.anyone(
            lambda: self.model.order_book.cancel_not_admitted(market, refs),
            "OrderBook", "cancelNotAdmitted", self.packed(period), [ref.pack() for ref in refs],
        )  # fmt: skip
        self.compare(period)

    @precondition(lambda self: not self.model.oversight.voided and not self.is_after(CALENDAR.starts_at))
    @rule(seed=seeds)
    def void(self, seed: int) -> None:
        """Seldom: a void leaves little to settle."""
        rng = Random(seed)
        period = rng.choice(self.periods)
        if rng.random() < 0.8 or not self.refs(period):
            return
        book = self.live.chain.at["OrderBook"]
        self.live.operate("GridOversight", "voidMarket", book, self.packed(period), "a test")
        self.model.oversight.void(self.live.market(period))

    # --- time --------------------------------------------------------------------------------------------

    @rule()
    def time_goes_on(self) -> None:
        """To the next instant at which something begins or ends."""
        self.live.chain.go_to(next(self.instants, 0))

    def go_to(self, instant: int) -> None:
        if self.now < instant:
            self.live.chain.go_to(instant)


def instants(first: int) -> list[int]:
    """The times at which something begins or ends for either period."""
    found: set[int] = set()
    for period in (first, first + 1):
        found |= {CALENDAR.gate_at(period), CALENDAR.starts_at(period), CALENDAR.ends_at(period)}
        found |= {CALENDAR.final_at(period), CALENDAR.default_from(period)}
        found |= {CALENDAR.corrections_until_at(period), CALENDAR.hand_out_until_at(period)}
    return sorted(found)
