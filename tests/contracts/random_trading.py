# SPDX-License-Identifier: MIT
"""Random steps until delivery starts, on contracts and model alike.

Hypothesis chooses the rules, a seeded generator the rest.
"""

import copy
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.contracts.comparison import Comparison
from tests.contracts.live_community import LiveCommunity
from tests.contracts.live_setup import (
    AREA,
    BACKSTOP,
    CALENDAR,
    CARRIER,
    HOMES,
    MEMBERS,
    POINTS,
    TERMS,
    instants,
)
from wattbook import ids
from wattbook.ids import Market
from wattbook.model.book import Book
from wattbook.model.community import Community
from wattbook.model.order_book import market_of, pot_of
from wattbook.orders import Kind, Order, OrderRef, Side

seeds = st.integers(0, 2**32)
POINT_COUNT = sum(map(len, POINTS.values()))
# The greatest fee of an order: a bid's levy at home, and the network fee from abroad.
FEES = (180, 180, 180, 180, 179, 120, 90, 79, 0)
# A guarantee is 3,440,000 token units at home, 875,000 abroad.
BACKSTOP_TOKENS = (50_000_000, 50_000_000, 50_000_000, 7_000_000, 1_000_000, 100_000)
# Own rests that nobody has: one that never was, one that may be gone.
STRANGE = (OrderRef(1_500, 0), OrderRef(7, 7))
# An account of the first area that was never opened.
STRANGER = ids.pack_account(AREA, 999)


class RandomTrading(RuleBasedStateMachine):
    """`live` is the class's: one chain for all runs, put back before each."""

    live: ClassVar[LiveCommunity]
    snapshot: ClassVar[tuple[str, int]]
    pristine: ClassVar[Community]
    first_period: ClassVar[int]

    @initialize(seed=seeds)
    def start(self, seed: int) -> None:
        """Every run starts from the same block; the backstop is rich, or can't put up a guarantee."""
        cls, self.rng = type(self), Random(seed)
        cls.live.chain.revert(cls.snapshot)
        cls.snapshot = cls.live.chain.snapshot()
        cls.live.model = copy.deepcopy(cls.pristine)
        cls.live.period = cls.first_period
        self.posted: set[int] = set()
        self.revoked: set[str] = set()
        self.registers = {number: (1_000 * number, 2**28 - 500) for number in range(1, POINT_COUNT + 1)}
        self.instants = iter(instants(cls.live.period))
        for account in self.live.accounts.values():
            self.live.deposit(account, self.rng.choice([60_000, 1_000_000, 9_000_000]))
        for area in TERMS:
            self.live.deposit(ids.backstop_of(area), self.rng.choice(BACKSTOP_TOKENS))
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

    def some_market(self, rng: Random) -> Market:
        """Mostly the first period's at home."""
        return rng.choices(self.live.markets, [6, 2, 2, 1])[0]

    def book(self, market: Market) -> Book | None:
        return self.model.order_book.books.get(market)

    def refs(self, market: Market) -> list[OrderRef]:
        book = self.book(market)
        if book is None:
            return []
        # A level that cancels emptied stays open until a page names a place there.
        return [ref for ref, _ in book.entries()] + [OrderRef(tick, 0) for tick in sorted(book.open_levels)]

    def some_refs(self, rng: Random, market: Market) -> list[OrderRef]:
        return rng.choices([*self.refs(market), *STRANGE], k=rng.randrange(5))

    def own(self, account: int, market: Market) -> list[OrderRef]:
        book = self.book(market)
        return list(book.entries_of(account)) if book else []

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

    @rule(seed=seeds)
    def limit_debt(self, seed: int) -> None:
        """Mostly by the backstop's owner, mostly of a member."""
        rng, people = Random(seed), self.live.chain.people
        name = rng.choice(MEMBERS)
        person = rng.choice([people[BACKSTOP], people[BACKSTOP], people[BACKSTOP], self.live.owner(name)])
        account = self.live.accounts[name] if rng.random() < 0.9 else STRANGER
        self.live.limit_debt(person, account, rng.choice([0, 1, 40_000, 2_000_000, 2**64 - 1]))
        Comparison(self.live).money()

    # --- trading -----------------------------------------------------------------------------------------

    def random_order(self, rng: Random) -> tuple[str, Order]:
        name, market = rng.choice(MEMBERS), self.some_market(rng)
        if rng.random() < 0.5:
            market = market._replace(area=HOMES[name])
        side = rng.choice(list(Side))
        price = rng.randint(1_495, 1_515) if rng.random() < 0.8 else rng.randint(0, 3_300)
        wh = rng.randint(10, 120) if rng.random() < 0.6 else rng.randint(1, 1_500)
        kind = rng.choices(list(Kind), [8, 1, 1, 1])[0]
        account = self.live.accounts[name]
        return name, Order(account, *market, side, kind, False, price, wh, rng.choice(FEES), 0, 0)

    @precondition(lambda self: self.is_open())
    @rule(seed=seeds)
    def trade(self, seed: int, most: int = 12) -> None:
        rng = Random(seed)
        for _ in range(rng.randint(1, most)):
            if rng.random() < 0.1:
                self.trade_together(rng)
                continue
            name, order = self.random_order(rng)
            own = self.own(order.account, market_of(order)) if rng.random() < 0.9 else []
            owner = name if rng.random() < 0.98 else rng.choice(MEMBERS)
            self.live.place(owner, order, own, 100 if rng.random() < 0.9 else 2)
        for period in self.periods:
            self.compare(period)

    def trade_together(self, rng: Random) -> None:
        """All or none, so that most are such as enter; seldom somebody else's are among them."""
        orders = [self.random_order(rng)[1] for _ in range(rng.randrange(6))]
        name, side = rng.choice(MEMBERS), rng.choice(list(Side))
        if rng.random() < 0.9:
            orders = [replace(order, account=self.live.accounts[name]) for order in orders]
        if rng.random() < 0.8:
            likely = {"side": side, "kind": Kind.LIMIT, "max_fee_ticks": FEES[0]}
            orders = [replace(order, **likely, energy_wh=rng.randint(10, 90)) for order in orders]
        self.live.place_many(name, orders, 100 if rng.random() < 0.9 else 2)

    @precondition(lambda self: self.is_open())
    @rule(seed=seeds)
    def relay(self, seed: int) -> None:
        """A signed order, its nonce perhaps used up, its time perhaps over."""
        rng = Random(seed)
        name, order = self.random_order(rng)
        nonce = max(self.model.vault.holding(order.account).next_nonce + rng.randint(-1, 4), 0)
        until = self.now - 1 if rng.random() < 0.1 else 0
        signed = replace(order, nonce=nonce, valid_until=until)
        signer = name if rng.random() < 0.95 else rng.choice(MEMBERS)
        self.live.place_signed(signer, signed, self.own(order.account, market_of(order)), 100)
        self.compare(order.period)

    @rule(seed=seeds)
    def cancel_up_to(self, seed: int) -> None:
        rng = Random(seed)
        name = rng.choice(MEMBERS)
        account = self.live.accounts[name if rng.random() < 0.9 else rng.choice(MEMBERS)]
        nonce = max(self.model.vault.holding(account).next_nonce + rng.randint(-2, 3), 0)
        self.live.cancel_up_to(name, account, rng.choice([nonce, nonce, nonce, 2**28 - 1]))
        Comparison(self.live).money()

    @precondition(lambda self: self.is_open())
    @rule(seed=seeds)
    def cancel(self, seed: int) -> None:
        """Directly or signed; sometimes what is gone, sometimes another's."""
        rng = Random(seed)
        market = self.some_market(rng)
        book = self.book(market)
        if book is None:
            return
        ref = rng.choice([*self.refs(market), STRANGE[0]])
        account = book.account_at(ref)
        thief = account is None or rng.random() < 0.1
        name = MEMBERS[0] if thief or account is None else self.live.person_of(account)
        if rng.random() < 0.5:
            self.live.cancel_signed(name, market, ref, account or self.live.accounts[name])
        else:
            self.live.cancel(name, market, ref)
        self.compare(market.period)

    @rule(seed=seeds)
    def cancel_all(self, seed: int) -> None:
        """A page of one's own, others' and dead orders; seldom somebody else's account."""
        rng = Random(seed)
        name, market = rng.choice(MEMBERS), self.some_market(rng)
        account, refs = self.live.accounts[name], self.some_refs(rng, market)
        owner = self.live.owner(name if rng.random() < 0.9 else rng.choice(MEMBERS))
        arguments = account, ids.pack_market(*market), [ref.pack() for ref in refs]
        self.live.both(
            lambda: self.model.order_book.cancel_all(account, market, refs, owner),
            lambda: self.live.chain.send(owner, "OrderBook", "cancelAll", *arguments),
        )
        self.compare(market.period)

    @rule(seed=seeds)
    def collect_or_return(self, seed: int) -> None:
        rng = Random(seed)
        market, orders, now = self.some_market(rng), self.model.order_book, self.now
        refs = self.some_refs(rng, market)
        arguments = ids.pack_market(*market), [ref.pack() for ref in refs]
        if rng.random() < 0.5:
            self.live.anyone(lambda: orders.collect(market, refs), "OrderBook", "collect", *arguments)
        else:
            returned = lambda: orders.return_rests(market, refs, now)  # noqa: E731
            self.live.anyone(returned, "OrderBook", "returnRests", *arguments)
        self.compare(market.period)

    @rule(seed=seeds)
    def skip(self, seed: int) -> None:
        rng = Random(seed)
        market, most = self.some_market(rng), rng.randrange(4)
        tick = rng.choice([*self.refs(market), STRANGE[1]]).tick
        self.live.anyone(
            lambda: self.model.order_book.skip(market, tick, most),
            "OrderBook", "skip", ids.pack_market(*market), tick, most,
        )  # fmt: skip
        self.compare(market.period)

    @rule(seed=seeds)
    def bar(self, seed: int) -> None:
        """Seldom: a member may trade no longer, or not for now; anyone cancels what it has in the book."""
        rng = Random(seed)
        name, market = rng.choice(MEMBERS), self.some_market(rng)
        account, oversight = self.live.accounts[name], self.model.oversight
        if rng.random() < 0.1 and name not in self.revoked:
            self.revoked.add(name)
            self.live.operate("Registry", "revokeAdmission", MEMBERS.index(name))
            oversight.revoke(account)
        elif rng.random() < 0.2:
            until = self.now + rng.choice([0, 60, 5_000])
            self.live.operate("GridOversight", "suspend", account, until, "a test")
            oversight.suspend(account, until)
        elif rng.random() < 0.6:
            now = self.now
            ended = lambda: oversight.end_suspension(account, now)  # noqa: E731
            self.live.anyone(ended, "GridOversight", "endSuspension", account)
        refs = self.refs(market)
        self.live.anyone(
            lambda: self.model.order_book.cancel_not_admitted(market, refs),
            "OrderBook", "cancelNotAdmitted", ids.pack_market(*market), [ref.pack() for ref in refs],
        )  # fmt: skip
        self.compare(market.period)

    @rule(seed=seeds)
    def halt(self, seed: int) -> None:
        """Seldom, and not for long; exits stay open."""
        rng = Random(seed)
        area, until = rng.choice(list(TERMS)), self.now + rng.choice([10, 100, 1_000])
        if rng.random() < 0.7:
            return
        book = self.live.chain.at["OrderBook"]
        if rng.random() < 0.6:
            self.live.operate("GridOversight", "haltTrading", book, area, CARRIER, until, "a test")
        else:
            until = 0
            self.live.operate("GridOversight", "resumeTrading", book, area, CARRIER, "a test")
        self.model.vault.close_pot(pot_of(Market(area, CARRIER, 0)), until)
        Comparison(self.live).money()

    @precondition(lambda self: not self.model.oversight.voided and not self.is_after(CALENDAR.starts_at))
    @rule(seed=seeds)
    def void(self, seed: int) -> None:
        """Seldom: a void leaves little to settle."""
        rng = Random(seed)
        market = self.some_market(rng)
        if rng.random() < 0.8 or not self.refs(market):
            return
        arguments = self.live.chain.at["OrderBook"], ids.pack_market(*market), "a test"
        self.live.operate("GridOversight", "voidMarket", *arguments)
        self.model.oversight.void(market)

    # --- time --------------------------------------------------------------------------------------------

    @rule()
    def time_goes_on(self) -> None:
        """To the next instant at which something begins or ends."""
        self.live.chain.go_to(next(self.instants, 0))

    def go_to(self, instant: int) -> None:
        if self.now < instant:
            self.live.chain.go_to(instant)
