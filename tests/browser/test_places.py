"""The map of case stories in a real browser: what is pointed at lights up, and nothing needs the script."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import IN_A_BROWSER
from tests.browser.test_every_state import EVERY_RULE

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER

ADDRESS = "/case-stories/"
STORY, TITLE = "/case-stories/gloucestershire/", "Gloucestershire and obesity across generations"


def test_a_place_and_its_mark_light_each_other(new_context: NewContext) -> None:
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(ADDRESS)
    row = page.locator(".by-place > li", has_text="Gloucestershire").first
    mark = page.locator(f'.uk a[href="{STORY}"]')
    row.hover()
    expect(mark).to_have_class("on")
    page.mouse.move(1, 1)
    expect(mark).not_to_have_class("on")
    mark.locator(".dot").hover()
    expect(row).to_have_class("on")
    page.mouse.move(1, 1)
    row.get_by_role("link", name=TITLE).focus()
    expect(mark).to_have_class("on")
    mark.locator(".dot").click()
    page.wait_for_url(f"**{STORY}")


@pytest.mark.parametrize("width", [320, 1280])
def test_list_and_map_work_without_javascript(new_context: NewContext, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 800}, java_script_enabled=False).new_page()
    page.goto(ADDRESS)
    page.locator(".by-place").get_by_role("link", name="Gloucestershire", exact=True).click()
    expect(page.locator(".frame h3")).to_have_text([TITLE])
    page.locator(f'.uk a[href="{STORY}"] .dot').click()
    expect(page.locator("h1")).to_have_text(TITLE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_when_a_place_is_chosen(new_context: NewContext, scheme: str) -> None:
    page = new_context(viewport={"width": 320, "height": 800}, color_scheme=scheme).new_page()
    page.goto(f"{ADDRESS}?place=cornwall")
    assert [violation["id"] for violation in Axe().run(page, options=EVERY_RULE).response["violations"]] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
