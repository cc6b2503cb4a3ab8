"""The calendar of the admin by keyboard alone, and as a screen reader is told of it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import IN_A_BROWSER

pytestmark = IN_A_BROWSER
# As many stops as the way from the top of the page to anything on it can have.
STOPS = 80


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    wanted = page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {name}")


def test_months_and_the_link_are_reached_by_keyboard(admin):
    admin.goto("/admin/calendar/")
    month = admin.locator("#month")
    this_month = month.inner_text()
    tab_to(admin, "Next month")
    admin.keyboard.press("Enter")
    expect(month).not_to_have_text(this_month)
    tab_to(admin, "Previous month")
    admin.keyboard.press("Enter")
    expect(month).to_have_text(this_month)
    expect(admin.get_by_role("table", name=this_month).get_by_role("columnheader")).to_have_count(7)
    tab_to(admin, "Make a link")
    admin.keyboard.press("Enter")
    address = admin.get_by_label("Address of your calendar").input_value()
    assert admin.request.get(address).text().startswith("BEGIN:VCALENDAR")
    # The message that tells of it fades in, with less contrast until it is there.
    expect(admin.locator(".messages > ul")).to_have_css("opacity", "1")
    found = Axe().run(admin, context="main").response["violations"]
    assert not [violation["id"] for violation in found]
