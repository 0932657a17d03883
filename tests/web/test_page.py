# SPDX-License-Identifier: MIT
"""The page in Chromium, against a chain, indexer, relay and API that run."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.stage import Stage, account_of, key_of
from tests.web.conftest import PHONE, Opened
from tests.web.injected import Wallet
from tests.web.village import NOTE, Village

pytestmark = [pytest.mark.browser, pytest.mark.chain, pytest.mark.slow]

# What sticks out of the window on the right and isn't inside something that scrolls by itself.
OUTSIDE = """() => [...document.querySelectorAll("main *")]
    .filter((element) => !element.closest(".strip, .scroll, .people, .sr-only, svg, .chart"))
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .map((element) => element.outerHTML.slice(0, 90))"""


def connect(page: Page) -> None:
    page.get_by_test_id("connect").click()
    expect(page.get_by_test_id("address")).to_be_visible()


def choose(page: Page, market: dict[str, Any]) -> None:
    page.locator(f"[data-testid=period][data-market='{market['market']}']").click()
    expect(page.locator("[data-testid=period][aria-pressed=true]")).to_have_attribute(
        "data-market", str(market["market"])
    )


def fill_order(page: Page, side: str, kwh: str, cents: str, now: bool = False) -> None:
    page.get_by_test_id(f"side-{side}").check()
    page.get_by_test_id("way-now" if now else "way-limit").check()
    page.get_by_test_id("energy").fill(kwh)
    page.get_by_test_id("price").fill(cents)


def order_in(page: Page, state: str) -> Locator:
    return page.locator(f"[data-testid=order][data-state={state}]").first


def placed(page: Page, state: str) -> None:
    expect(page.get_by_test_id("order-state")).to_have_attribute("data-state", state)


def test_anybody_sees_the_community_its_clock_and_its_prices(home: Village, opened: Opened) -> None:
    page = opened()
    expect(page.get_by_test_id("community")).to_have_text("Stage")
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")
    expect(page.get_by_test_id("price-scale")).to_contain_text("32.00 ct")
    expect(page.get_by_test_id("demo")).to_contain_text(NOTE)
    expect(page.get_by_test_id("sign-in")).to_have_count(0)
    clock = page.get_by_test_id("clock")
    before = clock.get_attribute("data-now") or ""
    expect(clock).not_to_have_attribute("data-now", before)
    assert abs(home.stage.chain.now - int(before)) < 60


def test_a_wallet_on_another_network_is_moved_to_ours(home: Village, opened: Opened) -> None:
    wallet = Wallet(key_of("Ana"), chain_id=1)
    page = opened(wallet)
    wallet.known.clear()
    connect(page)
    expect(page.get_by_test_id("wrong-network")).to_have_count(0)
    assert wallet.chain_id == 31_337
    assert wallet.known == {31_337: home.url + "/rpc"}
    assert wallet.asked.index("wallet_addEthereumChain") > wallet.asked.index("wallet_switchEthereumChain")


def test_a_refused_change_of_network_can_be_made_later(opened: Opened) -> None:
    wallet = Wallet(key_of("Ana"), chain_id=1, refuses={"wallet_switchEthereumChain"})
    page = opened(wallet)
    connect(page)
    expect(page.get_by_test_id("wrong-network")).to_be_visible()
    expect(page.get_by_test_id("connect")).to_be_enabled()
    wallet.refuses.clear()
    page.get_by_test_id("switch-network").click()
    expect(page.get_by_test_id("wrong-network")).to_have_count(0)


def test_saying_no_in_the_wallet_is_no_error(opened: Opened) -> None:
    wallet = Wallet(key_of("Ana"), refuses={"eth_requestAccounts"})
    page = opened(wallet)
    page.get_by_test_id("connect").click()
    expect(page.get_by_test_id("connect")).to_have_text("Connect wallet")
    expect(page.locator("[role=alert]")).to_have_count(0)
    wallet.refuses = {"eth_signTypedData_v4"}
    connect(page)
    fill_order(page, "bid", "0.5", "20")
    page.get_by_test_id("place").click()
    expect(page.get_by_test_id("place")).to_have_text("Sign and buy")
    assert wallet.asked.count("eth_signTypedData_v4") == 1
    expect(page.locator("[role=alert]")).to_have_count(0)
    expect(page.get_by_test_id("progress")).to_have_count(0)


def test_several_wallets_are_offered_for_choice(opened: Opened) -> None:
    page = opened(Wallet(key_of("Ana"), "first"), Wallet(key_of("Ben"), "second"))
    page.get_by_test_id("connect").click()
    page.get_by_test_id("wallet-choice").filter(has_text="second").click()
    expect(page.get_by_test_id("address")).to_have_attribute("title", key_of("Ben").address)


def test_a_wallet_that_announces_nothing_is_found_and_comes_back_after_a_reload(opened: Opened) -> None:
    wallet = Wallet(key_of("Cem"), legacy=True)
    page = opened(wallet)
    connect(page)
    page.reload()
    expect(page.get_by_test_id("address")).to_have_attribute("title", key_of("Cem").address)
    assert wallet.asked.count("eth_requestAccounts") == 1


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


def test_a_visitor_without_a_wallet_tries_a_test_account(home: Village, opened: Opened) -> None:
    market = home.open_market(6)
    page = opened()
    page.get_by_test_id("demo-account").filter(has_text="Eva").get_by_test_id("try-account").click()
    expect(page.get_by_test_id("address")).to_contain_text("Eva")
    choose(page, market)
    fill_order(page, "bid", "0.2", "20")
    page.get_by_test_id("place").click()
    placed(page, "resting")


def test_a_phone_shows_everything_without_scrolling_sideways(opened: Opened) -> None:
    page = opened(Wallet(key_of("Ana")), size=PHONE)
    connect(page)
    page.get_by_test_id("sign-in-button").click()
    expect(page.get_by_test_id("balance")).to_be_visible()
    root = "document.documentElement"
    widths = page.evaluate(f"[{root}.scrollWidth, {root}.clientWidth]")
    assert widths[0] <= widths[1] == PHONE[0]
    assert page.evaluate(OUTSIDE) == []


def test_what_a_reorganisation_undoes_vanishes_from_the_page(home: Village, opened: Opened) -> None:
    page = opened()
    market = home.open_market(6)
    choose(page, market)
    period = market["period"]
    before = home.between(place_directly(period))
    row = page.locator("[data-testid=offers] .level").filter(has_text="0.333 kWh")
    expect(row).to_be_visible()
    home.between(lambda stage: stage.chain.rpc("anvil_reorg", height(stage) - before, []))
    expect(row).to_have_count(0)


@pytest.mark.usefixtures("refusals_allowed")
def test_the_page_says_when_the_api_is_away_and_recovers_by_itself(home: Village, opened: Opened) -> None:
    page = opened()
    home.stop_api()
    expect(page.get_by_test_id("away")).to_be_visible()
    home.start_api()
    expect(page.get_by_test_id("away")).to_have_count(0)
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")


def test_a_member_sees_own_energy_and_statement_after_settlement(home: Village, opened: Opened) -> None:
    """Last: it moves the village's clock past a whole period."""
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


def height(stage: Stage) -> int:
    return int(stage.chain.rpc("eth_blockNumber"), 16)


def place_directly(period: int) -> Callable[[Stage], int]:
    """Fay's own transaction, past the relay; answers the block before it."""

    def place(stage: Stage) -> int:
        before = height(stage)
        nonce = stage.chain.read("PaymentVault", "nextNonce", account_of("Fay"))
        stage.place("Fay", "offer", 333, 1_900, period=period, nonce=nonce)
        return before

    return place
