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
        game.order(order["member"], order["side"], order["priceTicks"], order["energyWh"])
    game.claim_all()
    expect_positions(game, period)
    game.meter({name: (r["importWh"], r["exportWh"]) for name, r in period["readings"].items()})
    game.settle()
    game.community.settlement.pay_fees(game.market)
    game.hand_out()
    expect_cash(game, period, before)


def expect_positions(game: Play, period: dict[str, Any]) -> None:
    settlement = game.community.settlement
    for name, expected in period["members"].items():
        position = settlement.position(game.accounts[name], 0, game.period)
        assert position.contracted_wh == expected["contractedWh"]
        if "locked" in expected:
            assert position.locked == expected["locked"]
            settlement.lower_lock(game.accounts[name], 0, game.period, 10**10)
            assert position.locked == expected["loweredTo"]


def expect_cash(game: Play, period: dict[str, Any], before: dict[str, int]) -> None:
    after = game.wealths()
    certificates = game.community.certificates.owned
    for name, expected in period["members"].items():
        holding = game.community.vault.holding(game.accounts[name])
        assert after[name] - before[name] == expected["cash"], name
        assert certificates[name, game.market] == expected["certificatesWh"], name
        assert holding.debt == expected.get("debt", holding.debt)
        assert holding.balance == expected.get("balance", holding.balance)
        assert holding.unowed == expected.get("withdrawable", holding.unowed)
    area = game.community.settlement.area(*game.market)
    assert after["backstop"] - before["backstop"] == area.backstop_cash == period["backstopCash"]
    assert area.pool_wh == period["poolWh"]
    assert sum(after.values()) == sum(before.values())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["title"])
def test_the_model_comes_to_the_vector(scenario: dict[str, Any]) -> None:
    game = of_scenario(scenario)
    for period in scenario["periods"]:
        play(game, period)
        assert game.community.vault.pots[game.community.settlement.pot_of(game.market)] == 0
        game.next_period()
