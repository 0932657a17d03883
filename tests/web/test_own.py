# SPDX-License-Identifier: MIT
"""What is the member's own: money, energy, statement."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.api.stage import CALENDAR, CARRIER, Stage, account_of, key_of, point_of
from tests.web.conftest import DESK, PHONE, Opened
from tests.web.gestures import connect
from tests.web.injected import Wallet
from tests.web.village import Village

# The state of a dispute that nobody decided.
OPEN = 1

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
    """The first period, once: Ana sells to Ben, all else is imbalance."""
    if stage.chain.read("Settlement", "hasSettled", account_of("Ana"), CARRIER, stage.period):
        return
    stage.place("Ana", "offer", 1_500, 1_900)
    stage.place("Ben", "bid", 1_500, 2_100)
    stage.settle_period([(0, 1_800), (1_700, 0), (400, 0), (0, 0), (0, 0), (0, 0)], [1_950 << 16])


def test_what_a_correction_still_brings_stands_in_the_statement(home: Village, opened: Opened) -> None:
    home.between(trade_and_settle)
    page = opened(Wallet(key_of("Ana")))
    connect(page)
    page.get_by_test_id("sign-in-button").click()
    expect(page.get_by_test_id("statement-table")).to_contain_text("settled")
    expect(page.get_by_test_id("unsettled")).to_have_count(0)
    home.between(feed_in_more)
    expect(page.get_by_test_id("unsettled")).to_contain_text("still to come: +0.0080")
    home.between(settle_correction)
    expect(page.get_by_test_id("unsettled")).to_have_count(0)
    expect(page.get_by_test_id("statement-table")).to_contain_text("corrected")


def feed_in_more(stage: Stage) -> None:
    """100 Wh more than Ana's meter was read to have fed in."""
    stage.operate("MeterReadings", "correct", point_of("Ana"), stage.period, 1_000, 2_900, "swapped")


def settle_correction(stage: Stage) -> None:
    stage.anyone("Settlement", "settleCorrection", account_of("Ana"), CARRIER, stage.period)


def test_a_member_disputes_a_reading_of_its_own(home: Village, opened: Opened) -> None:
    home.between(trade_and_settle)
    wallet = Wallet(key_of("Cem"))
    page = opened(wallet)
    connect(page)
    page.get_by_test_id("sign-in-button").click()
    reading = page.get_by_test_id("disputed-reading")
    reading.select_option(index=1)
    form = page.get_by_test_id("dispute-form")
    expect(form).to_contain_text("kWh used")
    page.get_by_test_id("file-dispute").click()
    expect(page.get_by_test_id("claim-import-problem")).to_contain_text("what was read")
    claimed = float(page.get_by_test_id("claim-import").input_value()) - 0.25
    page.get_by_test_id("claim-import").fill(f"{claimed:.3f}")
    expect(page.get_by_test_id("bond")).to_contain_text("TEUR")
    fits(page, "disputes")
    page.get_by_test_id("file-dispute").click()
    filed = page.get_by_test_id("filed-disputes")
    expect(filed).to_contain_text("The grid operator looks into it, until")
    expect(form).to_have_count(0)
    assert wallet.asked.count("eth_sendTransaction") == 1
    fits(page, "disputes")


def test_a_member_uses_certificates_up(home: Village, opened: Opened) -> None:
    """It moves the village's clock past the time of corrections."""
    home.between(trade_and_settle)
    home.between(close_and_hand_out)
    wallet = Wallet(key_of("Ben"))
    page = opened(wallet)
    connect(page)
    page.get_by_test_id("sign-in-button").click()
    energy = page.get_by_test_id("retired-energy")
    expect(energy).to_be_visible()
    fits(page, "certificates")
    most = energy.input_value()
    energy.fill("1000")
    page.get_by_test_id("retire").click()
    expect(page.get_by_test_id("retired-energy-problem")).to_contain_text(f"{most} kWh")
    energy.fill("0.1")
    page.get_by_test_id("retire").click()
    expect(page.get_by_test_id("retired")).to_have_text("0.100 kWh used up.")
    expect(energy).not_to_have_value(most)
    assert wallet.asked.count("eth_sendTransaction") == 1


def close_and_hand_out(stage: Stage) -> None:
    """Nobody decided a dispute in time."""
    stage.chain.go_to(CALENDAR.corrections_until_at(stage.period))
    dispute = point_of("Cem"), stage.period
    if stage.chain.read("Disputes", "disputeOf", *dispute)["state"] == OPEN:
        stage.anyone("Disputes", "expireDispute", *dispute)
    stage.hand_out()


def fits(page: Page, card: str) -> None:
    """Nothing sticks out, on a desk and on a phone."""
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        inside = page.get_by_test_id(card).evaluate(
            """(card) => [...card.querySelectorAll("*")].every(
              (part) => part.getBoundingClientRect().right <= card.getBoundingClientRect().right + 1)"""
        )
        assert inside, (card, width)
