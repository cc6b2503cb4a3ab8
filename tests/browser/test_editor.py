"""An editor publishes a case story and a piece of news, in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from tests.browser.conftest import IN_A_BROWSER, RunningSite, until

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER


def start(admin: Page, section_path: str, kind: str) -> None:
    """Begin a new page beneath a section, from the section itself: by the button that editors see there."""
    admin.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.editsAreWatched = true })")
    admin.goto(section_path)
    admin.get_by_role("button", name="View Wagtail quick actions").click()
    admin.get_by_role("menuitem", name="Add a child page").click()
    if "/add/" not in admin.url:
        admin.get_by_role("link", name=kind, exact=True).click()
    admin.wait_for_url("**/add/**")
    # Wagtail counts as typed what changes after its first look at the form, some two seconds after it appeared.
    # A person has not found the first field by then; this test has filled in half of the form.
    until(lambda: admin.evaluate("window.editsAreWatched"), seconds=20)


def name(admin: Page, title: str) -> None:
    """Type the title, from which the address is made."""
    field = admin.get_by_role("textbox", name="Title")
    field.press_sequentially(title)
    field.press("Tab")


def section(admin: Page, name: str) -> Locator:
    """A part of the form, by the name of its field."""
    return admin.locator(f"#panel-child-content-{name}-section")


def add_block(part: Locator, kind: str) -> Locator:
    """Add a block at the end of a part and give its form."""
    part.get_by_role("button", name="Insert a block").last.click()
    part.page.get_by_role("option", name=kind, exact=True).click()
    block = part.locator("[data-streamfield-child]").last
    expect(block).to_be_visible()
    return block


def write(block: Locator, text: str) -> None:
    """Type into a rich text field."""
    field = block.locator("[contenteditable=true]").last
    field.click()
    field.press_sequentially(text)
    # The editor hands its text to the form a moment later.
    expect(
        field.locator("xpath=ancestor::*[.//input[@type='hidden']][1]").locator("input[type=hidden]").first
    ).to_have_value(re.compile(re.escape(text)))


def preview(admin: Page) -> FrameLocator:
    """Open the preview beside the form, once the form has saved what was typed as a draft."""
    admin.wait_for_url("**/edit/**")
    admin.get_by_role("button", name="Toggle preview").click()
    return admin.frame_locator("#w-preview-iframe, iframe[data-w-preview-target='iframe']").last


def publish(admin: Page) -> None:
    """Publish from the menu at the bottom of the form, once the form has saved what was typed as a draft."""
    admin.wait_for_url("**/edit/**")
    admin.get_by_role("button", name="More actions").click()
    admin.get_by_role("button", name="Publish", exact=True).click()
    expect(admin.get_by_text(re.compile("created and published|has been published"))).to_be_visible()


def test_a_case_story_is_written_previewed_and_published(
    admin: Page, new_context: NewContext, site: RunningSite
) -> None:
    title = "A harbour town plans for older age"
    start(admin, "/case-stories/", "Case story")
    name(admin, title)
    admin.get_by_role("textbox", name="Introduction").fill("How a town asked its older citizens first.")
    section(admin, "challenge").scroll_into_view_if_needed()
    write(add_block(section(admin, "challenge"), "Text"), "Three services, one town, no shared plan.")
    figure = add_block(section(admin, "outcomes"), "Outcome as a figure")
    figure.get_by_role("textbox", name="Figure").fill("14")
    figure.get_by_role("textbox", name="Unit").fill("organisations")
    figure.get_by_role("textbox", name="Measure").fill("in one room for the first time")
    figure.get_by_role("textbox", name="Source").fill("Notes of the first meeting")
    sentence = add_block(section(admin, "outcomes"), "Outcome as a sentence")
    sentence.get_by_role("textbox", name="Sentence").fill("One plan that all of them signed.")

    shown = preview(admin)
    expect(shown.get_by_role("heading", level=1)).to_have_text(title)
    expect(shown.get_by_text("One plan that all of them signed.")).to_be_visible()
    publish(admin)

    reader = new_context().new_page()
    for path in ("/", "/case-stories/"):
        reader.goto(path)
        expect(reader.get_by_role("link", name=title).first).to_be_visible()
    reader.get_by_role("link", name=title).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    expect(reader.get_by_text("Notes of the first meeting")).to_be_visible()
    expect(reader.get_by_text("Three services, one town, no shared plan.")).to_be_visible()


def test_an_interview_is_written_previewed_and_published(
    admin: Page, new_context: NewContext, site: RunningSite
) -> None:
    title = "Five minutes with an enabler"
    start(admin, "/news/", "News article")
    name(admin, title)
    admin.get_by_role("textbox", name="Introduction").fill("A short interview about a long piece of work.")
    question = add_block(section(admin, "body"), "Question and answer")
    question.get_by_role("textbox", name="Question").fill("What do you listen for?")
    write(question, "For what nobody says.")

    shown = preview(admin)
    expect(shown.get_by_role("heading", level=1)).to_have_text(title)
    expect(shown.get_by_text("For what nobody says.")).to_be_visible()
    publish(admin)

    reader = new_context(java_script_enabled=False).new_page()
    for path in ("/", "/news/"):
        reader.goto(path)
        expect(reader.get_by_role("link", name=title).first).to_be_visible()
    reader.get_by_role("link", name=title).first.click()
    expect(reader.get_by_text("What do you listen for?")).to_be_visible()
    expect(reader.get_by_text("For what nobody says.")).to_be_visible()
