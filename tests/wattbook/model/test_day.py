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
from wattbook.model.oversight import Connection
from wattbook.orders import Kind, Order, OrderRef, Side

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
    """The model's community, and each point's registers as they really stand at every period's end."""

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
            book = self.community.order_book.books.get(market)
            refs = [ref for ref, _ in book.entries()] if book else []
            self.community.order_book.claim(market, refs, ACCOUNTS, CALENDAR.starts_at(FIRST + PERIODS[-1]))


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
