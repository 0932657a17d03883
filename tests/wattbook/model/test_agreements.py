# SPDX-License-Identifier: MIT
"""Default charges of agreements, on a whole period of the model."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wattbook.model.scenario import Play, terms_of
from wattbook.model.agreements import Agreement, charge, lock, payments, share_wh, shortfall_wh
from wattbook.model.energy import Energy
from wattbook.model.positions import Position
from wattbook.model.records import Fill
from wattbook.model.vault import Payment, Pot

VECTORS = Path(__file__).parents[2] / "vectors" / "settlement.json"
EXAMPLES = json.loads(VECTORS.read_text("utf-8"))["agreements"]
FUNDS = 10_000_000
CHARGES = Pot("Agreements", 0)


def agree(game: Play, wish: dict[str, Any]) -> Agreement:
    """Money and energy as a venue of agreements brings them: the price comes from the buyer, into the pot."""
    vault, settlement = game.community.vault, game.community.settlement
    seller, buyer = game.accounts[wish["seller"]], game.accounts[wish["buyer"]]
    energy_wh, value = wish["energyWh"], wish["energyWh"] * wish["priceTicks"]
    agreement = Agreement(energy_wh, wish["chargeTicks"], ((buyer, energy_wh),))
    vault.lock(seller, CHARGES, lock(agreement))
    vault.lock(buyer, settlement.pot_of(game.market), value)
    sale, purchase = Fill(seller), Fill(buyer)
    sale.sell(energy_wh, value, 0)
    purchase.buy(energy_wh, value)
    settlement.book_fills(game.market, [sale, purchase], 0)
    return agreement


def pay_charges(game: Play, seller: int, position: Position, agreements: list[Agreement]) -> None:
    vault = game.community.vault
    paid = payments(position, agreements)
    vault.pay_many(CHARGES, [Payment(account, cash, 0) for account, cash in paid])
    vault.release(seller, CHARGES, sum(map(lock, agreements)) - sum(cash for _, cash in paid))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["title"])
def test_a_default_charge_is_as_in_the_vector(example: dict[str, Any]) -> None:
    game = Play(terms_of(example["terms"]), sorted(example["members"]))
    for name in example["members"]:
        game.deposit(name, FUNDS)
    before = game.wealths()
    for trade in example["trades"]:
        game.order(trade["seller"], "offer", trade["priceTicks"], trade["energyWh"])
        game.order(trade["buyer"], "bid", trade["priceTicks"], trade["energyWh"])
    agreements = [agree(game, wish) for wish in example["agreements"]]
    game.claim_all()
    game.meter({name: (it["importWh"], it["exportWh"]) for name, it in example["readings"].items()})
    game.settle()
    game.hand_out()
    (seller,) = {game.accounts[wish["seller"]] for wish in example["agreements"]}
    position = game.community.settlement.position(seller, 0, game.period)
    assert shortfall_wh(position) == example["shortfallWh"]
    assert [share_wh(position, each) for each in agreements] == example["sharesWh"]
    assert [charge(position, each) for each in agreements] == example["charges"]
    pay_charges(game, seller, position, agreements)
    expect(game, example, before)


def expect(game: Play, example: dict[str, Any], before: dict[str, int]) -> None:
    settlement, after = game.community.settlement, game.wealths()
    for name, expected in example["members"].items():
        position = settlement.position(game.accounts[name], 0, game.period)
        assert position.metered.net - position.contracted_wh == expected["imbalanceWh"]
        assert after[name] - before[name] == expected["cash"], name
        owned = game.community.certificates.owned
        assert owned[name, game.market] == expected["certificatesWh"]
    assert after["backstop"] - before["backstop"] == example["backstopCash"]
    assert settlement.area(*game.market).pool_wh == example["poolWh"]
    assert game.community.vault.pots[CHARGES] == 0
    assert sum(after.values()) == sum(before.values())


def test_the_buyers_of_an_agreement_share_its_charge_to_the_unit() -> None:
    position = Position(sold_wh=1_000, metered=Energy(0, 667))
    agreement = Agreement(1_000, 1, ((17, 333), (18, 333), (19, 334)))
    assert payments(position, [agreement]) == [(17, 110), (18, 111), (19, 112)]


def test_who_delivers_or_bought_more_than_it_sold_is_charged_nothing() -> None:
    agreement = Agreement(500, 300, ((17, 500),))
    for position in (
        Position(sold_wh=500, metered=Energy(0, 500)),
        Position(sold_wh=500, bought_wh=600, metered=Energy(400, 0)),
        Position(),
    ):
        assert shortfall_wh(position) == charge(position, agreement) == 0


@given(
    st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 57_599), st.integers(1, 4)), min_size=1),
    st.integers(0, 5_000),
    st.integers(0, 10_000),
    st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)),
)
def test_no_charge_exceeds_its_lock_and_its_buyers_get_all_of_it(
    drawn: list[tuple[int, int, int]], in_the_book: int, bought_wh: int, metered: tuple[int, int]
) -> None:
    agreements = [
        Agreement(wh * count, ticks, tuple((17 + one, wh) for one in range(count)))
        for wh, ticks, count in drawn
    ]
    sold_wh = in_the_book + sum(each.energy_wh for each in agreements)
    position = Position(sold_wh=sold_wh, bought_wh=bought_wh, metered=Energy(*metered))
    assert sum(share_wh(position, each) for each in agreements) <= shortfall_wh(position)
    for each in agreements:
        paid = [cash for _, cash in payments(position, [each])]
        assert min(paid) >= 0
        assert sum(paid) == charge(position, each) <= lock(each)
