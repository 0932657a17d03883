# SPDX-License-Identifier: MIT
"""Random steps from delivery on, on contracts and model alike, and how every run comes to its end."""

from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.contracts.comparison import Comparison
from tests.contracts.live_community import AREA, CALENDAR, CARRIER, MEMBERS
from tests.contracts.random_trading import POINT_COUNT, RandomTrading, seeds
from wattbook import ids
from wattbook.orders import OrderRef
from wattbook.typeddata import Lane, Quality

MOST_ACCOUNTS = 256


class RandomDelivery(RandomTrading):
    """Claims, readings, settlement, certificates."""

    # --- claims ------------------------------------------------------------------------------------------

    @precondition(lambda self: self.is_after(CALENDAR.starts_at))
    @rule(seed=seeds)
    def claim(self, seed: int) -> None:
        rng = Random(seed)
        period = rng.choice(self.periods)
        accounts = list(self.live.accounts.values())
        if rng.random() < 0.5:
            self.claim_these(period, self.refs(period), accounts)
        else:
            self.claim_these(period, self.some_refs(rng, period), rng.choices(accounts, k=3))

    def claim_these(self, period: int, refs: list[OrderRef], accounts: list[int]) -> None:
        market, now = self.live.market(period), self.now
        self.live.anyone(
            lambda: self.model.order_book.claim(market, refs, accounts, now),
            "OrderBook", "claim", self.packed(period), [ref.pack() for ref in refs], accounts,
        )  # fmt: skip
        self.compare(period)

    @precondition(lambda self: self.is_after(CALENDAR.starts_at))
    @rule(name=st.sampled_from(MEMBERS), offset=st.integers(0, 1))
    def lower_lock(self, name: str, offset: int) -> None:
        account, period, now = self.live.accounts[name], self.periods[offset], self.now
        self.live.anyone(
            lambda: self.model.settlement.lower_lock(account, CARRIER, period, now),
            "Settlement", "lowerLock", account, CARRIER, period,
        )  # fmt: skip
        self.compare(period)

    # --- metering ----------------------------------------------------------------------------------------

    @precondition(lambda self: self.is_after(CALENDAR.starts_at))
    @rule(seed=seeds)
    def post(self, seed: int) -> None:
        """True registers of most points; points that come again are skipped by both."""
        rng = Random(seed)
        offset = rng.choice([-1, -1, 0, 0, 1])
        self.post_registers(rng, offset, left_out=rng.choice([0, 0, 0.1, 0.4]))

    def post_registers(self, rng: Random, offset: int, left_out: float = 0) -> None:
        period = self.live.period + offset
        if offset >= 0 and offset not in self.posted and self.now >= CALENDAR.ends_at(period) - 60:
            self.posted.add(offset)
            for number, (imported, exported) in self.registers.items():
                flow = rng.choice([0, 40, 300, 1_200])
                self.registers[number] = imported + rng.randint(0, flow), exported + rng.randint(0, flow)
        quality = Quality.BASE if offset < 0 else rng.choice([Quality.MEASURED, Quality.ESTIMATED])
        lanes = [
            Lane(number, *registers, quality)
            for number, registers in self.registers.items()
            if rng.random() >= left_out
        ]
        if lanes:
            self.live.post(period, lanes)
        Comparison(self.live).readings(period)

    @precondition(lambda self: self.is_after(CALENDAR.ends_at))
    @rule(seed=seeds)
    def post_nonsense(self, seed: int) -> None:
        rng = Random(seed)
        period = rng.choice(self.periods)
        lanes = [
            Lane(
                rng.randint(0, POINT_COUNT + 2), rng.randrange(9_999), rng.randrange(9_999), rng.randint(0, 7)
            )
            for _ in range(rng.randint(1, 4))
        ]
        self.live.post(period, lanes)
        Comparison(self.live).readings(period)

    @precondition(lambda self: self.is_after(CALENDAR.default_from))
    @rule(name=st.sampled_from(MEMBERS), offset=st.integers(0, 1))
    def book_default(self, name: str, offset: int) -> None:
        account, period, now = self.live.accounts[name], self.periods[offset], self.now
        self.live.anyone(
            lambda: self.model.settlement.book_default(account, CARRIER, period, now),
            "Settlement", "bookDefault", account, CARRIER, period,
        )  # fmt: skip
        Comparison(self.live).readings(period)

    @precondition(lambda self: self.is_after(CALENDAR.default_from))
    @rule(number=st.integers(1, POINT_COUNT))
    def share(self, number: int) -> None:
        readings, now = self.model.readings, self.now
        self.live.anyone(lambda: readings.share(number, now), "MeterReadings", "shareDifference", number, 99)
        for period in self.periods:
            Comparison(self.live).readings(period)

    @precondition(lambda self: self.is_after(CALENDAR.default_from))
    @rule(name=st.sampled_from(MEMBERS), offset=st.integers(0, 1))
    def settle_correction(self, name: str, offset: int) -> None:
        account, period, now = self.live.accounts[name], self.periods[offset], self.now
        self.live.anyone(
            lambda: self.model.corrections.settle(account, CARRIER, period, now),
            "Settlement", "settleCorrection", account, CARRIER, period,
        )  # fmt: skip
        self.compare(period)

    # --- settling ----------------------------------------------------------------------------------------

    @precondition(lambda self: self.is_after(CALENDAR.ends_at))
    @rule(offset=st.integers(0, 1), page=st.sampled_from([(0, 256), (0, 256), (0, 17), (17, 2), (18, 9)]))
    def settle(self, offset: int, page: tuple[int, int]) -> None:
        period, now = self.periods[offset], self.now
        first, count = page
        numbers = range(max(first, ids.FIRST_MEMBER_INDEX), max(first + count, ids.FIRST_MEMBER_INDEX))
        accounts = [ids.pack_account(AREA, number) for number in numbers]
        self.live.anyone(
            lambda: self.model.settlement.settle(self.live.market(period), accounts, now),
            "Settlement", "settle", AREA, CARRIER, period, first, count,
        )  # fmt: skip
        self.compare(period)

    @precondition(lambda self: self.is_after(CALENDAR.final_at))
    @rule(offset=st.integers(0, 1))
    def pay_fees(self, offset: int) -> None:
        period = self.periods[offset]
        self.live.anyone(
            lambda: self.model.settlement.pay_fees(self.live.market(period)),
            "Settlement", "payFees", self.packed(period),
        )  # fmt: skip
        self.compare(period)

    @precondition(lambda self: self.is_after(CALENDAR.corrections_until_at))
    @rule(offset=st.integers(0, 1))
    def hand_out(self, offset: int) -> None:
        period, now = self.periods[offset], self.now
        market, accounts = self.live.market(period), list(self.live.accounts.values())
        self.live.anyone(
            lambda: self.model.certificates.hand_out(market, accounts, now),
            "Settlement", "handOut", AREA, CARRIER, period, 0, MOST_ACCOUNTS,
        )  # fmt: skip
        Comparison(self.live).certificates(period)

    @rule(name=st.sampled_from(MEMBERS), offset=st.integers(0, 1))
    def too_early(self, name: str, offset: int) -> None:
        """Every door that opens later is closed until then."""
        if not self.is_after(CALENDAR.starts_at):
            self.claim_these(self.periods[offset], [], [])
            self.lower_lock(name, offset)
        if not self.is_after(CALENDAR.ends_at):
            self.settle(offset, (0, MOST_ACCOUNTS))
        if not self.is_after(CALENDAR.default_from):
            self.book_default(name, offset)
        if not self.is_after(CALENDAR.corrections_until_at):
            self.hand_out(offset)

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
        self.go_to(CALENDAR.default_from(self.periods[1]))
        for period in self.periods:
            self.claim_these(period, self.refs(period), list(self.live.accounts.values()))
        silent = self.rng.choice([0, 0.2, 0.5])
        self.settle_with(silent, early=self.rng.random() < 0.3)
        self.share_what_is_known_late()
        self.live.deposit(ids.backstop_of(AREA), 50_000_000)
        self.settle_with(silent=0, early=True)
        for offset in (0, 1):
            for name in MEMBERS:
                self.settle_correction(name, offset)
            self.pay_fees(offset)
        self.go_to(CALENDAR.corrections_until_at(self.periods[1]))
        for offset in (0, 1):
            self.hand_out(offset)
        self.require_an_end()

    def settle_with(self, silent: float, early: bool) -> None:
        """Posts all but `silent` of the readings, defaults the others, and settles, if `early`, at once."""
        for offset in (-1, 0, 1):
            self.post_registers(self.rng, offset, silent)
        for offset in (0, 1):
            for name in MEMBERS:
                self.book_default(name, offset)
            if early:
                self.settle(offset, (0, MOST_ACCOUNTS))

    def share_what_is_known_late(self) -> None:
        for offset in (-1, 0, 1):
            self.post_registers(self.rng, offset)
        for number in list(self.model.readings.substitutes.closed):
            self.share(number)

    def require_an_end(self) -> None:
        """Nobody waits, no pot keeps anything, bought = sold, certificates ≤ deliverable."""
        settlement = self.model.settlement
        assert not any(self.model.vault.pots.values())
        for period in self.periods:
            assert settlement.is_settled(CARRIER, period)
            positions = [settlement.position(one, CARRIER, period) for one in self.live.accounts.values()]
            assert sum(one.contracted_wh for one in positions) == 0
            market: Any = self.live.market(period)
            owned = self.model.certificates.owned
            minted = sum(wh for (_, issued), wh in owned.items() if issued == market)
            assert minted <= sum(one.deliverable_wh for one in positions)
