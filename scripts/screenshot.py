# SPDX-License-Identifier: MIT
"""`make screenshot`: plays a demo day, looks at the page with Chromium and writes docs/images/*.png.

SEED and PERIODS choose the day, as for `make demo`.
"""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from wattbook.errors import ProgramMissing, WattbookError
from wattbook.processes import Supervisor

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
OUT = ROOT / "out" / "screenshot"
DAY_SECONDS = 1_200
GRACE_SECONDS = 60
PATIENCE_MS = 60_000
# Charts and fonts come to rest.
SETTLED_MS = 3_000
DESK, PHONE = (1280, 1400), (390, 844)
# Where the choice of periods lies just below the page's sticky head.
PERIODS_TOP = "document.querySelector('[data-testid=periods]').getBoundingClientRect().top + scrollY - 130"
OPEN_AT = re.compile(r"Markets stay open at (http://\S+)")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def chromium() -> str:
    """The program that tools/chromium.sh makes sure of. Raises ProgramMissing."""
    names = (os.environ.get("CHROMIUM", "chromium"), "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise ProgramMissing(program="chromium")
    return found


def page_is_open(line: str) -> dict[str, Any] | None:
    """The page's address in the line by which the demo says that its day is over and visitors may come."""
    found = OPEN_AT.search(line)
    return {"url": found[1]} if found else None


def main() -> int:
    """Exit status: 0, or that of the error, after one sentence."""
    command = [sys.executable, "-m", "scripts.demo", "--port", "0", "--chain-port", "0", "--out", str(OUT)]
    environment = {"PERIODS": os.environ.get("PERIODS", "48"), "COLUMNS": "200"}
    try:
        program = chromium()
        with Supervisor(grace=GRACE_SECONDS) as supervisor:
            sys.stdout.write("Playing a demo day; that takes some minutes.\n")
            demo = supervisor.start("demo", command, environment, page_is_open, DAY_SECONDS, guarded=True)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
                take_pictures(browser, demo.facts["url"])
                browser.close()
    except WattbookError as error:
        sys.stderr.write(f"wattbook: {error}\n")
        return error.exit_status
    return 0


def take_pictures(browser: Browser, url: str) -> None:
    """The market, the member's own part, and the page on a phone."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    desk = open_page(browser, url, DESK)
    sign_in(desk)
    choose_lively(desk)
    keep(desk, "page.png")
    desk.get_by_test_id("mine").scroll_into_view_if_needed()
    desk.evaluate("document.querySelector('.top').style.position = 'static'")
    desk.get_by_test_id("mine").screenshot(path=IMAGES / "mine.png")
    phone = open_page(browser, url, PHONE)
    choose_lively(phone)
    phone.evaluate(f"window.scrollTo({{top: {PERIODS_TOP}, behavior: 'instant'}})")
    keep(phone, "phone.png")


def open_page(browser: Browser, url: str, size: tuple[int, int]) -> Page:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, timezone_id="Europe/Berlin")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.get_by_test_id("period").first.wait_for()
    page.wait_for_timeout(SETTLED_MS)
    return page


def sign_in(page: Page) -> None:
    """As the first of the demo's published members who has solar power, by the page's own test wallet."""
    people = page.get_by_test_id("demo-account")
    producers = people.filter(has_text=re.compile("solar|produce|sell", re.IGNORECASE))
    (producers if producers.count() else people).first.get_by_test_id("try-account").click()
    page.get_by_test_id("sign-in-button").click()
    page.get_by_test_id("balance").wait_for()
    page.wait_for_timeout(SETTLED_MS)


def choose_lively(page: Page) -> None:
    """A period that was traded already, if there is one."""
    traded = page.locator("[data-testid=period][data-state=open]").filter(has_text=re.compile(r"\d ct"))
    if traded.count():
        traded.first.click()
        page.wait_for_timeout(SETTLED_MS)


def keep(page: Page, name: str) -> None:
    """What the window shows, after whatever rolls has come to rest."""
    if name == "page.png":
        page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    page.wait_for_timeout(SETTLED_MS // 3)
    page.screenshot(path=IMAGES / name)


if __name__ == "__main__":
    sys.exit(main())
