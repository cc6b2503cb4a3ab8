"""The search in a real browser: results while one types, without taking keys from readers, and as axe sees it."""

from collections.abc import Callable
from contextlib import suppress

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Error, Route, expect

from tests.browser.conftest import IN_A_BROWSER
from tests.browser.test_every_state import EVERY_RULE

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER


def test_results_come_as_one_types_and_are_announced(new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto("/search/")
    field = page.get_by_label("What are you looking for?")
    field.press_sequentially("leadership", delay=20)
    expect(page.locator("[data-results] h2.count")).to_contain_text("for “leadership”")
    expect(page.locator("[data-said]")).to_contain_text("for “leadership”")
    expect(page.locator("main li mark").first).to_be_visible()
    expect(field).to_be_focused()
    assert page.url.endswith("/search/?q=leadership")
    assert page.title().startswith("leadership: Search")
    field.press("ArrowLeft")
    field.press("ArrowLeft")
    field.press("Delete")
    expect(field).to_have_value("leadershp")  # the keys moved the cursor, as they do
    expect(page.locator(".suggested a").first).to_have_text("leadership")
    assert Axe().run(page, options=EVERY_RULE).response["violations"] == []
    page.locator(".suggested a").first.click()
    expect(page.get_by_label("What are you looking for?")).to_have_value("leadership")


def test_an_answer_that_comes_late_is_dropped(new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto("/search/")
    late: list[Route] = []
    page.route("**/search/?q=food&part=results", lambda route: late.append(route))
    field = page.get_by_label("What are you looking for?")
    field.fill("food")
    page.wait_for_timeout(600)
    field.fill("leadership")
    expect(page.locator("h2.count")).to_contain_text("leadership")
    assert len(late) == 1
    with suppress(Error):  # the browser has given it up already
        late[0].continue_()
    page.wait_for_timeout(300)
    expect(page.locator("h2.count")).to_contain_text("leadership")


def test_the_search_works_without_javascript(new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/search/")
    page.get_by_label("What are you looking for?").fill("leadership")
    page.get_by_label("What are you looking for?").press("Enter")
    expect(page.locator("h2.count")).to_contain_text("for “leadership”")
