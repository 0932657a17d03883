# SPDX-License-Identifier: MIT
"""The worked example and the vectors, on the model."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.wattbook.model.scenario import Play, of_scenario

SHARED = Path(__file__).parents[2] / "vectors" / "settlement.json"
SCENARIOS = json.loads(SHARED.read_text("utf-8"))["scenarios"]


def play(game: Play, period: dict[str, Any]) -> None:
    for name, cash in period["deposits"].items():
        game.deposit(name, cash)
    before = game.wealths()
    for order in period["orders"]:
        entered = game.order(order["member"], order["side"], order["priceTicks"], order["energyWh"])
        assert entered.tick == order.get("tick", entered.tick)
        assert entered.locks == order.get("locks", entered.locks)
    game.claim_all()
    expect_positions(game, period)
    missing = period["members"].keys() - period["readings"].keys()
    game.meter({name: (r["importWh"], r["exportWh"]) for name, r in period["readings"].items()}, missing)
    for name in missing:
        game.book_default(name)
    game.settle()
    assert game.community.settlement.pay_fees(game.market) == period.get("fees", 0)
    expect_cash(game, period, before)
    if "corrected" in period:
        expect_corrected(game, period, before)
    game.hand_out()
    expect_certificates(game, period)


def expect_positions(game: Play, period: dict[str, Any]) -> None:
    settlement = game.community.settlement
    for name, expected in period["members"].items():
        position = settlement.position(game.accounts[name], 0, game.period)
        assert position.contracted_wh == expected["contractedWh"]
        if "locked" in expected:
            assert position.locked == expected["locked"]
        if "loweredTo" in expected:
            settlement.lower_lock(game.accounts[name], 0, game.period, 10**10)
            assert position.locked == expected["loweredTo"]


def expect_cash(game: Play, period: dict[str, Any], before: dict[str, int]) -> None:
    after = game.wealths()
    for name, expected in period["members"].items():
        holding = game.community.vault.holding(game.accounts[name])
        assert after[name] - before[name] == expected["cash"], name
        assert holding.debt == expected.get("debt", holding.debt)
        assert holding.balance == expected.get("balance", holding.balance)
        assert holding.unowed == expected.get("withdrawable", holding.unowed)
    area = game.community.settlement.area(*game.market)
    assert after["backstop"] - before["backstop"] == area.backstop_cash == period["backstopCash"]
    for number, cash in period.get("backstopCashAbroad", {}).items():
        assert after[f"backstop {number}"] - before[f"backstop {number}"] == cash
    assert sum(after.values()) == sum(before.values())


def expect_corrected(game: Play, period: dict[str, Any], before: dict[str, int]) -> None:
    """The registers are known late; the share of what was substituted is settled anew."""
    for name, known in period["known"].items():
        game.know_late(name, known["importWh"], known["exportWh"])
        expected, holding = period["corrected"][name], game.community.vault.holding(game.accounts[name])
        assert game.wealth(game.accounts[name]) - before[name] == expected["cash"]
        assert (holding.balance, holding.debt) == (expected["balance"], expected["debt"])
    cash = game.community.settlement.area(*game.market).backstop_cash
    assert game.wealths()["backstop"] - before["backstop"] == cash == period["backstopCashCorrected"]


def expect_certificates(game: Play, period: dict[str, Any]) -> None:
    for name, expected in period["members"].items():
        assert game.community.certificates.owned[name, game.market] == expected["certificatesWh"], name
    assert game.community.settlement.area(*game.market).pool_wh == period["poolWh"]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["title"])
def test_the_model_comes_to_the_vector(scenario: dict[str, Any]) -> None:
    game = of_scenario(scenario)
    for period in scenario["periods"]:
        play(game, period)
        assert game.community.vault.pots[game.community.settlement.pot_of(game.market)] == 0
        game.next_period()
