"""A visitor joins the mailing list, in a real browser, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import IN_A_BROWSER, RunningSite, until

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER
PLACES = {"footer": "/about/", "newsletter page": "/newsletter/"}
scripted = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])


def address(*words: str) -> str:
    """An address of this test alone."""
    return "-".join(word.replace(" ", "-").lower() for word in words) + "@example.org"


def submit(page: Page, email: str, **names: str) -> None:
    """Fill the form of the page and send it."""
    page.get_by_label("Email address").fill(email)
    for label, name in names.items():
        page.get_by_label(label.replace("_", " ").capitalize()).fill(name)
    page.get_by_role("button", name="Sign up").click()


@scripted
@pytest.mark.parametrize("place", PLACES)
def test_a_sign_up_is_thanked_and_reaches_mailchimp_within_five_seconds(
    new_context: NewContext, site: RunningSite, place: str, scripts: bool
) -> None:
    email = address("new", place, "scripted" if scripts else "plain")
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto(PLACES[place])
    submit(page, email, first_name="Ada", last_name="Lovelace")

    page.wait_for_url("**/newsletter/thank-you/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("check your inbox")
    contact = until(lambda: site.mailchimp.contact(email), seconds=5)
    assert contact["status"] == "pending"
    assert contact["merge_fields"]["FNAME"] == "Ada"
    assert page.context.cookies() == []


@scripted
@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Enter your email address"), ("ada at example", "correct format")],
    ids=["nothing", "no address"],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(
    new_context: NewContext, scripts: bool, typed: str, message: str
) -> None:
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto("/newsletter/")
    submit(page, typed, first_name="Ada")

    expect(page.get_by_text("There is a problem")).to_be_visible()
    field = page.get_by_label("Email address")
    expect(field).to_have_attribute("aria-invalid", "true")
    error = page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}")
    expect(error).to_contain_text(message)
    expect(field).to_have_value(typed)
    expect(page.get_by_label("First name")).to_have_value("Ada")
    link = page.get_by_role("link", name=message)
    link.click()
    expect(field).to_be_focused()
    if not scripts:
        assert page.title().startswith("Error: ")


def test_after_a_mistake_with_javascript_the_focus_is_on_what_went_wrong(page: Page) -> None:
    page.goto("/about/")
    submit(page, "")
    expect(page.get_by_role("status").filter(has_text="There is a problem")).to_be_focused()
    assert page.url.endswith("/about/")


def test_one_who_confirms_is_shown_as_subscribed(new_context: NewContext, site: RunningSite, admin: Page) -> None:
    email = address("confirms")
    page = new_context().new_page()
    page.goto("/newsletter/")
    submit(page, email)
    page.wait_for_url("**/thank-you/")
    until(lambda: site.mailchimp.contact(email), seconds=5)

    assert "awaiting confirmation" in row_in_admin(admin, email)
    site.mailchimp.confirm(email)
    until(lambda: "subscribed" in row_in_admin(admin, email), seconds=90)


def test_an_outage_at_mailchimp_is_not_noticed_by_visitors_and_ends_by_itself(
    new_context: NewContext, site: RunningSite, admin: Page
) -> None:
    email = address("outage")
    site.mailchimp.stop()
    try:
        page = new_context().new_page()
        page.goto("/newsletter/")
        submit(page, email)
        page.wait_for_url("**/newsletter/thank-you/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("check your inbox")
        waiting = until(lambda: (row := row_in_admin(admin, email)) and "reach" in row and row, seconds=20)
        assert "waiting" in waiting
    finally:
        site.mailchimp.start()
    until(lambda: site.mailchimp.contact(email), seconds=120)
    until(lambda: "awaiting confirmation" in row_in_admin(admin, email), seconds=10)


def row_in_admin(admin: Page, email: str) -> str:
    """What the list of subscribers says of an address."""
    admin.goto("/admin/newsletter/subscriber/")
    rows = admin.locator("table tbody tr").filter(has_text=email)
    return rows.first.inner_text().lower() if rows.count() else ""
