# SPDX-License-Identifier: MIT
"""Random days of two connected areas on the model, with outages, corrections, halts and thieves."""

from collections.abc import Callable, Collection
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.wattbook.model.scenario import AREA, CALENDAR, CARRIER, FIRST, GATEWAY, Play
from wattbook.model import Refused, Terms
from wattbook.model.energy import Energy, Registers
from wattbook.model.order_book import VENUE
from wattbook.orders import Kind, Order, OrderRef
from wattbook.typeddata import Lane, Quality

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
meters = st.fixed_dictionaries(dict.fromkeys(HOMES, meter))
# Who sends nothing: the grid operator's substitute, or None for the default.
outages = st.dictionaries(names, st.one_of(st.none(), meter), max_size=2)
FOREVER = 10**11


def tried(call: Callable[[], Any]) -> Any:
    """What the rules allow; None if they refuse."""
    try:
        return call()
    except Refused:
        return None


class RandomDays(RuleBasedStateMachine):
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

    @rule(readings=meters, lower=flags, void=flags, missing=outages)
    def settle(
        self,
        readings: dict[str, tuple[int, int]],
        lower: bool,
        void: bool,
        missing: dict[str, tuple[int, int] | None],
    ) -> None:
        """Delivery and settlement; the backstops can pay."""
        play = self.play
        away = self._know_again(missing)
        for market, _ in self.books():
            if void and market.area == ABROAD:
                self.model.oversight.void(market)
        wealth = sum(play.wealths().values()) + sum(self.model.vault.pots.values())
        self._claim_all()
        self._invariant_4_bought_is_sold_in_every_period()
        if lower:
            for account in play.accounts.values():
                self.model.settlement.lower_lock(account, CARRIER, play.period, 10**10)
        play.meter(readings, away)
        for name in away:
            self._substitute(name, missing.get(name))
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

    def _substitute(self, name: str, energy: tuple[int, int] | None) -> None:
        number, period = self.play.names.index(name) + 1, self.play.period
        if energy:
            now = CALENDAR.final_at(period)
            self.model.edits.post_substitute(number, period, Energy(*energy), now)
        else:
            self.play.book_default(name)

    def _know_again(self, missing: Collection[str]) -> list[str]:
        """Registers of meters that are back, and their shares; returns who is missing still."""
        play, readings = self.play, self.model.readings
        runs, closed = readings.substitutes.runs, readings.substitutes.closed
        period, before = play.period - 1, sum(play.wealths().values())
        now = CALENDAR.default_from(max(period, self.handed_out))
        if self.handed_out >= FIRST:
            now = max(now, CALENDAR.corrections_until_at(self.handed_out))
        for number in list(closed):
            self._share(number, now)
        for number in list(runs):
            name = play.names[number - 1]
            lane = Lane(number, *play.registers[name], Quality.MEASURED)
            if name not in missing and not readings.post(GATEWAY, period, [lane], now):
                self._share(number, now)
        self._note_what_was_settled()
        assert sum(play.wealths().values()) == before
        return [name for name in play.names if name in missing or play.names.index(name) + 1 in runs]

    def _share(self, number: int, now: int) -> None:
        """What the shares change is settled; what comes too late for that is a residual."""
        run, corrections = self.model.readings.substitutes.closed[number], self.model.corrections
        account, known = self.model.registry.point(number).account, len(corrections.residuals)
        self.model.readings.share(number, now)
        for period in range(run.first, run.last + 1):
            tried(lambda: corrections.settle(account, CARRIER, period, now))  # noqa: B023
        for residual in range(known + 1, len(corrections.residuals) + 1):
            corrections.settle_residual(residual)

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
        """A register that isn't known yet may still come in time for its last period."""
        is_known = not self.model.readings.substitutes.runs
        for period in range(self.handed_out + 1, self.play.period - 1 + is_known):
            self.handed_out = period
            for area in self.play.areas:
                market = self.play.market_of(area)._replace(period=period)
                now, accounts = CALENDAR.corrections_until_at(period), self.play.accounts.values()
                tried(lambda: self.model.certificates.hand_out(market, accounts, now))  # noqa: B023

    @precondition(lambda self: self.model.certificates.minted)
    @rule(data=st.data(), name=names, to=names, wh=energies)
    def use(self, data: Any, name: str, to: str, wh: int) -> None:
        """Certificates are transferred, and retired against the account's own import."""
        certificates, account = self.model.certificates, self.play.accounts[name]
        market = data.draw(st.sampled_from(sorted(certificates.minted)))
        now = CALENDAR.corrections_until_at(market.period)
        tried(lambda: certificates.transfer(to, name, market, wh))
        tried(lambda: certificates.retire(account, name, market, wh, now))
        tried(lambda: certificates.retire(account, name, market, certificates.owned[name, market], now))

    def _note_what_was_settled(self) -> None:
        for key, position in self.model.settlement.positions.items():
            if position.settled:
                self.settled_with[key] = self._settled(key)

    def _settled(self, key: tuple[int, int, int]) -> tuple[int, ...]:
        mine = self.model.settlement.position(*key)
        return (mine.sold_wh, mine.bought_wh, mine.received, mine.paid, mine.locked, *mine.metered)

    def _invariant_4_bought_is_sold_in_every_period(self) -> None:
        settlement = self.model.settlement
        mine = [settlement.position(one, CARRIER, self.play.period) for one in self.play.accounts.values()]
        assert sum(one.contracted_wh for one in mine) == 0

    def books(self) -> list[Any]:
        """Of the present period."""
        found = self.model.order_book.books.items()
        return [(market, book) for market, book in found if market.period == self.play.period]
