# SPDX-License-Identifier: MIT
"""The invariants of design section 11 on the model, over random days of two connected areas.

Each `invariant_N_…` is the section's. Number 9 is tests/contracts/test_against_model.py, 10 is about gas.
"""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.wattbook.model.scenario import AREA, CALENDAR, CARRIER, FIRST, Play
from wattbook.model import Refused, Terms
from wattbook.model.book import Book
from wattbook.model.energy import Energy, Registers
from wattbook.model.order_book import VENUE
from wattbook.model.oversight import Way
from wattbook.orders import Kind, Order, OrderRef

ABROAD = 2
HOMES = {"Ana": AREA, "Ben": AREA, "Cem": AREA, "Dan": ABROAD, "Eva": ABROAD}
TERMS = Terms(3_200, 800, 120, 80, export_capacity_wh=40_000, inbound_capacity_wh=20_000)
TERMS_ABROAD = {ABROAD: Terms(3_000, 700, 0, 30, export_capacity_wh=40_000, inbound_capacity_wh=20_000)}
CAPACITY = 6_000
LIMIT_WH = 10_000

names = st.sampled_from(list(HOMES))
areas = st.sampled_from([AREA, AREA, ABROAD])
sides = st.sampled_from([0, 1])
prices = st.one_of(st.integers(1_500, 1_520), st.integers(0, 3_400))
energies = st.one_of(st.integers(10, 60), st.integers(1, 5_000))
kinds = st.sampled_from([Kind.LIMIT, Kind.LIMIT, *Kind])
cash = st.integers(0, 5_000_000)
flags = st.booleans()
meter = st.tuples(st.integers(0, LIMIT_WH), st.integers(0, LIMIT_WH))


def tried(call: Callable[[], Any]) -> Any:
    """What the rules allow; None if they refuse."""
    try:
        return call()
    except Refused:
        return None


class Days(RuleBasedStateMachine):
    """One period is traded after the other; all that is settled may still be corrected."""

    def __init__(self) -> None:
        super().__init__()
        self.play = Play(TERMS, list(HOMES), homes=HOMES, terms_abroad=TERMS_ABROAD)
        self.play.connect(AREA, ABROAD, 60, CAPACITY)
        self.play.connect(ABROAD, AREA, 40, CAPACITY)
        self.model = self.play.community
        self.tokens = self.model.vault.entrusted()
        self.settled_with: dict[tuple[int, int, int], tuple[int, ...]] = {}
        self.handed_out = FIRST - 1  # up to this period nothing is corrected any more

    # --- what happens ------------------------------------------------------------------------------------

    @rule(name=names, amount=cash)
    def deposit(self, name: str, amount: int) -> None:
        self.play.deposit(name, amount)
        self.tokens += amount

    @rule(name=names, thief=names, amount=cash)
    def withdraw(self, name: str, thief: str, amount: int) -> None:
        """Only the owner can."""
        account, before = self.play.accounts[name], self.model.vault.holding(self.play.accounts[name]).balance
        tried(lambda: self.model.vault.withdraw(account, thief, amount))
        taken = before - self.model.vault.holding(account).balance
        assert not taken or name == thief
        self.tokens -= taken

    @rule(name=names, area=areas, side=sides, price=prices, wh=energies, kind=kinds)
    def place(self, name: str, area: int, side: int, price: int, wh: int, kind: Kind) -> None:
        market, account = self.play.market_of(area), self.play.accounts[name]
        order = Order(account, *market, side, kind, False, price, wh, 57_599, 0, 0)
        books, now = self.model.order_book, self.play.open_time()
        own = list(books.books[market].entries_of(account)) if market in books.books else []
        before = self.model.vault.entrusted()
        entered = tried(lambda: books.place(order, name, now, own))
        assert self.model.vault.entrusted() == before
        if entered and kind == Kind.FILL_OR_KILL:
            assert entered.traded_wh == wh
        if entered and kind == Kind.POST_ONLY:
            assert not entered.takes

    @precondition(lambda self: self.books())
    @rule(data=st.data())
    def leave(self, data: Any) -> None:
        """An order is cancelled by its owner, or collected."""
        market, book = data.draw(st.sampled_from(self.books()))
        refs = [ref for ref, _ in book.entries()]
        if refs:
            ref = data.draw(st.sampled_from(refs))
            owner = self.model.vault.holding(book.entry(ref).account).owner
            tried(lambda: self.model.order_book.cancel(market, ref, owner))
            self.model.order_book.collect(market, [ref])

    @rule(name=names, until=st.sampled_from([0, 10**10]))
    def suspend(self, name: str, until: int) -> None:
        self.model.oversight.suspend(self.play.accounts[name], until)
        tried(lambda: self.model.oversight.end_suspension(self.play.accounts[name], 10**10))

    @rule(area=areas)
    def halt(self, area: int) -> None:
        """Exits go on as ever: nothing that follows asks for it."""
        for pot in list(self.model.vault.pots):
            if pot.venue == VENUE and pot.key >> 8 == area:
                self.model.vault.close_pot(pot, self.play.open_time() + 1)

    @rule(readings=st.fixed_dictionaries(dict.fromkeys(HOMES, meter)), lower=flags, void=flags)
    def settle(self, readings: dict[str, tuple[int, int]], lower: bool, void: bool) -> None:
        """Delivery and settlement; the backstops can pay."""
        play = self.play
        for market, _ in self.books():
            if void and market.area == ABROAD:
                self.model.oversight.void(market)
        wealth = sum(play.wealths().values()) + sum(self.model.vault.pots.values())
        self._claim_all()
        self._invariant_4_bought_is_sold_in_every_period()
        if lower:
            for account in play.accounts.values():
                self.model.settlement.lower_lock(account, CARRIER, play.period, 10**10)
        play.meter(readings)
        play.settle()
        for area in play.areas:
            tried(lambda: self.model.settlement.pay_fees(play.market_of(area)))  # noqa: B023
        assert sum(play.wealths().values()) + sum(self.model.vault.pots.values()) == wealth
        self._note_what_was_settled()
        play.next_period()

    def _claim_all(self) -> None:
        now = CALENDAR.starts_at(self.play.period)
        for market, book in self.books():
            refs = [ref for ref, _ in book.entries()] + [OrderRef(tick, 0) for tick in book.open_levels]
            self.model.order_book.claim(market, refs, self.play.accounts.values(), now)

    @precondition(lambda self: self.play.period > self.handed_out + 1)
    @rule(data=st.data(), more=st.tuples(st.integers(-900, 900), st.integers(-900, 900)))
    def correct(self, data: Any, more: tuple[int, int]) -> None:
        """A boundary is corrected and both its periods settle the difference."""
        period = data.draw(st.integers(self.handed_out + 1, self.play.period - 1))
        number = data.draw(st.integers(1, len(HOMES)))
        lane = self.model.readings.lanes[number, period]
        registers = Registers(*(max(one + by, 0) for one, by in zip(lane.registers, more, strict=True)))
        before = sum(self.play.wealths().values())
        if tried(lambda: self.model.edits.correct(number, period, registers, CALENDAR.final_at(period)) or 1):
            if period == self.play.period - 1:
                self.play.registers[self.play.names[number - 1]] = tuple(registers)
            account = self.model.registry.point(number).account
            for changed in (period, period + 1):
                now = CALENDAR.final_at(changed)
                tried(lambda: self.model.corrections.settle(account, CARRIER, changed, now))  # noqa: B023
            self._note_what_was_settled()
        assert sum(self.play.wealths().values()) == before

    @rule()
    def hand_out(self) -> None:
        for period in range(self.handed_out + 1, self.play.period):
            self.handed_out = period
            for area in self.play.areas:
                market = self.play.market_of(area)._replace(period=period)
                now, accounts = CALENDAR.corrections_until_at(period), self.play.accounts.values()
                tried(lambda: self.model.certificates.hand_out(market, accounts, now))  # noqa: B023

    # --- what always holds -------------------------------------------------------------------------------

    @invariant()
    def invariant_1_balances_and_pots_are_the_tokens(self) -> None:
        vault = self.model.vault
        assert vault.entrusted() == self.tokens
        assert (
            min(min(vault.pots.values(), default=0), *(one.balance for one in vault.accounts.values())) >= 0
        )

    @invariant()
    def invariant_2_locks_are_what_orders_can_cost(self) -> None:
        needed = sum(_locked_in(book) for market, book in self.model.order_book.books.items())
        assert needed == sum(amount for pot, amount in self.model.vault.pots.items() if pot.venue == VENUE)

    @invariant()
    def invariant_3_no_book_is_crossed(self) -> None:
        for _, book in self.books():
            bid, offer = book.best(offers=False), book.best(offers=True)
            assert bid is None or offer is None or bid < offer

    @invariant()
    def invariant_4_bought_is_sold_in_every_market(self) -> None:
        for _, book in self.books():
            bought = sum(record.bought_wh for record in book.records.values())
            sold = sum(record.sold_wh for record in book.records.values())
            for ref, entry in book.entries():
                filled_wh = book.levels[ref.tick].filled_wh(ref.index)
                bought, sold = bought + filled_wh * (not entry.is_offer), sold + filled_wh * entry.is_offer
            assert bought == sold

    def _invariant_4_bought_is_sold_in_every_period(self) -> None:
        settlement = self.model.settlement
        mine = [settlement.position(one, CARRIER, self.play.period) for one in self.play.accounts.values()]
        assert sum(one.contracted_wh for one in mine) == 0

    @invariant()
    def invariant_5_certificates_are_at_most_what_was_deliverable(self) -> None:
        settlement, certificates = self.model.settlement, self.model.certificates
        for market, minted in certificates.minted.items():
            mine = [one for one in self.play.accounts.values() if one >> 16 == market.area]
            positions = [settlement.position(one, market.carrier, market.period) for one in mine]
            assert minted <= sum(one.deliverable_wh for one in positions)

    @invariant()
    def invariant_6_period_energies_are_the_register_difference(self) -> None:
        readings = self.model.readings
        for point in self.model.registry.points:
            total = Energy(0, 0)
            for period in range(FIRST, self.play.period):
                energy = readings.energy(point, period)
                assert energy is not None
                total = total.plus(energy)
            first, last = (readings.lanes[point.number, one] for one in (FIRST - 1, self.play.period - 1))
            assert total == (
                last.registers.import_wh - first.registers.import_wh,
                last.registers.export_wh - first.registers.export_wh,
            )

    @invariant()
    def invariant_7_what_is_settled_changes_only_by_a_correction(self) -> None:
        for key, noted in self.settled_with.items():
            assert noted == self._settled(key)

    def _note_what_was_settled(self) -> None:
        for key, position in self.model.settlement.positions.items():
            if position.settled:
                self.settled_with[key] = self._settled(key)

    def _settled(self, key: tuple[int, int, int]) -> tuple[int, ...]:
        mine = self.model.settlement.position(*key)
        return (mine.sold_wh, mine.bought_wh, mine.received, mine.paid, mine.locked, *mine.metered)

    @invariant()
    def capacity_is_what_foreign_orders_hold(self) -> None:
        for source, target in ((AREA, ABROAD), (ABROAD, AREA)):
            reserved = self.model.oversight.reserved[Way(source, target, CARRIER, self.play.period)]
            assert 0 <= reserved <= CAPACITY
            held = sum(_held_abroad(book, source, target) for market, book in self.books())
            assert reserved == held

    def books(self) -> list[Any]:
        """Of the present period."""
        found = self.model.order_book.books.items()
        return [(market, book) for market, book in found if market.period == self.play.period]


def _locked_in(book: Book) -> int:
    """The worst that everything in a book can cost: rests by their limits, fills as they are."""
    locked = sum(record.paid + record.locked for record in book.records.values())
    for ref, entry in book.entries():
        charges = book.charges_of(entry.account)
        locked += entry.energy_wh * charges.rest_locks(entry.is_offer, ref.tick)
    return locked


def _held_abroad(book: Book, source: int, target: int) -> int:
    """Energy of foreign accounts that would flow from `source` to `target`: resting, or traded."""

    def flows(account: int, is_offer: bool) -> bool:
        home = account >> 16
        return home != book.area and (source, target) == (
            (home, book.area) if is_offer else (book.area, home)
        )

    held = sum(entry.energy_wh for _, entry in book.entries() if flows(entry.account, entry.is_offer))
    for account, record in book.records.items():
        held += record.sold_wh * flows(account, True) + record.bought_wh * flows(account, False)
    return held


Days.TestCase.settings = settings(
    max_examples=1_000 if os.environ.get("LONG") else 60, stateful_step_count=40, deadline=None
)
TestEveryDayKeepsTheInvariants = Days.TestCase
