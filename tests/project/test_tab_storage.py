"""What a tab keeps in a real browser: over a reload, from several tabs, plain http.

The page comes from an address that no server has: whatever is asked is answered here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, sync_playwright

from rnncourse.checking.reports import PASSED, WRONG
from rnncourse.checking.tab_storage import EXERCISES, OPEN, SHELVES

SCHOOL = "http://school.test/"
KEEP = f"""async ([name, shelves, final, shelf, pairs]) =>
  await ({OPEN})(name, shelves, final).keep(shelf, pairs)"""
LOAD = f"""async ([name, shelves, final, shelf]) =>
  await ({OPEN})(name, shelves, final).load(shelf)"""


@pytest.fixture
def browser(browser_path: str) -> Iterator[BrowserContext]:
    """Start a browser to which nothing but an empty page answers."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        program = playwright.chromium.launch(
            executable_path=browser_path, args=arguments
        )
        context = program.new_context()
        context.route("**/*", answer)
        yield context
        program.close()


def answer(route: Route) -> None:
    route.fulfill(body="<title>A school</title>", content_type="text/html")


def tab(browser: BrowserContext) -> Page:
    page = browser.new_page()
    page.goto(SCHOOL)
    assert page.evaluate("window.isSecureContext") is False
    return page


def keep(page: Page, states: dict[str, str]) -> None:
    pairs = json.dumps([*states.items()])
    page.evaluate(KEEP, ["course", [*SHELVES], PASSED, EXERCISES, pairs])


def load(page: Page, shelf: str = EXERCISES) -> dict[str, str]:
    found = page.evaluate(LOAD, ["course", [*SHELVES], PASSED, shelf])
    return dict(zip(*json.loads(found), strict=True))


def test_what_is_kept_outlives_a_reload_and_its_tab(browser: BrowserContext) -> None:
    page = tab(browser)
    assert load(page) == {}
    keep(page, {"04.2": PASSED, "04.3": WRONG})
    page.reload()
    assert load(page) == {"04.2": PASSED, "04.3": WRONG}
    page.close()
    assert load(tab(browser)) == {"04.2": PASSED, "04.3": WRONG}


def test_several_tabs_lose_nothing_and_right_stays_right(
    browser: BrowserContext,
) -> None:
    one, other = tab(browser), tab(browser)
    keep(one, {"04.2": PASSED, "04.3": WRONG})
    keep(other, {"04.2": WRONG, "04.3": PASSED, "04.4": WRONG})
    assert load(one) == {"04.2": PASSED, "04.3": PASSED, "04.4": WRONG}


def test_each_shelf_has_its_own_keys(browser: BrowserContext) -> None:
    page = tab(browser)
    keep(page, {"04.2": PASSED})
    assert [load(page, shelf) for shelf in SHELVES] == [{"04.2": PASSED}, {}]
