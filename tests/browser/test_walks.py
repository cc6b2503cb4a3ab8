"""What people come for, from the first page on: by keyboard alone, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import IN_A_BROWSER, RunningSite, until

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER
MOST_STOPS = 200
PHONE, WIDE = 360, 1280


class ByPointer:
    """Points at things and clicks them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, name: str, within: str = "main") -> None:
        """Follow a link, or press a button."""
        self.press(self.page.locator(within).get_by_role("link", name=name, exact=True).first)

    def press(self, control: Locator) -> None:
        control.click()

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)


class ByKeyboard(ByPointer):
    """Uses nothing but Tab, Enter and letters; each stop on the way shows that it has the focus."""

    def reach(self, control: Locator) -> None:
        """Press Tab until something has the focus."""
        control.wait_for()
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            has_ring, is_there = control.evaluate(
                """(control) => [getComputedStyle(document.activeElement).outlineStyle === "solid",
                                 control === document.activeElement]"""
            )
            if is_there:
                assert has_ring
                return
        raise AssertionError(f"not reached with {MOST_STOPS} Tabs: {control}")

    def press(self, control: Locator) -> None:
        self.reach(control)
        self.page.keyboard.press("Enter")

    def write(self, label: str, text: str) -> None:
        self.reach(self.page.get_by_label(label))
        self.page.keyboard.type(text)


VISITORS = {
    "by keyboard": (ByKeyboard, True, WIDE),
    "by keyboard without JavaScript": (ByKeyboard, False, PHONE),
    "without JavaScript": (ByPointer, False, WIDE),
}


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


@pytest.mark.parametrize("visitor", VISITORS)
def test_a_walk_through_the_site(new_context: NewContext, site: RunningSite, visitor: str) -> None:
    """Find a programme, read a story, follow an approach to a related one, search, sign up."""
    kind, scripts, width = VISITORS[visitor]
    page = new_context(java_script_enabled=scripts, viewport={"width": width, "height": 800}).new_page()
    walker = kind(page)

    def turn_to(section: str) -> None:
        """Follow a link of the menu, which is behind a button on narrow screens."""
        if width == PHONE:
            walker.press(page.locator("summary", has_text="Menu"))
        walker.follow(section, "header nav ul:visible")

    page.goto("/")
    turn_to("Programmes")
    heading(page, "Programmes")
    walker.follow("Future Vision")
    heading(page, "Future Vision")
    expect(page.locator("main dt").first).to_be_visible()

    turn_to("Case stories")
    walker.follow("Food and Cornwall")
    heading(page, "Food and Cornwall")
    expect(page.get_by_role("heading", name="What was learned")).to_be_visible()
    walker.follow("Learning history")
    heading(page, "Learning history")
    related = page.locator(".joins a").first
    name = related.inner_text()
    walker.press(related)
    heading(page, name)

    turn_to("Search")
    walker.write("What are you looking for?", "obesity")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=obesity*")
    walker.press(page.locator("main a[href='/case-stories/gloucestershire/']").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gloucestershire")

    turn_to("Newsletter")
    email = f"{visitor.replace(' ', '-').lower()}@example.org"
    walker.write("Email address", email)
    walker.press(page.get_by_role("button", name="Sign up"))
    page.wait_for_url("**/newsletter/thank-you/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("check your inbox")
    assert until(lambda: site.mailchimp.contact(email), seconds=10)["status"] == "pending"
    assert page.context.cookies() == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_skip_link_leads_past_the_menu(new_context: NewContext, scripts: bool) -> None:
    page = new_context(java_script_enabled=scripts, viewport={"width": WIDE, "height": 800}).new_page()
    page.goto("/beliefs/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    expect(page.locator(":focus")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    assert not page.evaluate("document.activeElement.matches('main a')")


def test_the_menu_opens_and_closes_by_keyboard_and_hides_nothing(new_context: NewContext) -> None:
    page = new_context(viewport={"width": PHONE, "height": 740}).new_page()
    page.goto("/")
    menu, first = page.locator("summary", has_text="Menu"), page.locator(".menu a").first
    ByKeyboard(page).press(menu)
    expect(first).to_be_visible()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Space")
    expect(first).to_be_visible()
    bottom = page.locator(".site-header").bounding_box()
    top = page.locator("main").bounding_box()
    assert bottom and top and bottom["y"] + bottom["height"] <= top["y"]
    assert page.locator(".menu li").last.bounding_box()["y"] < top["y"]
    page.keyboard.press("Enter")
    expect(first).to_be_hidden()
