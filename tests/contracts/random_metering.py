# SPDX-License-Identifier: MIT
"""Random readings, true or not, and what people say about them, on contracts and model alike."""

from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.contracts.comparison import Comparison
from tests.contracts.live_setup import CALENDAR, CARRIER, DISPUTES, GATEWAY_ID, MEMBERS, OTHER_GATEWAY_ID
from tests.contracts.random_trading import POINT_COUNT, RandomTrading, seeds
from wattbook.model.energy import Energy, Registers
from wattbook.model.exchanges import Exchange
from wattbook.typeddata import Lane, Quality


class RandomMetering(RandomTrading):
    """`registers` are the true ones, as far as time has gone."""

    # --- gateways ----------------------------------------------------------------------------------------

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
        if rng.random() < 0.3:
            self.move_point(rng)
        for gateway in (GATEWAY_ID, OTHER_GATEWAY_ID):
            mine = [lane for lane in lanes if self.is_read_by(gateway, lane) or rng.random() < 0.05]
            if mine:
                self.live.post(period, mine, gateway)
        Comparison(self.live).readings(period)

    def is_read_by(self, gateway: int, lane: Lane) -> bool:
        return self.model.registry.point(lane.point).gateway == gateway

    def move_point(self, rng: Random) -> None:
        """Another gateway reads a point from now on, or the one that did already."""
        number, gateway = rng.randint(1, POINT_COUNT), rng.choice([GATEWAY_ID, OTHER_GATEWAY_ID])
        self.live.operator(
            lambda: self.model.registry.move_point(number, gateway),
            "Registry", "movePoint", number, gateway,
        )  # fmt: skip

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
        self.live.post(period, lanes, rng.choice([GATEWAY_ID, OTHER_GATEWAY_ID]))
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

    @precondition(lambda self: self.is_after(CALENDAR.ends_at))
    @rule(seed=seeds)
    def exchange_meter(self, seed: int) -> None:
        """The true registers end, others begin; or nonsense."""
        rng = Random(seed)
        number, period = self.some_boundary(rng)
        first, taken = Registers(rng.randrange(2**28), rng.randrange(2**28)), rng.choice([0, 60, 900])
        flow = Energy(rng.randint(0, taken), rng.randint(0, taken))
        exchange = Exchange(number, period, self.near(rng, number, period - 1), first, first.after(flow))
        if self.live.exchange(exchange) and period == self.live.period + max(self.posted, default=0):
            self.registers[number] = exchange.end
        self.compare_readings()

    # --- edits -------------------------------------------------------------------------------------------

    def some_boundary(self, rng: Random) -> tuple[int, int]:
        """A point, perhaps none; a period, perhaps the one before trading."""
        return rng.randint(1, POINT_COUNT), self.live.period + rng.choice([-1, 0, 0, 1, 1])

    def near(self, rng: Random, number: int, period: int) -> Registers:
        """What is known there, or the true registers, give or take some."""
        reading = self.model.readings.lanes.get((number, period))
        registers = reading.registers if reading else Registers(*self.registers[number])
        most = rng.choice([0, 5, 400, 9_000])
        return Registers(*((one + rng.randint(-most, most)) % 2**28 for one in registers))

    def compare_readings(self) -> None:
        for period in (self.live.period - 1, *self.periods):
            Comparison(self.live).readings(period)

    @precondition(lambda self: self.is_after(CALENDAR.ends_at))
    @rule(seed=seeds)
    def post_substitute(self, seed: int) -> None:
        rng = Random(seed)
        number, period = self.some_boundary(rng)
        energy, now = Energy(rng.choice([0, 70, 600, 2_200]), rng.choice([0, 0, 50, 3_500])), self.now
        self.live.operator(
            lambda: self.model.edits.post_substitute(number, period, energy, now),
            "MeterReadings", "postSubstitute", number, period, *energy,
        )  # fmt: skip
        self.compare_readings()

    @precondition(lambda self: self.is_after(CALENDAR.ends_at))
    @rule(seed=seeds)
    def correct(self, seed: int) -> None:
        rng = Random(seed)
        number, period = self.some_boundary(rng)
        registers, now = self.near(rng, number, period), self.now
        self.live.operator(
            lambda: self.model.edits.correct(number, period, registers, now),
            "MeterReadings", "correct", number, period, *registers, "a test",
        )  # fmt: skip
        self.compare_readings()

    @precondition(lambda self: self.is_after(CALENDAR.ends_at))
    @rule(seed=seeds)
    def dispute(self, seed: int) -> None:
        """A boundary is disputed, corrected, or no longer disputed."""
        rng = Random(seed)
        number, period = self.some_boundary(rng)
        edits, now, person = self.model.edits, self.now, self.live.chain.people[DISPUTES]
        if rng.random() < 0.3:
            registers = self.near(rng, number, period)
            self.live.both(
                lambda: edits.correct_disputed(number, period, registers, now),
                lambda: self.live.chain.send(
                    person, "MeterReadings", "correctDisputed", number, period, *registers
                ),
            )
        else:
            disputed = rng.random() < 0.4
            self.live.both(
                lambda: edits.set_disputed(number, period, disputed),
                lambda: self.live.chain.send(
                    person, "MeterReadings", "setDisputed", number, period, disputed
                ),
            )
        self.compare_readings()
