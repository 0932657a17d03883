# SPDX-License-Identifier: MIT
"""Orders written, signed, filled and cancelled on the page."""

import pytest
from playwright.sync_api import expect

from tests.api.stage import key_of
from tests.web.conftest import Opened
from tests.web.gestures import choose, connect, fill_order, order_in, placed
from tests.web.injected import Wallet
from tests.web.village import Village

# One village for all of them, so one worker too.
pytestmark = [pytest.mark.browser, pytest.mark.chain, pytest.mark.slow, pytest.mark.xdist_group("page")]


def test_an_order_rests_until_a_neighbour_fills_it(home: Village, opened: Opened) -> None:
    market = home.open_market(1)
    page = opened(Wallet(key_of("Ana")))
    connect(page)
    choose(page, market)
    fill_order(page, "offer", "1.5", "18")
    expect(page.get_by_test_id("preview-value")).to_have_text("0.2700 TEUR")
    expect(page.get_by_test_id("preview-supplier")).to_have_text("0.1200 TEUR")
    expect(page.get_by_test_id("preview-lock")).to_have_text("0.2100 TEUR")
    page.get_by_test_id("place").click()
    placed(page, "resting")
    # Folded: the seller's 18.00 plus its levy; a buyer sees its own levy on top.
    expect(page.locator("[data-testid=offers] .level")).to_have_attribute("data-price", "1850")
    expect(page.locator("[data-testid=offers] .level-price")).to_have_text("19.50 ct")

    home.order("Ben", market["market"], "bid", "0.5", "0.21")
    expect(order_in(page, "resting")).to_contain_text("partly traded")
    home.order("Cem", market["market"], "bid", "1.0", "0.21")
    placed(page, "filled")
    assert len(home.get(f"/v1/markets/{market['market']}/trades")["items"]) == 2
    expect(page.get_by_test_id("trade-row")).to_have_count(2)
    expect(page.get_by_test_id("progress")).to_contain_text("1.5 kWh at 18.00 ct")


def test_a_resting_order_is_cancelled_by_signature(home: Village, opened: Opened) -> None:
    market = home.open_market(2)
    wallet = Wallet(key_of("Ben"))
    page = opened(wallet)
    connect(page)
    choose(page, market)
    fill_order(page, "bid", "0.7", "15")
    page.get_by_test_id("place").click()
    placed(page, "resting")
    expect(page.locator("[data-testid=bids] .level")).to_have_count(1)
    order_in(page, "resting").get_by_test_id("cancel").click()
    placed(page, "cancelled")
    expect(page.locator("[data-testid=bids] .level")).to_have_count(0)
    assert wallet.asked.count("eth_signTypedData_v4") == 2


def test_an_order_for_now_takes_what_is_offered_and_drops_the_rest(home: Village, opened: Opened) -> None:
    market = home.open_market(3)
    home.order("Dan", market["market"], "offer", "0.4", "0.16")
    page = opened(Wallet(key_of("Cem")))
    connect(page)
    choose(page, market)
    page.locator("[data-testid=offers] .level").click()
    expect(page.get_by_test_id("energy")).to_have_value("0.4")
    expect(page.get_by_test_id("price")).to_have_value("17.50")
    fill_order(page, "bid", "1", "25", now=True)
    expected = "0.4 kWh is on offer now, for 0.0700 TEUR; the rest is dropped."
    expect(page.get_by_test_id("preview-now")).to_have_text(expected)
    page.get_by_test_id("place").click()
    placed(page, "dropped")
    expect(page.get_by_test_id("progress")).to_contain_text("partly traded, the rest dropped")


def test_an_own_order_in_the_way_is_cancelled_only_after_asking(home: Village, opened: Opened) -> None:
    market = home.open_market(4)
    page = opened(Wallet(key_of("Dan")))
    connect(page)
    choose(page, market)
    fill_order(page, "offer", "0.3", "12")
    page.get_by_test_id("place").click()
    placed(page, "resting")
    fill_order(page, "bid", "0.3", "20")
    page.get_by_test_id("place").click()
    page.get_by_test_id("own-orders").get_by_text("Leave it").click()
    expect(order_in(page, "resting")).to_contain_text("Sell")
    page.get_by_test_id("place").click()
    page.get_by_test_id("own-orders").get_by_text("Go on").click()
    expect(order_in(page, "resting")).to_contain_text("Buy")


@pytest.mark.parametrize(
    ("kwh", "cents", "field", "words"),
    [
        ("0.001", "20", "energy", "smallest order"),
        ("9000", "20", "energy", "greatest order"),
        ("1.2345", "20", "energy", "3 decimals"),
        ("a lot", "20", "energy", "Write a number"),
        ("1", "32.01", "price", "need never pay more"),
        ("1", "-3", "price", "negative"),
    ],
)
def test_a_wrong_figure_is_explained_beside_its_field(
    opened: Opened, kwh: str, cents: str, field: str, words: str
) -> None:
    page = opened()
    fill_order(page, "bid", kwh, cents)
    expect(page.get_by_test_id(f"{field}-problem")).to_contain_text(words)
    expect(page.get_by_test_id("preview")).to_have_count(0)


@pytest.mark.usefixtures("refusals_allowed")
def test_what_the_api_refuses_is_shown_in_place(home: Village, opened: Opened) -> None:
    market = home.open_market(5)
    page = opened(Wallet(key_of("Eva")))
    connect(page)
    choose(page, market)
    fill_order(page, "bid", "5000", "30")
    page.get_by_test_id("place").click()
    expect(page.locator("#trade [role=alert]")).not_to_be_empty()
    expect(page.get_by_test_id("progress")).to_have_count(0)


def test_a_stranger_is_told_that_members_are_admitted(opened: Opened) -> None:
    page = opened(Wallet(key_of("stranger")))
    connect(page)
    expect(page.get_by_test_id("obstacle")).to_contain_text("isn’t a member")
    expect(page.get_by_test_id("place")).to_be_disabled()


def test_a_visitor_without_a_wallet_tries_a_test_account(home: Village, opened: Opened) -> None:
    market = home.open_market(6)
    page = opened()
    page.get_by_test_id("demo-account").filter(has_text="Eva").get_by_test_id("try-account").click()
    expect(page.get_by_test_id("address")).to_contain_text("Eva")
    choose(page, market)
    fill_order(page, "bid", "0.2", "20")
    page.get_by_test_id("place").click()
    placed(page, "resting")
