"""Every template of the site and every state it can be in, for the tests that look at all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from playwright.sync_api import Page, Route, expect

from newsletter.forms import SignUpForm
from newsletter.views import BUSY

# One address for each template (docs/architecture.md), and pages with every block on them.
TEMPLATES = [
    "/",
    "/beliefs/",
    "/approach/",
    "/programmes/",
    "/programmes/future-vision/",
    "/programmes/everything/",
    "/case-stories/",
    "/case-stories/food-and-cornwall/",
    "/case-stories/everything/",
    "/news/",
    "/news/category/events/",
    "/news/mezzanine-interview/",
    "/news/everything/",
    "/art-of-change-making/",
    "/art-of-change-making/adaptive-leadership/",
    "/about/",
    "/everything/",
    "/people/",
    "/people/everything/",
    "/newsletter/",
    "/newsletter/thank-you/",
    "/newsletter/issues/",
    "/newsletter/issues/everything/",
]
EXPLORER = {
    "one approach": "?approach=dialogue",
    "filtered": "?group=leading-change&kind=builds_on",
    "path": "?from=nudge&to=dialogue",
    "no path": "?from=nudge&to=public-narrative",
}


@dataclass(frozen=True)
class State:
    """A page as a reader may find it: its address, and what the reader has done there."""

    path: str
    act: Callable[[Page], Any] | None = None


def sign_up_with_nothing(page: Page) -> None:
    """Send the empty form; the answer is put where the form stands."""
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()


def sign_up_without_script(page: Page) -> None:
    """Send the empty form as browsers do by themselves; the answer is the server's page."""
    with page.expect_navigation():
        page.evaluate("document.querySelector('form[data-sign-up]').submit()")
    expect(page.get_by_text("There is a problem")).to_be_visible()


def save_preferences(page: Page) -> None:
    """Change nothing and save it."""
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your changes are saved")).to_be_visible()


def open_folds(page: Page) -> None:
    """Open everything that opens."""
    page.evaluate("document.querySelectorAll('main details').forEach((details) => { details.open = true })")


def after_a_fault_of_ours(template: str, **context: Any) -> Callable[[Page], Any]:
    """One of the pages that stand in when something does not work, as the server would write it."""

    def show(page: Page) -> None:
        # The running site knows its files by other names than the tests do.
        styles = page.locator("link[rel=stylesheet]").first.get_attribute("href") or ""
        body = render_to_string(template, context).replace(static("css/site.css"), styles)

        def answer(route: Route) -> None:
            route.fulfill(status=500, content_type="text/html", body=body)

        page.route("**/fault-of-ours/", answer)
        page.goto("/fault-of-ours/")
        page.unroute("**/fault-of-ours/")

    return show


STATES = {path: State(path) for path in TEMPLATES} | {
    **{f"explorer, {name}": State(f"/art-of-change-making/{query}") for name, query in EXPLORER.items()},
    "stories, filtered": State("/case-stories/?theme=food-poverty"),
    "stories, none": State("/case-stories/?theme=obesity&programme=future-vision"),
    "search": State("/search/"),
    "search, found": State("/search/?q=leadership"),
    "search, nothing found": State("/search/?q=zzzz"),
    "no such page": State("/no-such-page/"),
    "fault of ours": State("/", after_a_fault_of_ours("500.html")),
    "sign-up out of order": State(
        "/",
        after_a_fault_of_ours("newsletter/unavailable.html", form=SignUpForm(), problem=BUSY, action="/newsletter/"),
    ),
    "answer thanked for": State("/feedback/thank-you/"),
    "folds open": State("/everything/", open_folds),
    "sign-up wrong": State("/about/", sign_up_with_nothing),
    "sign-up wrong, without script": State("/newsletter/", sign_up_without_script),
    "preferences": State("{preferences}"),
    "preferences saved": State("{preferences}", save_preferences),
    "preferences of nobody": State("/newsletter/preferences/nobody/"),
}
