"""The week of the people who write, in a real browser, each with the rights of one role and no more."""

import datetime
import re
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import IN_A_BROWSER, until
from tests.browser.editing import (
    NewContext,
    add_block,
    begin_from,
    choose_action,
    choose_page,
    is_refused,
    logged_in,
    name,
    press_below,
    preview,
    publish,
    reads,
    says,
    section,
    start,
    status_of,
    wait_for_form,
    write,
)
from tests.browser.furnish import PASSWORD

pytestmark = IN_A_BROWSER
STORY = "A harbour town plans for older age"
ALT_TEXT = "Boats at low tide beneath a row of houses"


def picture(folder: Path) -> Path:
    """A photograph from somebody's telephone, with the name that telephones give."""
    image = Image.new("RGB", (1600, 1000), "#CFE7EE")
    ImageDraw.Draw(image).polygon([(0, 1000), (0, 700), (700, 500), (1600, 800), (1600, 1000)], fill="#20351B")
    image.save(folder / "IMG_2041.jpg", quality=80)
    return folder / "IMG_2041.jpg"


def upload_in_chooser(block: Locator, file: Path, title: str) -> None:
    """Choose a picture that is not there yet: upload it in the window that opens."""
    block.get_by_role("button", name="Choose an image").click()
    window = block.page.get_by_role("dialog")
    window.get_by_role("tab", name="Upload").click()
    window.get_by_label("File").set_input_files(file)
    window.get_by_label("Title").fill(title)
    window.get_by_role("button", name="Upload").click()
    expect(window).to_be_hidden()


def test_an_editors_story_is_approved_by_a_publisher_and_read(new_context: NewContext, tmp_path: Path) -> None:
    editor = logged_in(new_context, "plain-editor")
    begin_from(editor, "A case story", STORY)
    editor.get_by_role("textbox", name="Introduction").fill("How a town asked its older citizens first.")
    figure = add_block(section(editor, "outcomes"), "Outcome as a figure")
    figure.get_by_role("textbox", name="Figure").fill("14")
    figure.get_by_role("textbox", name="Unit").fill("organisations")
    figure.get_by_role("textbox", name="Measure").fill("in one room for the first time")
    editor.get_by_role("button", name="Toggle checks").click()
    checks = editor.locator("[data-advice]")
    for words in ("It still holds sample text", "The outcome “14 organisations in one room for the first time” has no"):
        expect(checks.get_by_text(words).first).to_be_visible()
    shown = add_block(section(editor, "challenge"), "Picture")
    upload_in_chooser(shown, picture(tmp_path), "The harbour")
    expect(checks.get_by_text("The picture “The harbour” has no alt text.").first).to_be_visible()
    shown.get_by_role("textbox", name="Alt text").fill(ALT_TEXT)
    figure.get_by_role("textbox", name="Source").fill("Notes of the first meeting")
    expect(checks.get_by_text("has no alt text")).to_have_count(0)
    expect(checks.get_by_text("The outcome “14")).to_have_count(0)

    seen = preview(editor)
    expect(seen.get_by_role("heading", level=1)).to_have_text(STORY)
    expect(seen.get_by_role("img", name=ALT_TEXT)).to_be_visible()
    expect(editor.get_by_role("button", name="Publish", exact=True, include_hidden=True)).to_have_count(0)
    press_below(editor, "Submit for approval")
    expect(editor.get_by_text("has been submitted for moderation")).to_be_visible()

    reader = new_context().new_page()
    reader.goto("/case-stories/")
    expect(reader.get_by_role("link", name=STORY)).to_have_count(0)
    publisher = logged_in(new_context, "plain-publisher")
    expect(publisher.get_by_role("heading", name="1 page waits for your approval")).to_be_visible()
    publisher.get_by_role("link", name="Go to them").click()
    row = publisher.locator("#awaiting-review-content tr", has_text=STORY)
    row.get_by_role("button", name="Actions").click()
    row.get_by_role("button", name="Approve", exact=True).click()
    published = publisher.get_by_role("region", name="Recently published")
    expect(published.get_by_role("link", name=STORY)).to_be_visible()
    expect(publisher.get_by_role("heading", name="waits for your approval")).to_have_count(0)
    for path in ("/", "/case-stories/"):
        reads(reader, path, STORY)
    reader.get_by_role("link", name=STORY).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(STORY)
    expect(reader.get_by_role("img", name=ALT_TEXT)).to_be_visible()
    expect(reader.get_by_text("Notes of the first meeting")).to_be_visible()


def test_a_publisher_shares_a_draft_restores_a_version_and_a_deleted_page(new_context: NewContext) -> None:
    title = "A walk around the harbour"
    public = "/news/a-walk-around-the-harbour/"
    publisher, reader = logged_in(new_context, "plain-publisher"), new_context().new_page()
    start(publisher, "/news/", "News article")
    name(publisher, title)
    introduction = publisher.get_by_role("textbox", name="Introduction")
    introduction.fill("What one sees from the quay, and what not at first.")
    publisher.wait_for_url("**/edit/**")
    form = publisher.url

    choose_action(publisher, "Share draft")
    publisher.get_by_role("button", name="Make a link to the newest draft").click()
    link = publisher.get_by_role("textbox", name="Link made on").input_value()
    reader.goto(link)
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    expect(reader.get_by_text("not published.")).to_be_visible()
    assert not reader.context.cookies()
    publisher.get_by_role("button", name="Revoke", exact=True).click()
    expect(publisher.get_by_text("The link no longer works.")).to_be_visible()
    assert status_of(reader, link) == 404

    publisher.goto(form)
    publish(publisher)
    publisher.goto(form)
    wait_for_form(publisher)
    introduction.fill("Words that were better left out.")
    publish(publisher)
    reads(reader, public, "Words that were better left out.")
    restore_first_version(publisher, form)
    reads(reader, public, "What one sees from the quay, and what not at first.")

    publisher.goto(form)
    choose_action(publisher, "Delete")
    publisher.get_by_role("button", name="Yes, delete it").click()
    publisher.get_by_role("link", name="Undo").click()
    until(lambda: status_of(reader, public) == 404, seconds=10)
    publisher.get_by_role("button", name="Restore").click()
    expect(publisher.get_by_text("is back, and published")).to_be_visible()
    reads(reader, public, title)


def restore_first_version(publisher: Page, form: str) -> None:
    """Go to the history of a page, and publish its oldest version once more."""
    publisher.goto(form.replace("/edit/", "/history/"))
    publisher.get_by_role("table").get_by_role("button", name="Actions").last.click()
    publisher.get_by_role("link", name="Review this version").click()
    press_below(publisher, "Publish this version")
    expect(publisher.get_by_text("has been published")).to_be_visible()


def test_a_publisher_plans_ahead_and_does_not_reach_what_others_do(new_context: NewContext) -> None:
    title = "The harbour a year on"
    publisher, reader = logged_in(new_context, "plain-publisher"), new_context().new_page()
    start(publisher, "/news/", "News article")
    name(publisher, title)
    publisher.wait_for_url("**/edit/**")
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    publisher.get_by_role("button", name="Toggle status").click()
    publisher.get_by_role("button", name="Set schedule").click()
    window = publisher.get_by_role("dialog")
    window.get_by_label("Go live date/time").fill(f"{tomorrow:%d/%m/%Y} 09:00")
    expect(window.get_by_text("Times are London time")).to_be_visible()
    # By the keyboard: the calendar of the field lies over the button until the field is left.
    window.get_by_role("button", name="Save schedule").press("Enter")
    expect(publisher.get_by_text("has been updated")).to_be_visible()
    press_below(publisher, "Schedule to publish")
    expect(publisher.get_by_text("has been scheduled for publishing")).to_be_visible()
    publisher.goto(f"/admin/calendar/?month={tomorrow:%Y-%m}")
    day = publisher.get_by_role("cell", name=re.compile(rf"^{tomorrow:%-d %B}\b"))
    expect(day.get_by_text(title)).to_be_visible()
    expect(day.get_by_text("09:00")).to_be_visible()
    assert status_of(reader, "/news/the-harbour-a-year-on/") == 404
    for address in ("/admin/users/", "/admin/newsletter/subscriber/", "/admin/settings/core/navigation/"):
        is_refused(publisher, address)


def test_a_site_manager_changes_what_stands_on_every_page_and_adds_a_person(new_context: NewContext) -> None:
    manager, reader = logged_in(new_context, "site-manager"), new_context().new_page()
    open_setting(manager, "Navigation")
    link = add_block(manager.locator("#panel-menu-section"))
    choose_page(link, "People")
    link.get_by_role("textbox", name="Words of the link").fill("Who we are")
    save_setting(manager)
    reads(reader, "/beliefs/", "Who we are")
    expect(reader.locator("header").get_by_role("link", name="Who we are")).to_have_attribute("href", "/people/")

    open_setting(manager, "Site settings")
    write(manager.locator("#panel-announcement-section"), "We are at the harbour this week.")
    save_setting(manager)
    for path in ("/", "/news/"):
        reads(reader, path, "We are at the harbour this week.")

    open_setting(manager, "Users")
    manager.get_by_role("link", name="Add a user").click()
    said = {"username": "grace", "email": "grace@example.org", "first_name": "Grace", "last_name": "Hopper"}
    for field, words in (said | {"password1": PASSWORD, "password2": PASSWORD}).items():
        manager.locator(f"#id_{field}").fill(words)
    manager.get_by_role("tab", name="Roles").first.click()
    manager.get_by_role("checkbox", name="Editor", exact=True).check()
    manager.get_by_role("button", name="Create", exact=True).click()
    expect(manager.get_by_text("User 'grace' created.")).to_be_visible()
    grace = logged_in(new_context, "grace")
    expect(grace.get_by_role("button", name="Write")).to_be_visible()
    is_refused(grace, "/admin/users/")

    take_back(manager)
    until(lambda: not says(reader, "/beliefs/", "We are at the harbour this week."), seconds=10)
    until(lambda: not says(reader, "/beliefs/", "Who we are"), seconds=10)
    is_refused(manager, "/admin/newsletter/subscriber/")


def take_back(manager: Page) -> None:
    """Leave the site as it was, for the tests that come after."""
    open_setting(manager, "Navigation")
    manager.locator("#panel-menu-section").get_by_role("button", name="Delete").last.click()
    save_setting(manager)
    open_setting(manager, "Site settings")
    announcement = manager.locator("#panel-announcement-section")
    announcement.locator("[contenteditable=true]").click()
    manager.keyboard.press("Control+A")
    manager.keyboard.press("Delete")
    # The editor hands its text to the form a moment later.
    expect(announcement.locator("input[type=hidden]").first).not_to_have_value(re.compile("harbour"))
    save_setting(manager)


def open_setting(manager: Page, name: str) -> None:
    """Go to what is said once for the whole site, by the menu."""
    manager.goto("/admin/")
    manager.get_by_role("button", name="Settings").click()
    manager.get_by_role("link", name=name, exact=True).click()


def save_setting(manager: Page) -> None:
    manager.get_by_role("button", name="Save", exact=True).click()
    expect(manager.get_by_text("updated")).to_be_visible()
