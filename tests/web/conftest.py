# SPDX-License-Identifier: MIT
"""One village and one Chromium for all tests of the page; each test opens pages of its own."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.screenshot import FLAGS, chromium
from tests.web.injected import Wallet
from tests.web.village import ROOT, Village, village

DESK, PHONE = (1280, 900), (390, 844)
PATIENCE_MS = 15_000
BAD = ("error", "warning")
# Chromium's own line for every refused request; the page shows the refusal itself.
REFUSED_REQUEST = re.compile(r"Failed to load resource: .*(4\d\d|503|ERR_CONNECTION|ERR_INCOMPLETE)")

Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    assert (ROOT / "web" / "dist" / "index.html").exists(), "the page isn't built: run make web"
    with village(tmp_path_factory.mktemp("village")) as living:
        yield living


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Complaints:
    """Errors and warnings of the console."""

    said: list[str] = field(default_factory=list)
    refusals_allowed: bool = False

    def unexpected(self) -> list[str]:
        return [text for text in self.said if not (self.refusals_allowed and REFUSED_REQUEST.search(text))]


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def opened(home: Village, browser: Browser, complaints: Complaints) -> Iterator[Opened]:
    """opened(wallet, …, size=PHONE): the page, with these wallets in its browser."""
    contexts = []

    def open_page(*wallets: Wallet, size: tuple[int, int] = DESK) -> Page:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height}, timezone_id="Europe/Berlin", accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: complaints.said.append(said.text) if said.type in BAD else None)
        page.on("pageerror", lambda error: complaints.said.append(str(error)))
        for wallet in wallets:
            wallet.known.setdefault(31_337, home.url + "/rpc")
            wallet.inject(page)
        page.goto(home.url)
        page.get_by_test_id("period").first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints.unexpected() == []


@pytest.fixture
def refusals_allowed(complaints: Complaints) -> None:
    """For tests in which the API says no, or isn't there."""
    complaints.refusals_allowed = True
