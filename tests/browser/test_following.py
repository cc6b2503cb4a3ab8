"""A reader shares a page and says whether it was helpful, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import IN_A_BROWSER, RunningSite
from tests.browser.test_every_state import EVERY_RULE

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER
STORY = "/case-stories/food-and-cornwall/"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_reader_says_that_a_page_did_not_help_and_why(new_context: NewContext, scripts: bool) -> None:
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto(STORY)
    page.get_by_role("button", name=re.compile(r"^No ?, this page was not helpful$")).click()
    comment = page.get_by_label("Your comment")
    expect(comment).to_be_visible()
    if scripts:
        assert Axe().run(page, options=EVERY_RULE).response["violations"] == []
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_text("Write your comment, or leave this page")).to_be_visible()
    comment.fill("Which figures are from which year?")
    page.get_by_role("button", name="Send comment").click()
    page.wait_for_url("**/feedback/thank-you/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert page.context.cookies() == []


def test_the_address_of_a_page_is_copied_where_there_is_script(new_context: NewContext, site: RunningSite) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(STORY)
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".share [role=status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}{STORY}"
    plain = new_context(java_script_enabled=False).new_page()
    plain.goto(STORY)
    expect(plain.get_by_role("link", name="LinkedIn")).to_be_visible()
    expect(plain.get_by_role("button", name="Copy link")).to_be_hidden()
