# SPDX-License-Identifier: MIT
"""What a person does on the page, and where to look for the outcome."""

from typing import Any

from playwright.sync_api import Locator, Page, expect


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
