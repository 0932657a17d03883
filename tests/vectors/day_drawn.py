# SPDX-License-Identifier: MIT
"""The day of make_day.py as it is drawn: who orders what, what flows, which readings are missing or wrong."""

from random import Random
from typing import Any

import direct_book
import direct_readings
from direct_book import Trading, World

PERIODS = 96
X, Y = 1, 2
NAMES = {X: "X", Y: "Y"}
CANCEL = 4  # a row's kind, after the four of orders
LIMIT_WH = 12_000  # of every metering point, import and export, a period
RICH, POOR = 4_000_000_000, 14_000_000
BACKSTOP = 100_000_000_000
FIRST_MEMBER, BACKSTOP_INDEX, FEE_INDEX = 16, 1, 2
REFUSALS = [
    "",
    "FeeTooHigh",
    "PriceAboveRetail",
    "FeeAbovePrice",
    "WouldTrade",
    "NotFilled",
    "InsufficientBalance",
    "CapacityExceeded",
    "OrderNotLive",
]
TERMS = {
    X: [
        {"fromPeriod": 0, "retail": 3_200, "feedIn": 800, "levyBuy": 100, "levySell": 50},
        {"fromPeriod": 48, "retail": 2_900, "feedIn": 900, "levyBuy": 120, "levySell": 0},
    ],
    Y: [{"fromPeriod": 0, "retail": 3_000, "feedIn": 700, "levyBuy": 0, "levySell": 30}],
}
CAPACITY_WH = {"export": 200_000, "inbound": 3_000}
CONNECTIONS = {(Y, X): (200, 3_000), (X, Y): (150, 2_000)}  # (from, to) → fee, capacity


class Day:
    """The day while it is drawn; accounts are their numbers as text, for direct.py."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.accounts = [area << 16 | FIRST_MEMBER + i for area in (X, Y) for i in range(10)]
        self.poor = {self.accounts[3], self.accounts[14]}
        self.trader = self.accounts[9]  # without a metering point
        self.points: list[tuple[int, int]] = []  # (account, default Wh); numbered from 1
        for account in self.accounts:
            count = 0 if account == self.trader else 2 if account == self.accounts[5] else 1
            self.points += [(account, self.random.randrange(20, 150)) for _ in range(count)]
        self.world = World(
            home={str(account): NAMES[account >> 16] for account in self.accounts},
            terms=terms_at,
            fee={(NAMES[a], NAMES[b]): fee for (a, b), (fee, _) in CONNECTIONS.items()},
            capacity={(NAMES[a], NAMES[b]): capacity for (a, b), (_, capacity) in CONNECTIONS.items()},
            balance={str(account): self.deposit(account) for account in self.accounts},
        )
        self.rests: list[tuple[int, int, int, int]] = []  # of the period: account, area, is offer, ref
        self.energies: list[list[list[int]]] = []  # by period, by point: import, export as they really flowed

    def deposit(self, account: int) -> int:
        return POOR if account in self.poor else RICH

    # --- orders ---

    def trade(self, period: int) -> list[list[int]]:
        """One row an order or cancellation."""
        self.rests = []
        return [
            self.cancel(period) if self.chance(9) else self.order(period) for _ in range(self.upto(10, 20))
        ]

    def order(self, period: int) -> list[int]:
        account = self.random.choice(self.accounts)
        home = account >> 16
        area = (X + Y - home) if self.chance(4) else home
        is_offer = self.random.randrange(2)
        kind = self.random.choices((0, 1, 2, 3), (72, 12, 8, 8))[0]
        limit = self.upto(500, 2_200) if is_offer else self.upto(1_500, 3_050)
        energy_wh = self.upto(10, 60) if self.chance(6) else self.upto(100, 2_400)
        max_fee = self.upto(0, 200) if self.chance(12) else 1_000
        own = sorted(
            ref
            for who, where, side, ref in self.rests
            if (who, where) == (account, area) and side != is_offer
        )
        order = {
            "account": str(account),
            "isOffer": bool(is_offer),
            "kind": kind,
            "limit": limit,
            "energyWh": energy_wh,
            "maxFee": max_fee,
        }
        done = direct_book.place(self.world, NAMES[area], period, order)
        head = [account, area, is_offer, kind, limit, energy_wh, max_fee]
        if "refused" in done:
            return [*head, REFUSALS.index(done["refused"]), 0, 0, 0, 0, *own]
        ref = done["tick"] << 16 | done["number"] if done["restWh"] else 0
        if done["restWh"]:
            self.rests.append((account, area, is_offer, ref))
        return [*head, 0, done["tradedWh"], done["value"], done["restWh"], ref, *own]

    def cancel(self, period: int) -> list[int]:
        if not self.rests:
            return self.order(period)
        account, area, is_offer, ref = self.random.choice(self.rests)
        done = direct_book.cancel(self.world, NAMES[area], period, ref >> 16, ref & 0xFFFF)
        refused = REFUSALS.index(done.get("refused", ""))
        return [account, area, is_offer, CANCEL, 0, 0, 0, refused, 0, 0, done.get("restWh", 0), ref]

    # --- metering ---

    def meter(self, period: int) -> None:
        """What flows follows what was traded, loosely."""
        flows = []
        for number, (account, default_wh) in enumerate(self.points):
            traded = self.world.traded.get((str(account), period), Trading())
            net = traded.sold_wh - traded.bought_wh
            if number and self.points[number - 1][0] == account:
                net = 0  # the second point has no part in it
            off = self.random.randrange(-300, 300) if self.chance(2) else 0
            export_wh = min(max(net + off, 0), LIMIT_WH)
            import_wh = min(max(-net + off, 0), LIMIT_WH) + self.random.randrange(default_wh)
            flows.append([import_wh, export_wh])
        self.energies.append(flows)

    def outages(self) -> list[dict[str, Any]]:
        """Four points miss some periods; two are substituted by the grid operator, two defaulted."""
        found = []
        for i, point in enumerate((3, 6, 12, 17)):
            first = 10 + 19 * i
            last = first + (0, 4, 2, 6)[i]
            energies = (
                [[self.upto(0, 400), self.upto(0, 400)] for _ in range(first, last + 1)] if i % 2 else []
            )
            found.append({"point": point, "first": first, "last": last, "substitutes": energies})
        return found

    def corrections(self, outages: list[dict[str, Any]]) -> list[list[int]]:
        """Registers at a period's end that were wrong by (import, export): point, period, import, export."""
        broken = {each["point"] for each in outages}
        rows = []
        for point in (2, 8, 9, 15):
            assert point not in broken
            period = self.upto(5, 90)
            now, after = self.energies[period][point - 1], self.energies[period + 1][point - 1]
            moved = [self.random.randrange(-now[i], min(after[i], LIMIT_WH - now[i]) + 1) for i in (0, 1)]
            rows.append([point, period, *moved])
        return rows

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def upto(self, least: int, most: int) -> int:
        return self.random.randrange(least, most + 1)


def terms_at(area: str, period: int) -> dict[str, int]:
    number = X if area == "X" else Y
    return next(each for each in reversed(TERMS[number]) if each["fromPeriod"] <= period)


# --- what is known of each period, before and after ------------------------------------------------------


def known_energies(day: Day, outages: list[dict[str, Any]], corrections: list[list[int]]) -> tuple[Any, Any]:
    """By period and point: the energies that are settled first, and those that stand in the end."""
    first = [[list(flow) for flow in flows] for flows in day.energies]
    for period in range(PERIODS):
        for account in day.accounts:
            _book_missing(day, outages, first, account, period)
    later = [[list(flow) for flow in flows] for flows in first]
    for outage in outages:
        point, periods = outage["point"] - 1, range(outage["first"], outage["last"] + 1)
        for side in (0, 1):
            difference = sum(day.energies[period][point][side] for period in periods)
            given = direct_readings.shares(
                [first[period][point][side] for period in periods], difference, LIMIT_WH
            )
            for period, share in zip(periods, given, strict=True):
                later[period][point][side] = share
    for point, period, *moved in corrections:
        for side in (0, 1):
            later[period][point - 1][side] += moved[side]
            later[period + 1][point - 1][side] -= moved[side]
    return first, later


def _book_missing(day: Day, outages: list[dict[str, Any]], first: Any, account: int, period: int) -> None:
    places = [number for number, (owner, _) in enumerate(day.points) if owner == account]
    out = {each["point"] - 1: each for each in outages if each["first"] <= period <= each["last"]}
    for place in places:
        if place in out and out[place]["substitutes"]:
            first[period][place] = list(out[place]["substitutes"][period - out[place]["first"]])
    missing = [place in out and not out[place]["substitutes"] for place in places]
    if not any(missing):
        return
    traded = day.world.traded.get((str(account), period), Trading())
    points = [
        {"importWh": first[period][place][0], "defaultWh": day.points[place][1], "limitWh": LIMIT_WH}
        for place in places
    ]
    net_bought_wh = max(traded.bought_wh - traded.sold_wh, 0)
    booked = direct_readings.defaults(points, missing, net_bought_wh)
    for place, gone, import_wh in zip(places, missing, booked, strict=True):
        if gone:
            first[period][place] = [import_wh, 0]


def of_account(day: Day, energies: Any, account: int) -> tuple[int, int]:
    """An account's metered import and export of one period."""
    mine = [energies[number] for number, (owner, _) in enumerate(day.points) if owner == account]
    return sum(flow[0] for flow in mine), sum(flow[1] for flow in mine)
