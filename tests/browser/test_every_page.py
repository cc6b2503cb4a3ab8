"""Every page of the site as it starts: crawled in a browser, and looked at by axe."""

from collections.abc import Callable
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Request

from tests.browser.conftest import IN_A_BROWSER, RunningSite

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER

# One address for each template (docs/architecture.md).
TEMPLATES = [
    "/",
    "/beliefs/",
    "/approach/",
    "/programmes/",
    "/programmes/future-vision/",
    "/case-stories/",
    "/case-stories/food-and-cornwall/",
    "/case-stories/?theme=food-poverty",
    "/news/",
    "/news/category/events/",
    "/news/mezzanine-interview/",
    "/art-of-change-making/",
    "/art-of-change-making/adaptive-leadership/",
    "/about/",
    "/people/",
    "/newsletter/",
    "/newsletter/thank-you/",
    "/search/?q=leadership",
    "/search/?q=zzzz",
    "/no-such-page/",
]
# WCAG 2.2 at AA, good practice, and contrast at AAA (7:1).
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"color-contrast-enhanced": {"enabled": True}},
}
DATA = ("/feed/", ".json", ".xml", ".txt")


def links_of(page: Page) -> set[str]:
    """The addresses that a page links to, without fragments."""
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    return {urldefrag(urljoin(page.url, href)).url for href in hrefs if not href.startswith(("mailto:", "tel:"))}


def test_the_whole_site_can_be_walked_without_a_fault(new_context: NewContext, site: RunningSite) -> None:
    """No broken link, no error, no outside request, no cookie, one h1, a title and a description everywhere."""
    context = new_context()
    page = context.new_page()
    faults: list[str] = []
    outside: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((site.url, "data:")):
            outside.append(request.url)

    page.on("request", watch)
    page.on("console", lambda message: faults.append(f"console: {message.text}") if message.type == "error" else None)
    waiting, seen, descriptions = [f"{site.url}/"], {f"{site.url}/"}, {}
    while waiting:
        address = waiting.pop()
        path = address.removeprefix(site.url)
        if path.startswith("/documents/") or urlsplit(path).path.endswith(DATA):
            answer = context.request.get(address)
            if not answer.ok:
                faults.append(f"{path}: {answer.status}")
            continue
        response = page.goto(address)
        if response is None or response.status != 200:
            faults.append(f"{path}: {response and response.status}")
            continue
        if page.locator("h1").count() != 1:
            faults.append(f"{path}: {page.locator('h1').count()} h1")
        descriptions[path] = page.locator("meta[name=description]").get_attribute("content") or ""
        if not page.title().strip() or (len(descriptions[path]) < 40 and "/search/" not in path):
            faults.append(f"{path}: title {page.title()!r}, description {descriptions[path]!r}")
        new = {link for link in links_of(page) if link.startswith(f"{site.url}/")} - seen
        seen |= new
        waiting += sorted(new)
    assert not faults
    assert not outside
    assert context.cookies() == []
    assert len(seen) > 60


@pytest.mark.parametrize("path", TEMPLATES)
def test_axe_finds_nothing(new_context: NewContext, path: str) -> None:
    for scheme, width in (("light", 1280), ("dark", 360)):
        context = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce")
        page = context.new_page()
        page.goto(path)
        results = Axe().run(page, options=RULES)
        found = [
            (violation["id"], node["target"], node["failureSummary"])
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]
        assert found == [], f"{path} in {scheme} at {width} px"
        context.close()


@pytest.mark.parametrize("path", TEMPLATES)
@pytest.mark.parametrize("width", [320, 1920])
def test_nothing_sticks_out_sideways(new_context: NewContext, path: str, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 700}).new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_menu_works_by_keyboard_alone_and_without_javascript(new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 700}).new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    menu = page.locator("summary", has_text="Menu")
    menu.focus()
    page.keyboard.press("Enter")
    page.locator("nav a:visible", has_text="Case stories").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/case-stories/")
