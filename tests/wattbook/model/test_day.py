# SPDX-License-Identifier: MIT
"""The day of tests/vectors/day.json on the model: 20 accounts, two areas, 96 periods, to the unit."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wattbook import ids
from wattbook.calendar import Calendar
from wattbook.ids import Market
from wattbook.model import Community, Refused, Terms
from wattbook.model.energy import Energy, Registers
from wattbook.model.oversight import Connection
from wattbook.orders import Kind, Order, OrderRef, Side
from wattbook.typeddata import Lane, Quality

VECTORS = Path(__file__).parents[2] / "vectors"
DAY = json.loads((VECTORS / "day.json").read_text("utf-8"))
CALENDAR, CARRIER, GATEWAY, FIRST = Calendar(), 0, 1, 1_982_400
PERIODS = range(len(DAY["orders"]))
CANCEL = 4
ACCOUNTS = [account for account, _ in DAY["accounts"]]
AREAS = [each["area"] for each in DAY["areas"]]


def test_the_file_is_what_the_direct_calculation_gives() -> None:
    """The calculation neither knows the model nor asks it."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import make_day; "
        "assert not any(name.startswith('wattbook') for name in sys.modules); "
        "sys.stdout.write(make_day.dump(make_day.make()) + chr(10))"
    )
    made = subprocess.run([sys.executable, "-c", code, str(VECTORS)], capture_output=True, check=True)
    assert made.stdout == (VECTORS / "day.json").read_bytes()


class Play:
    """The model's community."""

    def __init__(self) -> None:
        self.community = Community(CALENDAR, cash_units_per_token_unit=1)
        registry, vault = self.community.registry, self.community.vault
        for area in DAY["areas"]:
            self.community.open_area(area["area"], "backstop", "fees")
            for entry in area["terms"]:
                registry.schedule(area["area"], CARRIER, FIRST + entry["fromPeriod"], terms_of(area, entry))
            vault.deposit(ids.backstop_of(area["area"]), area["backstopDeposit"])
        for each in DAY["connections"]:
            connection = Connection(each["feeTicks"], each["capacityWh"])
            self.community.oversight.schedule(each["from"], each["to"], CARRIER, FIRST, connection)
        for account, deposit in DAY["accounts"]:
            assert self.community.admit(account >> 16, str(account), FIRST) == account
            vault.deposit(account, deposit)
        limits = (DAY["pointLimitWh"], DAY["pointLimitWh"])
        for account, default_wh in DAY["points"]:
            registry.add_point(account, CARRIER, limits, default_wh, GATEWAY, FIRST)

    def place(self, period: int, row: list[int]) -> list[int]:
        """What came of it, as the file's columns refused … ref; why it was refused is left open."""
        account, area, is_offer, kind, limit, energy_wh, max_fee = row[:7]
        order = Order(
            account,
            area,
            CARRIER,
            FIRST + period,
            Side(is_offer),
            Kind(kind),
            False,
            limit,
            energy_wh,
            max_fee,
            0,
            0,
        )
        own = [OrderRef(ref >> 16, ref & 0xFFFF) for ref in row[12:]]
        try:
            done = self.community.order_book.place(order, str(account), trading_time(), own)
        except Refused:
            return [True, 0, 0, 0, 0]
        ref = done.tick << 16 | done.index if done.rest_wh else 0
        return [0, done.traded_wh, done.value, done.rest_wh, ref]

    def cancel(self, period: int, row: list[int]) -> list[int]:
        ref = OrderRef(row[11] >> 16, row[11] & 0xFFFF)
        market = Market(row[1], CARRIER, FIRST + period)
        try:
            return [0, 0, 0, self.community.order_book.cancel(market, ref, str(row[0])), row[11]]
        except Refused:
            return [True, 0, 0, 0, row[11]]

    def claim_all(self, period: int) -> None:
        for area in AREAS:
            market = Market(area, CARRIER, FIRST + period)
            rested = [
                row[11] for row in DAY["orders"][period] if row[1] == area and row[3] != CANCEL and row[10]
            ]
            refs = [OrderRef(ref >> 16, ref & 0xFFFF) for ref in rested]
            self.community.order_book.claim(market, refs, ACCOUNTS, CALENDAR.starts_at(FIRST + period))


def terms_of(area: dict[str, Any], entry: dict[str, int]) -> Terms:
    prices = (entry["retail"], entry["feedIn"], entry["levyBuy"], entry["levySell"])
    return Terms(*prices, area["exportCapacityWh"], area["inboundCapacityWh"])


def trading_time() -> int:
    """All 96 periods are open at once: the last has opened, the first hasn't closed."""
    return CALENDAR.starts_at(FIRST) - 600


@pytest.fixture(scope="module")
def traded() -> Play:
    """The day's orders are in; each did what the file says."""
    play = Play()
    for period in PERIODS:
        for number, row in enumerate(DAY["orders"][period]):
            done = play.cancel(period, row) if row[3] == CANCEL else play.place(period, row)
            assert done == [row[7] > 0, *row[8:12]], (period, number)
    for period in PERIODS:
        play.claim_all(period)
    return play


def test_every_order_does_what_the_file_says(traded: Play) -> None:
    for period in PERIODS:
        found = []
        for account in ACCOUNTS:
            it = traded.community.settlement.position(account, CARRIER, FIRST + period)
            if it.sold_wh + it.bought_wh:
                found.append([account, it.sold_wh, it.bought_wh, it.received, it.paid, it.locked])
        assert found == DAY["positions"][period], period
        fees = [traded.community.settlement.area(area, CARRIER, FIRST + period).fees for area in AREAS]
        assert fees == DAY["fees"][period], period


# --- readings, money, certificates -----------------------------------------------------------------------

POINTS = range(1, len(DAY["points"]) + 1)
ESTIMATED = {(point, period) for point, period in DAY["estimated"]}


def registers() -> dict[tuple[int, int], Registers]:
    """By point and period: the registers at its end, as they really stand; -1 is the start of the day."""
    found = {(point, -1): Registers(0, 0) for point in POINTS}
    for period in PERIODS:
        for point in POINTS:
            before, flow = found[point, period - 1], DAY["energies"][period][2 * point - 2 : 2 * point]
            found[point, period] = Registers(before.import_wh + flow[0], before.export_wh + flow[1])
    return found


REGISTERS = registers()


def lane(point: int, period: int) -> Lane:
    quality = Quality.ESTIMATED if (point, period) in ESTIMATED else Quality.MEASURED
    return Lane(point, *REGISTERS[point, period], Quality.BASE if period < 0 else quality)


def post(play: Play, period: int, points: list[int], now: int) -> None:
    lanes = [lane(point, period) for point in points]
    assert play.community.readings.post(GATEWAY, FIRST + period, lanes, now) == []


def is_out(point: int, period: int) -> bool:
    """Whoever is out stays out until the outage is closed."""
    return any(each["point"] == point and period >= each["first"] for each in DAY["outages"])


def live_through(play: Play) -> None:
    """Readings come at every period's end, substitutes two hours later."""
    post(play, -1, list(POINTS), CALENDAR.starts_at(FIRST))
    for period in PERIODS:
        now = CALENDAR.ends_at(FIRST + period)
        post(play, period, [point for point in POINTS if not is_out(point, period)], now)
        for each in DAY["outages"]:
            if each["substitutes"] and each["first"] <= period <= each["last"]:
                energy = Energy(*each["substitutes"][period - each["first"]])
                play.community.edits.post_substitute(each["point"], FIRST + period, energy, now + 7_200)


def book_defaults(play: Play, period: int, now: int) -> None:
    for each in DAY["outages"]:
        if not each["substitutes"] and each["first"] <= period <= each["last"]:
            account = DAY["points"][each["point"] - 1][0]
            play.community.settlement.book_default(account, CARRIER, FIRST + period, now)


def close_outages(play: Play, period: int, now: int) -> None:
    """The register is known again at the outage's end; then come the readings after it."""
    for each in DAY["outages"]:
        if each["last"] == period:
            for later in range(period, len(PERIODS)):
                post(play, later, [each["point"]], now)
            play.community.readings.share(each["point"], now)


def expect_settled(play: Play, period: int, now: int) -> None:
    settlement = play.community.settlement
    before = {account: wealth(play, account) for account in ACCOUNTS}
    for number, area in enumerate(AREAS):
        market = Market(area, CARRIER, FIRST + period)
        settlement.settle(market, [account for account in ACCOUNTS if account >> 16 == area], now)
        assert settlement.area(*market).backstop_cash == DAY["backstopCash"][period][number]
    for account, import_wh, export_wh, imbalance_wh, cash in DAY["settled"][period]:
        position = settlement.position(account, CARRIER, FIRST + period)
        assert position.settled
        assert position.metered == Energy(import_wh, export_wh)
        assert export_wh - import_wh - position.contracted_wh == imbalance_wh
        assert wealth(play, account) - before[account] - position.paid - position.locked == cash
    for area in AREAS:
        settlement.pay_fees(Market(area, CARRIER, FIRST + period))


def expect_corrected(play: Play, now: int) -> None:
    for point, period, import_wh, export_wh in DAY["corrections"]:
        was = REGISTERS[point, period]
        moved = Registers(was.import_wh + import_wh, was.export_wh + export_wh)
        play.community.edits.correct(point, FIRST + period, moved, now)
    for period, account, import_wh, export_wh, cash in DAY["corrected"]:
        before = wealth(play, account)
        assert play.community.corrections.settle(account, CARRIER, FIRST + period, now)
        assert wealth(play, account) - before == cash, (period, account)
        metered = play.community.readings.metered(account, CARRIER, FIRST + period, now)
        assert metered == Energy(import_wh, export_wh)


def wealth(play: Play, account: int) -> int:
    holding = play.community.vault.holding(account)
    return holding.balance - holding.debt


def test_the_whole_day_comes_out_to_the_unit(traded: Play) -> None:
    live_through(traded)
    for period in PERIODS:
        now = CALENDAR.default_from(FIRST + period)
        book_defaults(traded, period, now)
        expect_settled(traded, period, now)
        close_outages(traded, period, now)
    expect_corrected(traded, CALENDAR.default_from(FIRST + PERIODS[-1]) + 86_400)
    for period in PERIODS:
        now, certificates = CALENDAR.corrections_until_at(FIRST + period), traded.community.certificates
        for area in AREAS:
            certificates.hand_out(Market(area, CARRIER, FIRST + period), ACCOUNTS, now)
        for account, area, energy_wh in DAY["certificates"][period]:
            assert certificates.owned[str(account), Market(area, CARRIER, FIRST + period)] == energy_wh
        minted = sum(certificates.minted[Market(area, CARRIER, FIRST + period)] for area in AREAS)
        assert minted == sum(row[2] for row in DAY["certificates"][period])
    for account, balance, debt in DAY["final"]:
        holding = traded.community.vault.holding(account)
        assert (holding.balance, holding.debt) == (balance, debt), account
