# SPDX-License-Identifier: MIT
"""The direct calculation beside the vectors comes to the examples, which somebody else computed.

So what it says of a whole day can be believed.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[2] / "vectors"
sys.path.insert(0, str(VECTORS))

import direct_book  # noqa: E402
import direct_money  # noqa: E402
import direct_readings  # noqa: E402

EXAMPLES = json.loads((VECTORS / "settlement.json").read_text("utf-8"))
SHARING = json.loads((VECTORS / "sharing.json").read_text("utf-8"))
HOME = "1"
POINT = {"defaultWh": 50, "limitWh": 10_000}


def by_title(example: dict[str, Any]) -> str:
    return str(example["title"])


def world_of(scenario: dict[str, Any], names: list[str]) -> direct_book.World:
    terms = {HOME: scenario["terms"], **scenario.get("abroad", {})}
    ways = {(str(each["from"]), str(each["to"])): each for each in scenario.get("connections", [])}

    def at(area: str, _: int) -> dict[str, int]:
        keys = ("retail", "feedIn", "levyBuy", "levySell")
        return {key: terms[area][f"{key}Ticks"] for key in keys}

    return direct_book.World(
        home={name: str(scenario.get("homes", {}).get(name, HOME)) for name in names},
        terms=at,
        fee={way: each["feeTicks"] for way, each in ways.items()},
        capacity={way: each["capacityWh"] for way, each in ways.items()},
        balance=dict.fromkeys(names, 0),
    )


def enter(world: direct_book.World, number: int, orders: list[dict[str, Any]]) -> None:
    for order in orders:
        account, before = order["member"], world.balance[order["member"]]
        wish = {
            "account": account,
            "isOffer": order["side"] == "offer",
            "kind": direct_book.LIMIT,
            "limit": order["priceTicks"],
            "energyWh": order["energyWh"],
            "maxFee": 1_000,
        }
        done = direct_book.place(world, HOME, number, wish)
        assert "refused" not in done
        assert before - world.balance[account] == order.get("locks", before - world.balance[account])
        assert done["tick"] in (0, order.get("tick", done["tick"]))


def metered(period: dict[str, Any], world: direct_book.World, number: int, name: str) -> tuple[int, int]:
    """(import, export); where no reading came, the default of the member's only point."""
    if name in period["readings"]:
        reading = period["readings"][name]
        return reading["importWh"], reading["exportWh"]
    traded = world.traded[name, number]
    net_bought = max(traded.bought_wh - traded.sold_wh, 0)
    return direct_readings.defaults([{**POINT, "importWh": 0}], [True], net_bought)[0], 0


@pytest.mark.parametrize("scenario", EXAMPLES["scenarios"], ids=by_title)
def test_the_direct_calculation_comes_to_the_example(scenario: dict[str, Any]) -> None:
    names = sorted({name for period in scenario["periods"] for name in period["members"]})
    world = world_of(scenario, names)
    for number, period in enumerate(scenario["periods"]):
        for name, cash in period["deposits"].items():
            world.balance[name] += cash
        enter(world, number, period["orders"])
        direct_book.close_books(world)
        energies = {name: metered(period, world, number, name) for name in names}
        expect_settled(world, number, period, energies)
        expect_corrected(world, number, period, energies)
        expect_certificates(world, number, period, energies)


def expect_settled(
    world: direct_book.World, number: int, period: dict[str, Any], energies: dict[str, tuple[int, int]]
) -> None:
    for name, expected in period["members"].items():
        traded = world.traded.get((name, number), direct_book.Trading())
        imbalance, cash = direct_money.cash_of(world, name, number, *energies[name])
        assert (imbalance, cash) == (expected["imbalanceWh"], expected["cash"]), name
        assert traded.sold_wh - traded.bought_wh == expected["contractedWh"]
        assert traded.locked == expected.get("locked", traded.locked)
        direct_money.settle(world, name, number, *energies[name])
        assert world.debt.get(name, 0) == expected.get("debt", world.debt.get(name, 0))
        assert world.balance[name] == expected.get("balance", world.balance[name])
    assert world.backstop[HOME, number] == period["backstopCash"]
    for area, cash in period.get("backstopCashAbroad", {}).items():
        assert world.backstop[area, number] == cash
    assert world.fees.get((HOME, number), 0) == period.get("fees", 0)


def expect_corrected(
    world: direct_book.World, number: int, period: dict[str, Any], energies: dict[str, tuple[int, int]]
) -> None:
    for name, expected in period.get("corrected", {}).items():
        known = period["known"][name]
        now = known["importWh"], known["exportWh"]
        direct_money.correct(world, name, number, energies[name], now)
        energies[name] = now
        imbalance, cash = direct_money.cash_of(world, name, number, *now)
        assert (imbalance, cash) == (expected["imbalanceWh"], expected["cash"])
        assert (world.balance[name], world.debt[name]) == (expected["balance"], expected["debt"])
        assert world.backstop[HOME, number] == period["backstopCashCorrected"]


def expect_certificates(
    world: direct_book.World, number: int, period: dict[str, Any], energies: dict[str, tuple[int, int]]
) -> None:
    minted = direct_money.certificates(world, number, energies)
    for name, expected in period["members"].items():
        mine = sum(wh for account, area, wh in minted if (account, area) == (name, HOME))
        assert mine == expected["certificatesWh"], name


@pytest.mark.parametrize("example", EXAMPLES["agreements"], ids=by_title)
def test_a_default_charge_is_shared_over_the_agreements(example: dict[str, Any]) -> None:
    world = world_of(example, list(example["members"]))
    for trade in [*example["agreements"], *example["trades"]]:
        value = trade["energyWh"] * trade["priceTicks"]
        seller = world.traded.setdefault((trade["seller"], 0), direct_book.Trading())
        buyer = world.traded.setdefault((trade["buyer"], 0), direct_book.Trading())
        seller.sold_wh, seller.received = seller.sold_wh + trade["energyWh"], seller.received + value
        buyer.bought_wh, buyer.paid = buyer.bought_wh + trade["energyWh"], buyer.paid + value
    energies = {name: (r["importWh"], r["exportWh"]) for name, r in example["readings"].items()}
    (seller,) = {each["seller"] for each in example["agreements"]}
    traded, (import_wh, export_wh) = world.traded[seller, 0], energies[seller]
    shortfall, parts, charges = direct_money.default_charges(
        traded.sold_wh, traded.bought_wh, export_wh - import_wh, example["agreements"]
    )
    assert (shortfall, parts, charges) == (example["shortfallWh"], example["sharesWh"], example["charges"])
    charged = dict.fromkeys(energies, 0)
    for each, charge in zip(example["agreements"], charges, strict=True):
        charged[each["seller"]] -= charge
        charged[each["buyer"]] += charge
    minted = direct_money.certificates(world, 0, energies)
    cash = {name: direct_money.cash_of(world, name, 0, *energies[name]) for name in energies}
    for name, expected in example["members"].items():
        assert cash[name][0] == expected["imbalanceWh"]
        assert cash[name][1] + charged[name] == expected["cash"], name
        mine = sum(wh for account, _, wh in minted if account == name)
        assert mine == expected["certificatesWh"], name
    assert -sum(money for _, money in cash.values()) == example["backstopCash"]


@pytest.mark.parametrize("each", SHARING["shares"], ids=lambda each: str(each["substitutes"]))
def test_a_difference_is_shared_wh_by_wh_as_in_the_example(each: dict[str, Any]) -> None:
    assert direct_readings.shares(each["substitutes"], each["difference"], each["limit"]) == each["shares"]
