# SPDX-License-Identifier: MIT
"""The page in Chromium, against a chain, indexer, relay and API that run: what it shows, and its wallets."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.api.stage import Stage, account_of, key_of
from tests.web.conftest import PHONE, Opened
from tests.web.gestures import choose, connect, fill_order
from tests.web.injected import Wallet
from tests.web.village import NOTE, Village

# One village for all of them, so one worker too.
pytestmark = [pytest.mark.browser, pytest.mark.chain, pytest.mark.slow, pytest.mark.xdist_group("page")]

# What sticks out of the window on the right and isn't inside something that scrolls by itself.
OUTSIDE = """() => [...document.querySelectorAll("main *")]
    .filter((element) => !element.closest(".strip, .scroll, .people, .sr-only, svg, .chart"))
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .map((element) => element.outerHTML.slice(0, 90))"""


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
