# SPDX-License-Identifier: MIT
"""Writes day.json: a whole day of 20 accounts in two areas, from a seed; README.md explains its columns.

What must come out is calculated by the files direct_*.py. `python tests/vectors/make_day.py` writes it anew;
a test holds the file against this.
"""

import json
from pathlib import Path
from typing import Any

import direct_book
import direct_money
from day_drawn import (
    BACKSTOP,
    BACKSTOP_INDEX,
    CAPACITY_WH,
    CONNECTIONS,
    FEE_INDEX,
    LIMIT_WH,
    NAMES,
    PERIODS,
    REFUSALS,
    TERMS,
    Day,
    X,
    Y,
    known_energies,
    of_account,
)

SEED = 20_260


def make(seed: int = SEED) -> dict[str, Any]:
    day = Day(seed)
    orders = [day.trade(period) for period in range(PERIODS)]
    direct_book.close_books(day.world)
    for period in range(PERIODS):
        day.meter(period)
    outages = day.outages()
    corrections = day.corrections(outages)
    first, later = known_energies(day, outages, corrections)
    positions = [positions_of(day, period) for period in range(PERIODS)]
    settled = [settle(day, first, period) for period in range(PERIODS)]
    backstops = [[day.world.backstop[name, period] for name in "XY"] for period in range(PERIODS)]
    corrected = [row for period in range(PERIODS) for row in correct(day, first, later, period)]
    return {
        **inputs(day, seed),
        "orders": orders,
        "energies": [[energy for flow in flows for energy in flow] for flows in day.energies],
        "estimated": [[day.upto(1, len(day.points)), period] for period in range(3, PERIODS, 7)],
        "outages": outages,
        "corrections": corrections,
        "positions": positions,
        "settled": settled,
        "backstopCash": backstops,
        "fees": [[day.world.fees.get((name, period), 0) for name in "XY"] for period in range(PERIODS)],
        "corrected": corrected,
        "certificates": [hand_out(day, later, period) for period in range(PERIODS)],
        "final": final(day),
    }


def inputs(day: Day, seed: int) -> dict[str, Any]:
    return {
        "seed": seed,
        "refusals": REFUSALS,
        "areas": [
            {
                "area": area,
                "exportCapacityWh": CAPACITY_WH["export"],
                "inboundCapacityWh": CAPACITY_WH["inbound"],
                "backstopDeposit": BACKSTOP,
                "terms": TERMS[area],
            }
            for area in (X, Y)
        ],
        "connections": [
            {"from": a, "to": b, "feeTicks": fee, "capacityWh": capacity}
            for (a, b), (fee, capacity) in CONNECTIONS.items()
        ],
        "pointLimitWh": LIMIT_WH,
        "accounts": [[account, day.deposit(account)] for account in day.accounts],
        "points": [list(each) for each in day.points],
    }


def positions_of(day: Day, period: int) -> list[list[int]]:
    rows = []
    for account in day.accounts:
        traded = day.world.traded.get((str(account), period))
        if traded and traded.sold_wh + traded.bought_wh:
            rows.append(
                [account, traded.sold_wh, traded.bought_wh, traded.received, traded.paid, traded.locked]
            )
    return rows


def settle(day: Day, energies: Any, period: int) -> list[list[int]]:
    rows = []
    for account in day.accounts:
        metered = of_account(day, energies[period], account)
        imbalance, cash = direct_money.cash_of(day.world, str(account), period, *metered)
        assert cash == direct_money.settle(day.world, str(account), period, *metered)
        rows.append([account, *metered, imbalance, cash])
    return rows


def correct(day: Day, first: Any, later: Any, period: int) -> list[list[int]]:
    rows = []
    for account in day.accounts:
        before, now = (of_account(day, energies[period], account) for energies in (first, later))
        if before != now:
            cash = direct_money.correct(day.world, str(account), period, before, now)
            rows.append([period, account, *now, cash])
    return rows


def hand_out(day: Day, energies: Any, period: int) -> list[list[int]]:
    metered = {str(account): of_account(day, energies[period], account) for account in day.accounts}
    minted = direct_money.certificates(day.world, period, metered)
    return [[int(account), X if area == "X" else Y, energy_wh] for account, area, energy_wh in minted]


def final(day: Day) -> list[list[int]]:
    """What each account has and owes; an area's backstop and fee account come after its members."""
    world, rows = day.world, []
    for area in (X, Y):
        members = [account for account in day.accounts if account >> 16 == area]
        owed = [world.debt.get(str(account), 0) for account in members]
        rows += [
            [account, world.balance[str(account)], debt] for account, debt in zip(members, owed, strict=True)
        ]
        earned = sum(cash for (name, _), cash in world.backstop.items() if name == NAMES[area])
        fees = sum(cash for (name, _), cash in world.fees.items() if name == NAMES[area])
        rows += [[area << 16 | BACKSTOP_INDEX, BACKSTOP + earned - sum(owed), 0]]
        rows += [[area << 16 | FEE_INDEX, fees, 0]]
    return rows


def dump(value: Any, depth: int = 0) -> str:
    """JSON with one row of numbers a line."""
    nested = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(each, list | dict) for each in value)
    )
    if not nested:
        return json.dumps(value)
    pad = " " * (depth + 1)
    if isinstance(value, dict):
        parts = [f"{pad}{json.dumps(key)}: {dump(each, depth + 1)}" for key, each in value.items()]
        return "{\n" + ",\n".join(parts) + "\n" + " " * depth + "}"
    return "[\n" + ",\n".join(pad + dump(each, depth + 1) for each in value) + "\n" + " " * depth + "]"


if __name__ == "__main__":
    Path(__file__).with_name("day.json").write_text(dump(make()) + "\n", "utf-8")
