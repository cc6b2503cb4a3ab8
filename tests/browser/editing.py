"""What people do in the admin, as steps that walks share: sign in, write, choose, publish."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from tests.browser.conftest import until
from tests.browser.furnish import PASSWORD

NewContext = Callable[..., BrowserContext]


def logged_in(new_context: NewContext, username: str, password: str = PASSWORD) -> Page:
    """The page of somebody who has just signed in."""
    page = new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto("/admin/login/")
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page


def wait_for_form(admin: Page) -> None:
    """Wait until the form of a page notices what is typed.

    Wagtail counts as typed what changes after its first look at the form, some two seconds after it appeared. A person
    has not found the first field by then; a test has filled in half of the form.
    """
    until(lambda: admin.evaluate("window.editsAreWatched"), seconds=20)


def watch_forms(admin: Page) -> None:
    """Let `wait_for_form` know, from the next page on."""
    admin.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.editsAreWatched = true })")


def start(admin: Page, section_path: str, kind: str) -> None:
    """Begin a new page beneath a section, from the section itself: by the button that editors see there."""
    watch_forms(admin)
    admin.goto(section_path)
    admin.get_by_role("button", name="View Wagtail quick actions").click()
    admin.get_by_role("menuitem", name="Add a child page").click()
    if "/add/" not in admin.url:
        admin.get_by_role("link", name=kind, exact=True).click()
    admin.wait_for_url("**/add/**")
    wait_for_form(admin)


def write_new(admin: Page, kind: str) -> None:
    """Begin a new page from the menu "Write"."""
    watch_forms(admin)
    admin.goto("/admin/")
    admin.get_by_role("button", name="Write").click()
    admin.get_by_role("link", name=kind, exact=True).click()
    admin.wait_for_url("**/add/**")
    wait_for_form(admin)


def begin_from(admin: Page, template: str, title: str) -> None:
    """Begin a new page from a template, in the menu "Write"."""
    watch_forms(admin)
    admin.goto("/admin/")
    admin.get_by_role("button", name="Write").click()
    admin.get_by_role("link", name="Start from a template").click()
    admin.get_by_role("radio", name=re.compile(template)).check()
    admin.get_by_label("Title of the new page").fill(title)
    admin.get_by_role("button", name="Begin").click()
    admin.wait_for_url("**/edit/")
    wait_for_form(admin)


def name(admin: Page, title: str) -> None:
    """Type the title, from which the address is made."""
    field = admin.get_by_role("textbox", name="Title")
    field.press_sequentially(title)
    field.press("Tab")


def section(admin: Page, name: str) -> Locator:
    """A part of the form, by the name of its field."""
    return admin.locator(f"#panel-child-content-{name}-section")


def add_block(part: Locator, kind: str = "") -> Locator:
    """Add a block at the end of a part and give its form. Where there is one kind only, none is asked for."""
    part.get_by_role("button", name="Insert a block").last.click()
    if kind:
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


def choose_page(block: Locator, title: str) -> None:
    """Choose a page by its title, in the window that opens."""
    block.get_by_role("button", name="Choose a page").click()
    window = block.page.get_by_role("dialog")
    window.get_by_label("Search").fill(title)
    window.get_by_role("link", name=title, exact=True).click()
    expect(window).to_be_hidden()


def press_below(admin: Page, action: str) -> None:
    """Open the menu at the bottom of a form, and press a button of it."""
    admin.get_by_role("button", name="More actions").click()
    admin.get_by_role("button", name=action, exact=True).click()


def publish(admin: Page) -> None:
    """Publish from the menu at the bottom of the form, once the form has saved what was typed as a draft."""
    admin.wait_for_url("**/edit/**")
    press_below(admin, "Publish")
    expect(admin.get_by_text(re.compile("created and published|has been published"))).to_be_visible()


def choose_action(admin: Page, action: str) -> None:
    """Open the menu above a page's form, and choose from it."""
    admin.get_by_role("button", name="Actions", exact=True).first.click()
    admin.get_by_role("link", name=action, exact=True).click()


def status_of(reader: Page, address: str) -> int:
    """Go to an address and give the status of the answer."""
    answer = reader.goto(address)
    assert answer
    return answer.status


def is_refused(admin: Page, address: str) -> None:
    """Go to an address of the admin, and be sent back to the first page."""
    admin.goto(address)
    expect(admin.get_by_text("you do not have permission")).to_be_visible()
    assert admin.url.endswith("/admin/")


def says(reader: Page, address: str, words: str) -> bool:
    """Whether a page shows some words, loaded anew."""
    reader.goto(address)
    return bool(reader.get_by_text(words).count())


def reads(reader: Page, address: str, words: str) -> None:
    """Load a page until it shows some words: what is published is right within five seconds, not at once."""
    until(lambda: says(reader, address, words), seconds=10)
