"""A publisher shares a draft with somebody who has no account, and gets a deleted page back, in a real browser."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import IN_A_BROWSER
from tests.browser.test_editor import name, publish, start
from tests.browser.test_newsletter_manager import logged_in

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER
TITLE = "A walk around the harbour"


def choose_action(publisher: Page, action: str) -> None:
    """Open the menu above a page's form, and choose from it."""
    publisher.get_by_role("button", name="Actions", exact=True).first.click()
    publisher.get_by_role("link", name=action, exact=True).click()


def test_a_draft_is_shared_and_a_deleted_page_comes_back(new_context: NewContext) -> None:
    publisher, reader = logged_in(new_context, "plain-editor"), new_context().new_page()
    start(publisher, "/news/", "News article")
    name(publisher, TITLE)
    publisher.get_by_role("textbox", name="Introduction").fill("What one sees from the quay.")
    publisher.wait_for_url("**/edit/**")
    form = publisher.url

    choose_action(publisher, "Share draft")
    publisher.get_by_role("button", name="Make a link to the newest draft").click()
    link = publisher.get_by_role("textbox", name="Link made on").input_value()
    reader.goto(link)
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.get_by_text("not published.")).to_be_visible()
    assert not reader.context.cookies()
    publisher.get_by_role("button", name="Revoke", exact=True).click()
    expect(publisher.get_by_text("The link no longer works.")).to_be_visible()
    answer = reader.goto(link)
    assert answer
    assert answer.status == 404

    publisher.goto(form)
    publish(publisher)
    publisher.goto(form)
    choose_action(publisher, "Delete")
    publisher.get_by_role("button", name="Yes, delete it").click()
    publisher.get_by_role("link", name="Undo").click()
    public = "/news/a-walk-around-the-harbour/"
    answer = reader.goto(public)
    assert answer
    assert answer.status == 404
    publisher.get_by_role("button", name="Restore").click()
    expect(publisher.get_by_text("is back, and published")).to_be_visible()
    reader.goto(public)
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
