"""An administrator publishes an interview from the section it goes to, in a real browser."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import IN_A_BROWSER
from tests.browser.editing import NewContext, add_block, name, preview, publish, reads, section, start, write

pytestmark = IN_A_BROWSER


def test_an_interview_is_written_previewed_and_published(admin: Page, new_context: NewContext) -> None:
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
        reads(reader, path, title)
    reader.get_by_role("link", name=title).first.click()
    expect(reader.get_by_text("What do you listen for?")).to_be_visible()
    expect(reader.get_by_text("For what nobody says.")).to_be_visible()
