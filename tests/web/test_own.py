# SPDX-License-Identifier: MIT
"""What is the member's own: money, energy, statement."""

import re

import pytest
from playwright.sync_api import expect

from tests.api.stage import Stage, account_of, key_of
from tests.web.conftest import Opened
from tests.web.gestures import connect
from tests.web.injected import Wallet
from tests.web.village import Village

# One village for all of them, so one worker too.
pytestmark = [pytest.mark.browser, pytest.mark.chain, pytest.mark.slow, pytest.mark.xdist_group("page")]


def test_money_comes_in_by_permit_and_goes_out(opened: Opened) -> None:
    wallet = Wallet(key_of("Fay"))
    page = opened(wallet)
    connect(page)
    page.get_by_test_id("sign-in-button").click()
    balance = page.get_by_test_id("balance")
    expect(balance).to_have_text("100.0000 TEUR")
    for way, amount, after in (
        ("mint", "50", "100.0000"),
        ("deposit", "12.5", "112.5000"),
        ("withdraw", "2.25", "110.2500"),
    ):
        page.get_by_test_id(f"way-{way}").click()
        page.get_by_test_id(f"amount-{way}").fill(amount)
        page.get_by_test_id(f"do-{way}").click()
        expect(page.get_by_test_id("money-done")).to_contain_text("done")
        expect(balance).to_have_text(f"{after} TEUR")
    assert wallet.asked.count("eth_sendTransaction") == 3


def test_a_member_sees_own_energy_and_statement_after_settlement(home: Village, opened: Opened) -> None:
    """It moves the village's clock past a whole period."""
    page = opened(Wallet(key_of("Ana")))
    connect(page)
    page.get_by_test_id("sign-in-button").click()
    expect(page.get_by_test_id("mine")).to_be_visible()
    home.between(trade_and_settle)
    expect(page.get_by_test_id("total-exportWh")).to_have_text("1.8 kWh")
    expect(page.get_by_test_id("total-soldWh")).to_contain_text("kWh")
    totals = page.get_by_test_id("statement-totals")
    expect(totals).to_contain_text("1.800")
    with page.expect_download() as download:
        page.get_by_test_id("csv").click()
    assert re.fullmatch(rf"statement-{account_of('Ana')}-\d+-\d+\.csv", download.value.suggested_filename)
    lines = download.value.path().read_text().splitlines()
    assert lines[0].startswith("period,")
    assert any(",1800," in line for line in lines[1:])


def trade_and_settle(stage: Stage) -> None:
    """The first period, in which nothing traded: all of it is imbalance."""
    stage.settle_period([(0, 1_800), (1_700, 0), (400, 0), (0, 0), (0, 0), (0, 0)], [])
