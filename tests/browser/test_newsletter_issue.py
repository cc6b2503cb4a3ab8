"""An issue of the newsletter, from the first word to the report, in a real browser with Mailchimp's stand-in."""

import datetime
import sqlite3
from zoneinfo import ZoneInfo

from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import IN_A_BROWSER, RunningSite, until
from tests.browser.editing import (
    NewContext,
    add_block,
    choose_page,
    is_refused,
    logged_in,
    name,
    preview,
    publish,
    section,
    write_new,
)
from tests.mailchimp_sandbox.campaigns import Campaign

pytestmark = IN_A_BROWSER
TITLE, SUBJECT = "What places taught us", "Food, housing and who decides"
READERS = ["ada@example.org", "mary@example.org"]


def compose(publisher: Page) -> None:
    """Put an issue together: words for the inbox, an introduction, a story, what is new; and publish it."""
    write_new(publisher, "Newsletter issue")
    name(publisher, TITLE)
    publisher.get_by_role("textbox", name="Introduction").fill(
        "Dear all, here is what is new with us and in our places."
    )
    publisher.get_by_role("textbox", name="Subject").fill(SUBJECT)
    publisher.get_by_role("textbox", name="Preview text").fill("One story, and the latest news.")
    story = add_block(section(publisher, "parts"), "A page")
    choose_page(story, "Food and Cornwall")
    latest = add_block(section(publisher, "parts"), "Latest since the last issue")
    latest.get_by_label("Kind").select_option("News")
    seen = preview(publisher)
    expect(seen.get_by_role("heading", name="Food and Cornwall")).to_be_visible()
    publish(publisher)


def open_desk(manager: Page, title: str) -> None:
    """Find an issue from the first page."""
    manager.goto("/admin/")
    manager.get_by_role("link", name="Open the issues by email").click()
    manager.get_by_role("link", name=title).first.click()


def look_again(manager: Page, words: str, seconds: float = 30) -> None:
    """Look at the desk again until it says something."""

    def is_said() -> bool:
        manager.reload()
        return manager.get_by_text(words, exact=True).first.is_visible()

    until(is_said, seconds)


def fill_in_sending(manager: Page) -> Locator:
    """Choose the segment, say that the issue was read, and give the form."""
    form = manager.get_by_role("form", name="Send", exact=True)
    form.get_by_label("Recipients").select_option("Segment “Trial readers” (2)")
    form.get_by_label("I have read it").check()
    return form


def let_an_hour_pass(site: RunningSite, campaign: Campaign) -> None:
    """Make a look at a campaign due that would be due later."""
    with sqlite3.connect(site.data_dir / "site.sqlite3", timeout=10) as database:
        sql = "UPDATE newsletter_campaign SET due_at = datetime('now', '-1 minute') WHERE remote_id = ?"
        database.execute(sql, [campaign.id])


def addresses_of(site: RunningSite, campaign: Campaign) -> list[str]:
    """To whom a campaign goes that waits at Mailchimp."""
    return sorted(contact.email for contact in site.mailchimp.service.campaigns.contacts(campaign))


def test_an_issue_is_composed_tested_and_scheduled(new_context: NewContext, site: RunningSite) -> None:
    stage(site)
    compose(logged_in(new_context, "plain-publisher"))
    manager = logged_in(new_context, "newsletter-manager")
    expect(manager.get_by_role("button", name="Write")).to_have_count(0)
    for address in ("/admin/images/", "/admin/users/"):
        is_refused(manager, address)
    open_desk(manager, TITLE)
    expect(manager.get_by_text("This version has not been sent as a test yet.")).to_be_visible()
    manager.get_by_label("Send a test to").fill("tester@example.org")
    manager.get_by_role("button", name="Send the test").click()
    there = until(lambda: next((it for it in site.mailchimp.campaigns if it.tests), None), seconds=30)
    assert (there.tests[0].emails, there.tests[0].subject) == (["tester@example.org"], SUBJECT)
    look_again(manager, "Last test")
    expect(manager.get_by_text("has not been sent as a test yet")).to_have_count(0)

    day = datetime.date.today() + datetime.timedelta(days=2)
    form = fill_in_sending(manager)
    form.get_by_label("On the day and at the time below").check()
    form.get_by_role("textbox", name="Day").fill(f"{day:%Y-%m-%d}")
    form.get_by_label("London time").select_option("09:15")
    form.get_by_role("button", name="Send the issue").click()
    look_again(manager, "Scheduled")
    [there] = [it for it in site.mailchimp.campaigns if it.settings["subject_line"] == SUBJECT]
    planned = datetime.datetime.combine(day, datetime.time(9, 15), ZoneInfo("Europe/London"))
    assert there.status == "schedule"
    assert datetime.datetime.fromisoformat(there.send_time) == planned
    assert there.settings["preview_text"] == "One story, and the latest news."
    assert addresses_of(site, there) == READERS
    assert there.sent == []
    email = BeautifulSoup(there.html, "html.parser")
    assert email.h1
    assert email.h1.get_text() == TITLE
    assert "Dear all, here is what is new with us and in our places." in email.get_text()
    links = [str(link["href"]) for link in email("a")]
    for address in ("/case-stories/food-and-cornwall/", "/newsletter/issues/what-places-taught-us/"):
        assert f"{site.url}{address}" in links
    assert f"{site.url}/case-stories/food-and-cornwall/" in there.plain_text


def test_an_issue_is_sent_and_its_report_is_read_back(new_context: NewContext, site: RunningSite) -> None:
    stage(site)
    manager = logged_in(new_context, "newsletter-manager")
    open_desk(manager, "A page with everything on it")
    read_in_the_light_and_in_the_dark(manager)
    fill_in_sending(manager).get_by_role("button", name="Send the issue").click()
    there = until(lambda: next((it for it in site.mailchimp.campaigns if it.sent), None), seconds=30)
    [mailing] = there.sent
    assert (sorted(mailing.emails), there.status) == (READERS, "sent")
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(mailing.at)
    assert datetime.timedelta() <= age < datetime.timedelta(minutes=1)
    assert "A page with everything on it" in mailing.html

    there.report = {"opened": 2, "clicked": 1, "unsubscribed": 0}
    look_again(manager, "Sent")
    let_an_hour_pass(site, there)
    look_again(manager, "2 (100%)")
    expect(manager.get_by_text("1 (50%)", exact=True)).to_be_visible()
    expect(manager.get_by_role("button", name="Send the issue")).to_have_count(0)


def read_in_the_light_and_in_the_dark(manager: Page) -> None:
    """See that all words of the email stand out from their ground, and that it fits on a telephone."""
    email = manager.get_by_title("The email as readers get it").get_attribute("src")
    assert email
    shown = manager.context.new_page()
    shown.set_viewport_size({"width": 360, "height": 740})
    grounds = set()
    for scheme in ("light", "dark"):
        shown.emulate_media(color_scheme=scheme)
        shown.goto(email)
        grounds.add(shown.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert shown.evaluate("document.documentElement.scrollWidth") == 360
        found = Axe().run(shown, options={"runOnly": ["color-contrast", "color-contrast-enhanced", "image-alt"]})
        assert found.response["violations"] == [], scheme
        assert found.response["passes"], scheme
    assert len(grounds) == 2


def stage(site: RunningSite) -> None:
    """People whom an issue can go to, as a segment that somebody made at Mailchimp."""
    for email in READERS:
        site.mailchimp.put_contact(email, "subscribed")
    if not site.mailchimp.service.campaigns.segments:
        site.mailchimp.add_segment("Trial readers", *READERS)
