"""A newsletter manager looks after the mailing list, in a real browser; an editor without the role cannot."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import IN_A_BROWSER, RunningSite, until
from tests.browser.editing import NewContext, is_refused, logged_in
from tests.mailchimp_sandbox.contact import subscriber_hash

pytestmark = IN_A_BROWSER
LISTING = "/admin/newsletter/subscriber/"


@pytest.fixture
def manager(new_context: NewContext) -> Page:
    """The page of a newsletter manager who has just logged in."""
    return logged_in(new_context, "newsletter-manager")


def sign_up(new_context: NewContext, email: str) -> None:
    page = new_context().new_page()
    page.goto("/newsletter/")
    page.get_by_label("Email address").fill(email)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/newsletter/thank-you/")


def find(manager: Page, email: str) -> None:
    """Search for a person, from the panel on the first page, and open them."""
    manager.goto("/admin/")
    manager.get_by_role("link", name="Open the mailing list").click()
    manager.get_by_label("Email address, or a part of it").fill(email)
    manager.get_by_role("button", name="Search", exact=True).click()
    expect(manager.get_by_role("button", name="Export as CSV")).to_be_visible()
    assert email.partition("@")[0] not in manager.url
    manager.get_by_role("link", name=email).click()
    expect(manager.get_by_role("heading", level=1)).to_contain_text(email)


def wait_for(manager: Page, text: str, seconds: float = 20) -> None:
    """Look at the page again and again until it says something."""

    def is_said() -> bool:
        manager.reload()
        return manager.get_by_text(text).first.is_visible()

    until(is_said, seconds=seconds)


def test_a_stuck_sign_up_is_found_explained_run_again_and_delivered(
    manager: Page, new_context: NewContext, site: RunningSite
) -> None:
    email = "stuck-in-the-middle@example.org"
    site.mailchimp.put_contact(email, "fake")
    sign_up(new_context, email)
    find(manager, email)
    wait_for(manager, "not a real one")

    site.mailchimp.put_contact(email, "pending")  # no longer refused
    site.mailchimp.remove_contact(email)
    manager.get_by_role("button", name="Check at Mailchimp and send again").click()
    expect(manager.get_by_text("It will be sent to Mailchimp in a moment")).to_be_visible()
    assert until(lambda: site.mailchimp.contact(email), seconds=20)["status"] == "pending"
    wait_for(manager, "Awaiting confirmation")
    history = manager.get_by_role("region", name="History")
    expect(history.get_by_text("Editor (newsletter-manager)")).to_be_visible()
    expect(manager.get_by_role("region", name="Deliveries").get_by_text("Delivered").first).to_be_visible()


def test_a_person_is_erased_here_and_at_mailchimp(manager: Page, new_context: NewContext, site: RunningSite) -> None:
    email = "forget-about-me@example.org"
    sign_up(new_context, email)
    until(lambda: site.mailchimp.contact(email), seconds=20)
    find(manager, email)
    with manager.expect_download() as download:
        manager.get_by_role("button", name="Download what we hold").click()
    assert email in Path(download.value.path()).read_text()

    manager.get_by_role("link", name="Erase this person").click()
    expect(manager.get_by_text("This cannot be undone")).to_be_visible()
    manager.get_by_role("button", name="Erase for good").click()
    expect(manager.get_by_text("The person is erased here.")).to_be_visible()
    expect(manager.get_by_role("heading", level=1)).to_contain_text("Erased person")
    for button in ("Check at Mailchimp", "Download"):
        expect(manager.get_by_role("button", name=re.compile(button))).to_have_count(0)
    assert email not in manager.content()

    until(lambda: site.mailchimp.contact(email) is None, seconds=30)
    assert subscriber_hash(email) in site.mailchimp.service.audience.forgotten
    wait_for(manager, "Delivered")


def test_the_list_is_exported(manager: Page, new_context: NewContext, site: RunningSite) -> None:
    email = "take-me-along@example.org"
    sign_up(new_context, email)
    manager.goto(LISTING)
    with manager.expect_download() as download:
        manager.get_by_role("button", name="Export as CSV").click()
    assert re.fullmatch(r"mailing-list-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    [told] = [row for row in rows if row["Email address"] == email]
    assert told["Signed up on"] == "/newsletter/"


def test_the_panel_says_how_things_stand_and_tests_the_connection(manager: Page) -> None:
    panel = manager.locator(".newsletter-panel")
    expect(panel.get_by_role("img", name="Sign-ups a week")).to_be_visible()
    expect(panel.get_by_text("Running", exact=True)).to_be_visible()
    panel.get_by_text("Show as a table").click()
    expect(panel.get_by_role("columnheader", name="Week from")).to_be_visible()
    panel.get_by_role("button", name="Test the connection").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("Test of the connection to Mailchimp")
    expect(manager.locator(".help-block").first).to_be_visible()


def test_an_editor_without_the_role_reaches_none_of_it(new_context: NewContext) -> None:
    editor = logged_in(new_context, "plain-editor")
    expect(
        editor.get_by_role("button", name="Pages").or_(editor.get_by_role("link", name="Pages")).first
    ).to_be_visible()
    expect(editor.locator(".newsletter-panel")).to_have_count(0)
    expect(editor.get_by_role("button", name="Newsletter", exact=True)).to_have_count(0)
    for path in (LISTING, f"{LISTING}inspect/1/", f"{LISTING}erase/1/", "/admin/newsletter/webhookevent/"):
        is_refused(editor, path)
    answer = editor.request.post(f"{LISTING}export/csv/")
    assert "text/csv" not in answer.headers["content-type"]
