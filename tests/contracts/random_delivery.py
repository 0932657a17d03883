# SPDX-License-Identifier: MIT
"""Random claims, settlements and certificates, on contracts and model alike, and how every run ends."""

from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.contracts.comparison import Comparison
from tests.contracts.live_setup import CALENDAR, CARRIER, HOMES, MEMBERS, TERMS
from tests.contracts.random_metering import RandomMetering
from tests.contracts.random_trading import seeds
from wattbook import ids
from wattbook.ids import Market
from wattbook.orders import OrderRef
from wattbook.typeddata import Lane, Quality

MOST_ACCOUNTS = 256


class RandomDelivery(RandomMetering):
    """Claims, settlement, certificates."""

    # --- claims ------------------------------------------------------------------------------------------

    @precondition(lambda self: self.is_after(CALENDAR.starts_at))
    @rule(seed=seeds)
    def claim(self, seed: int) -> None:
        rng = Random(seed)
        market, accounts = self.some_market(rng), list(self.live.accounts.values())
        if rng.random() < 0.5:
            self.claim_these(market, self.refs(market), accounts)
        else:
            self.claim_these(market, self.some_refs(rng, market), rng.choices(accounts, k=3))

    def claim_these(self, market: Market, refs: list[OrderRef], accounts: list[int]) -> None:
        now, packed = self.now, [ref.pack() for ref in refs]
        self.live.anyone(
            lambda: self.model.order_book.claim(market, refs, accounts, now),
            "OrderBook", "claim", ids.pack_market(*market), packed, accounts,
        )  # fmt: skip
        self.compare(market.period)

    @precondition(lambda self: self.is_after(CALENDAR.starts_at))
    @rule(name=st.sampled_from(MEMBERS), offset=st.integers(0, 1))
    def lower_lock(self, name: str, offset: int) -> None:
        account, period, now = self.live.accounts[name], self.periods[offset], self.now
        self.live.anyone(
            lambda: self.model.settlement.lower_lock(account, CARRIER, period, now),
            "Settlement", "lowerLock", account, CARRIER, period,
        )  # fmt: skip
        self.compare(period)

    # --- settlement --------------------------------------------------------------------------------------

    @precondition(lambda self: self.is_after(CALENDAR.default_from))
    @rule(name=st.sampled_from(MEMBERS), offset=st.integers(0, 1))
    def settle_correction(self, name: str, offset: int) -> None:
        self.settle_difference(self.live.accounts[name], CARRIER, self.periods[offset])

    def settle_difference(self, account: int, carrier: int, period: int) -> None:
        now = self.now
        self.live.anyone(
            lambda: self.model.corrections.settle(account, carrier, period, now),
            "Settlement", "settleCorrection", account, carrier, period,
        )  # fmt: skip
        for known in self.periods:  # an earlier turn's words are gone
            self.compare(known)

    @precondition(lambda self: self.is_after(CALENDAR.ends_at))
    @rule(seed=seeds)
    def settle(self, seed: int) -> None:
        rng = Random(seed)
        page = rng.choice([(0, 256), (0, 256), (0, 17), (17, 2), (18, 9)])
        self.settle_page(self.some_market(rng), page, aside=rng.random() < 0.1)

    def settle_page(self, market: Market, page: tuple[int, int], aside: bool = False) -> None:
        settlement, now = self.model.settlement, self.now
        first, count = page
        numbers = range(max(first, ids.FIRST_MEMBER_INDEX), max(first + count, ids.FIRST_MEMBER_INDEX))
        accounts = [ids.pack_account(market.area, number) for number in numbers]
        function, rule = ("setAside", settlement.set_aside) if aside else ("settle", settlement.settle)
        self.live.anyone(lambda: rule(market, accounts, now), "Settlement", function, *market, first, count)
        self.compare(market.period)

    @rule(number=st.integers(0, 3))
    def settle_residual(self, number: int) -> None:
        self.live.anyone(
            lambda: self.model.corrections.settle_residual(number),
            "Settlement", "settleResidual", number,
        )  # fmt: skip
        for period in self.periods:
            self.compare(period)

    @precondition(lambda self: self.is_after(CALENDAR.final_at))
    @rule(seed=seeds)
    def pay_fees(self, seed: int) -> None:
        self.pay_fees_of(self.some_market(Random(seed)))

    def pay_fees_of(self, market: Market) -> None:
        self.live.anyone(
            lambda: self.model.settlement.pay_fees(market),
            "Settlement", "payFees", ids.pack_market(*market),
        )  # fmt: skip
        self.compare(market.period)

    @precondition(lambda self: self.is_after(CALENDAR.corrections_until_at))
    @rule(seed=seeds)
    def hand_out(self, seed: int) -> None:
        self.hand_out_to(self.some_market(Random(seed)))

    def hand_out_to(self, market: Market) -> None:
        accounts, now = list(self.live.accounts.values()), self.now
        self.live.anyone(
            lambda: self.model.certificates.hand_out(market, accounts, now),
            "Settlement", "handOut", *market, 0, MOST_ACCOUNTS,
        )  # fmt: skip
        Comparison(self.live).certificates(market.period)

    @precondition(lambda self: self.is_after(CALENDAR.corrections_until_at))
    @rule(seed=seeds)
    def use_certificates(self, seed: int) -> None:
        """Transfers some, or retires them against what its own points, or seldom another's, imported."""
        rng = Random(seed)
        name, market, other = rng.choice(MEMBERS), self.some_market(rng), rng.choice(MEMBERS)
        owner, to, now = self.live.owner(name), self.live.owner(other), self.now
        certificates, packed = self.model.certificates, ids.pack_market(*market)
        wh = rng.choice([1, certificates.owned[owner, market], certificates.owned[owner, market] // 2, 90])
        if rng.random() < 0.3:
            self.live.both(
                lambda: certificates.transfer(owner, to, market, wh),
                lambda: self.live.chain.send(
                    owner, "EnergyToken", "safeTransferFrom", owner, to, packed, wh, b""
                ),
            )
        else:
            account = self.live.accounts[name if rng.random() < 0.9 else other]
            self.live.both(
                lambda: certificates.retire(account, owner, market, wh, now),
                lambda: self.live.chain.send(owner, "EnergyToken", "retire", account, packed, wh),
            )
        Comparison(self.live).certificates(market.period)

    @rule(name=st.sampled_from(MEMBERS), offset=st.integers(0, 1))
    def too_early(self, name: str, offset: int) -> None:
        """Every door that opens later is closed until then."""
        market = Market(HOMES[name], CARRIER, self.periods[offset])
        if not self.is_after(CALENDAR.starts_at):
            self.claim_these(market, [], [])
            self.lower_lock(name, offset)
        if not self.is_after(CALENDAR.ends_at):
            self.settle_page(market, (0, MOST_ACCOUNTS))
        if not self.is_after(CALENDAR.default_from):
            self.book_default(name, offset)
        if not self.is_after(CALENDAR.corrections_until_at):
            self.hand_out_to(market)
            self.settle_page(market, (0, MOST_ACCOUNTS), aside=True)

    @precondition(lambda self: not self.is_after(CALENDAR.starts_at))
    @rule(seed=seeds)
    def deliver(self, seed: int) -> None:
        """Else most runs would spend all their steps on trading. One point's gateway is often silent."""
        rng = Random(seed)
        self.go_to(CALENDAR.ends_at(self.periods[1]))
        for offset in (-1, 0, 1):
            self.post_registers(rng, offset, left_out=rng.choice([0, 0, 0.1]))

    # --- the end -----------------------------------------------------------------------------------------

    def teardown(self) -> None:
        """The rest of both periods' life, so that every run is settled to the last certificate."""
        if not hasattr(self, "instants"):
            return
        self.live_out()
        if self.rng.random() < 0.1:
            self.another_turn()
            self.live_out()

    def another_turn(self) -> None:
        """The ring's words serve other periods: nothing that was left in them shows."""
        last, self.live.period = self.periods[1], self.live.period + CALENDAR.ring_periods
        self.posted.clear()
        for period in range(last + 1, self.live.period - 1):
            self.go_to(CALENDAR.ends_at(period))
            self.live.post(period, [Lane(one, *now, Quality.MEASURED) for one, now in self.registers.items()])
        for name in MEMBERS:
            self.live.deposit(self.live.accounts[name], 1_000_000)
        self.enrich_backstops()
        self.trade(self.rng.randrange(2**32), most=30)
        self.go_to(CALENDAR.ends_at(self.live.period - 1))
        self.live.post(
            self.live.period - 1,
            [Lane(one, *now, Quality.MEASURED) for one, now in self.registers.items()],
        )

    def live_out(self) -> None:
        self.go_to(CALENDAR.default_from(self.periods[1]))
        for market in self.live.markets:
            self.claim_these(market, self.refs(market), list(self.live.accounts.values()))
        silent = self.rng.choice([0, 0.2, 0.5])
        self.settle_with(silent, early=self.rng.random() < 0.3)
        self.share_what_is_known_late()
        if self.rng.random() < 0.5:
            self.enrich_backstops()
        self.settle_with(silent=0, early=True)
        self.go_to(CALENDAR.corrections_until_at(self.periods[1]))
        for market in self.live.markets:
            self.settle_page(market, (0, MOST_ACCOUNTS), aside=True)
        for market in self.live.markets:
            self.pay_fees_of(market)
            self.hand_out_to(market)
        self.settle_what_was_set_aside()
        self.settle_what_lapses()
        for _ in range(6):
            self.use_certificates(self.rng.randrange(2**32))
        self.require_an_end()

    def enrich_backstops(self) -> None:
        for area in TERMS:
            self.live.deposit(ids.backstop_of(area), 50_000_000)

    def settle_with(self, silent: float, early: bool) -> None:
        """Posts all but `silent` of the readings, defaults the others, and settles, if `early`, at once."""
        for offset in (-1, 0, 1):
            self.post_registers(self.rng, offset, silent)
        for offset in (0, 1):
            for name in MEMBERS:
                self.book_default(name, offset)
        for market in self.live.markets if early else ():
            self.settle_page(market, (0, MOST_ACCOUNTS))

    def share_what_is_known_late(self) -> None:
        for offset in (-1, 0, 1):
            self.post_registers(self.rng, offset)
        for number in list(self.model.readings.substitutes.closed):
            self.share(number)

    def settle_what_lapses(self) -> None:
        """Readings that not even a default stands for, because an earlier boundary is missing, count as 0."""
        if all(self.model.settlement.is_settled(CARRIER, period) for period in self.periods):
            return
        self.go_to(CALENDAR.hand_out_until_at(self.periods[1]))
        for market in self.live.markets:
            self.settle_page(market, (0, MOST_ACCOUNTS), aside=True)
        for market in self.live.markets:
            self.pay_fees_of(market)

    def settle_what_was_set_aside(self) -> None:
        """First perhaps without the backstops' money, then with."""
        for _ in range(2):
            for account, carrier, period in list(self.model.settlement.kept):
                self.settle_difference(account, carrier, period)
            for number in range(1, len(self.model.corrections.residuals) + 1):
                self.settle_residual(number)
            self.enrich_backstops()

    def require_an_end(self) -> None:
        """Nobody waits, no pot keeps anything, bought = sold, certificates ≤ deliverable."""
        settlement, accounts = self.model.settlement, self.live.accounts.values()
        assert not any(self.model.vault.pots.values())
        for period in self.periods:
            assert settlement.is_settled(CARRIER, period)
            positions = {one: settlement.position(one, CARRIER, period) for one in accounts}
            assert sum(one.contracted_wh for one in positions.values()) == 0
            for area in TERMS:
                market = Market(area, CARRIER, period)
                delivered = sum(one.deliverable_wh for who, one in positions.items() if who >> 16 == area)
                assert self.model.certificates.minted[market] <= delivered
