# SPDX-License-Identifier: MIT
"""A member trades, pays and looks, by command, on a real chain."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.api.stage import (
    BACKSTOP,
    CALENDAR,
    CHAIN_ID,
    FIRST_KEY,
    MEMBERS,
    METER,
    PERIOD,
    Stage,
    account_of,
    point_of,
)
from wattbook.cli import order
from wattbook.cli.main import main
from wattbook.keys import demo_key

pytestmark = pytest.mark.chain

Run = Callable[..., Any]
ANA, BEN = FIRST_KEY, FIRST_KEY + 1


def test_an_order_rests_is_listed_and_is_cancelled(stage: Stage, wattbook: Run) -> None:
    mine = ("--account", account_of("Ana"))
    placed = wattbook("order", "place", "sell", "1.5", "0.19", *mine, "--period", stage.period, by=ANA)
    assert placed["restWh"] == 1_500
    assert placed["tradedWh"] == 0
    (listed,) = wattbook("order", "list", *mine, "--period", stage.period)
    assert listed == {"ref": placed["ref"], "side": "sell", "energyWh": 1_500, "filledWh": 0, "live": True}
    book = wattbook("book", "--area", 1, "--period", stage.period)
    assert book["offers"] == [{"pricePerKwh": "0.1950", "kWh": "1.500"}]
    assert book["bids"] == []
    where = ("--area", 1, "--period", stage.period)
    assert wattbook("order", "cancel", placed["ref"], *where, by=ANA)["gasUsed"] > 0
    assert wattbook("book", *where)["offers"] == []
    # What was cancelled stays to be looked at; nothing of it is live.
    assert not any(each["live"] for each in wattbook("order", "list", *mine, "--period", stage.period))


def test_all_resting_orders_of_an_account_are_cancelled_page_by_page(
    stage: Stage, wattbook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order, "CANCELS", 2)
    for price in (1_900, 1_910, 1_920):
        stage.place("Ana", "offer", 500, price)
    stage.place("Ben", "offer", 500, 1_930)
    mine, where = ("--account", account_of("Ana")), ("--period", stage.period)
    done = wattbook("order", "cancel", "--all", *mine, *where, by=ANA)
    assert (len(done["refs"]), len(done["transactions"])) == (3, 2)
    assert not any(each["live"] for each in wattbook("order", "list", *mine, *where))
    assert wattbook("book", "--area", 1, *where)["offers"] == [{"pricePerKwh": "0.1980", "kWh": "0.500"}]
    again = wattbook("order", "cancel", "--all", *mine, *where, by=ANA)
    assert (again["refs"], again["gasUsed"]) == ([], 0)
    stage.place("Ana", "offer", 500, 1_900)
    assert (
        wattbook("order", "cancel", "--all", *mine, *where, by=BEN, status=3)["code"] == "not-account-owner"
    )


@pytest.mark.parametrize(
    "words", [(), ("--all",), (5, "--account", 65_552), (5, "--all"), ("--account", 65_552)]
)
def test_what_to_cancel_is_one_order_or_all(wattbook: Run, words: tuple[object, ...]) -> None:
    refused = wattbook("order", "cancel", *words, "--period", 5, by=ANA, status=2)
    assert refused["code"] == "cancel-unclear"


def test_a_bid_says_what_it_traded_and_what_rests(stage: Stage, wattbook: Run) -> None:
    stage.place("Ana", "offer", 1_000, 1_900)
    mine = ("--account", account_of("Ben"), "--period", stage.period)
    done = wattbook("order", "place", "buy", "1.2", "0.21", *mine, by=BEN)
    assert (done["tradedWh"], done["restWh"], done["value"]) == (1_000, 200, "0.1950000")
    at_once = wattbook("order", "place", "buy", "0.5", "0.20", "--immediate", *mine, by=BEN)
    assert (at_once["tradedWh"], at_once["restWh"], at_once["ref"]) == (0, 0, None)


def test_an_own_opposite_order_is_cancelled_for_the_new_one(stage: Stage, wattbook: Run) -> None:
    mine = ("--account", account_of("Ana"), "--period", stage.period)
    wattbook("order", "place", "sell", "1", "0.19", *mine, by=ANA)
    done = wattbook("order", "place", "buy", "1", "0.21", *mine, by=ANA)
    assert (done["tradedWh"], done["restWh"]) == (0, 1_000)
    assert wattbook("book", "--area", 1, "--period", stage.period)["offers"] == []


def test_periods_are_named_by_number_by_time_or_not_at_all(stage: Stage, wattbook: Run) -> None:
    by_number = wattbook("book", "--area", 1, "--period", stage.period)
    inside = datetime.fromtimestamp(stage.period * PERIOD + 100, UTC).isoformat()
    assert wattbook("book", "--area", 1, "--period", inside) == by_number
    following = wattbook("book", "--area", 1)["period"]
    assert following == CALENDAR.open_periods(stage.chain.now).start


def test_money_goes_in_and_out(stage: Stage, wattbook: Run) -> None:
    account = account_of("Ana")
    before = wattbook("member", "show", account)
    assert (before["buyer"], before["seller"], before["points"]) == (True, True, [point_of("Ana")])
    assert wattbook("money", "deposit", "2.5", "--account", account, by=ANA)["balance"] == "102.5000000"
    assert wattbook("money", "withdraw", "102.5", "--account", account, by=ANA)["balance"] == "0.0000000"
    assert wattbook("member", "show", account)["withdrawable"] == "0.0000000"


def test_signed_orders_are_cancelled_up_to_a_nonce(stage: Stage, wattbook: Run) -> None:
    account = account_of("Ana")
    wattbook("order", "cancel-up-to", 41, "--account", account, by=ANA)
    assert wattbook("member", "show", account)["nextNonce"] == 42
    refused = wattbook("order", "cancel-up-to", 41, "--account", account, by=ANA, status=3)
    assert refused["code"] == "nonce-used"


def test_only_the_backstop_says_what_an_account_may_owe(stage: Stage, wattbook: Run) -> None:
    account = account_of("Ana")
    wattbook("member", "debt-limit", "50", "--area", 1, by=BACKSTOP)
    assert wattbook("member", "show", account)["debtLimit"] == "50.0000000"
    wattbook("member", "debt-limit", "0.5", "--account", account, by=BACKSTOP)
    assert wattbook("member", "show", account)["debtLimit"] == "0.5000000"
    refused = wattbook("member", "debt-limit", "50", "--account", account, by=ANA, status=3)
    assert refused["code"] == "not-account-owner"


def test_a_deposit_that_is_refused_leaves_no_allowance(stage: Stage, wattbook: Run) -> None:
    owner, vault = stage.chain.people[FIRST_KEY], stage.chain.at["PaymentVault"]
    before = stage.chain.read("TestEuro", "allowance", owner, vault)
    refused = wattbook("money", "deposit", "1", "--account", 5, by=ANA, status=3)
    assert refused["code"] == "account-unknown"
    assert stage.chain.read("TestEuro", "allowance", owner, vault) == before


def test_an_admission_is_signed_presented_and_revoked(
    stage: Stage, wattbook: Run, tmp_path: Any, capsys: Any
) -> None:
    someone = demo_key(25, CHAIN_ID).address
    until = stage.chain.now + 3_600
    argv = ["member", "sign", someone, "--number", "77", "--valid-until", str(until), "--area", "1"]
    assert main([*argv, "--demo-key", "3", "--deployment", str(tmp_path / "deployment.json")]) == 0
    file = tmp_path / "admission.json"
    file.write_text(capsys.readouterr().out)
    admitted = wattbook("member", "admit", file, by=20)
    assert admitted["account"] == account_of("Ana") + len(MEMBERS)
    assert wattbook("member", "show", admitted["account"])["owner"] == someone
    wattbook("member", "revoke", 77, by=0)
    shown = wattbook("member", "show", admitted["account"])
    assert (shown["buyer"], shown["seller"]) == (False, False)


def test_a_gateway_and_a_metering_point_are_registered(stage: Stage, wattbook: Run) -> None:
    gateway = wattbook("meter", "gateway", stage.chain.people[26], by=0)["gateway"]
    limits = ("--max-import", "4", "--max-export", "2.5", "--default-import", "0.1")
    whose = ("--account", account_of("Ana"), "--gateway", gateway, "--device", METER)
    point = wattbook("meter", "register", *whose, *limits, by=0)
    shown = wattbook("meter", "show", point["point"])
    assert (shown["maxExportWh"], shown["gateway"], shown["firstPeriod"]) == (
        2_500,
        gateway,
        point["firstPeriod"],
    )


def test_a_settled_period_is_on_the_statement(stage: Stage, wattbook: Run, tmp_path: Any) -> None:
    stage.place("Ana", "offer", 1_000, 1_900)
    stage.place("Ben", "bid", 1_000, 2_200)
    stage.settle_period([(0, 1_200), (900, 0), (0, 0), (0, 0), (0, 0), (0, 0)], [1_950 << 16])
    period = ("--from", stage.period, "--to", stage.period)
    (ana,) = wattbook("statement", account_of("Ana"), *period)
    # 1,000 Wh at 1,900 ticks, and 200 Wh more than sold, at the feed-in tariff.
    assert (ana["exportWh"], ana["soldWh"], ana["imbalanceWh"]) == (1_200, 1_000, 200)
    assert ana["cashUnits"] == 1_000 * 1_900 + 200 * 800
    (reading,) = wattbook("meter", "readings", point_of("Ana"), "--period", stage.period, "--count", 1)
    assert (reading["exportKwh"], reading["quality"]) == ("1.200", "measured")
    # By default the last periods that are over.
    newest = wattbook("meter", "readings", point_of("Ana"))[-1]
    assert newest["period"] == CALENDAR.period_of(stage.chain.now) - 1
    table = wattbook("statement", account_of("Ana"), *period, "--csv", as_json=False)
    (row,) = csv.DictReader(io.StringIO(table))
    assert int(row["cashUnits"]) == ana["cashUnits"]
    # By default the last 96 periods, of which only a few have terms.
    assert wattbook("statement", account_of("Ana"))[-1]["period"] == CALENDAR.period_of(stage.chain.now) - 1


def test_settle_does_what_is_due_once(stage: Stage, wattbook: Run, tmp_path: Any) -> None:
    stage.place("Ana", "offer", 1_000, 1_900)
    stage.place("Ben", "bid", 1_000, 2_200)
    stage.chain.go_to(CALENDAR.starts_at(stage.period))
    stage.chain.rpc("evm_mine", {"timestamp": stage.chain.now + 1})
    stage.chain.now += 1
    journal = ("--journal", tmp_path / "keeper.db")
    assert wattbook("settle", *journal, by=9)["calls"] == 1
    assert wattbook("settle", *journal, by=9)["calls"] == 0
    assert stage.chain.read("OrderBook", "marketOf", stage.market)["closed"]


def test_people_see_tables(stage: Stage, wattbook: Run) -> None:
    stage.place("Ana", "offer", 1_000, 1_900)
    where = ("--period", stage.period)
    assert "0.1950" in wattbook("book", "--area", 1, *where, as_json=False)
    assert "sell" in wattbook("order", "list", "--account", account_of("Ana"), *where, as_json=False)
    assert "balance" in wattbook("member", "show", account_of("Ana"), as_json=False)
    assert "measured" not in wattbook("meter", "readings", 1, *where, as_json=False)
