"""Every page of the site as it starts, crawled in a browser."""

from collections.abc import Callable
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.sync_api import BrowserContext, Request

from tests.browser.conftest import IN_A_BROWSER, RunningSite

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER

DATA = ("/feed/", ".json", ".xml", ".txt", ".ics")
# All that a visit looks at, asked for at once.
LOOK = """() => ({
  title: document.title.trim(),
  headings: document.querySelectorAll("h1").length,
  description: document.querySelector("meta[name=description]")?.content ?? "",
  width: document.documentElement.scrollWidth,
  links: [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")),
})"""


def is_for_a_browser(address: str) -> bool:
    """Whether an address is of a page; what differs by its query alone is only asked for."""
    parts = urlsplit(address)
    return not parts.query and not parts.path.startswith("/documents/") and not parts.path.endswith(DATA)


def test_the_whole_site_can_be_walked_without_a_fault(new_context: NewContext, site: RunningSite) -> None:
    """On a phone: no broken link, no error, no outside request, no cookie, nothing that sticks out sideways; one h1, a
    title and a description everywhere."""
    context = new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    faults: list[str] = []
    outside: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((site.url, "data:")):
            outside.append(request.url)

    page.on("request", watch)
    page.on("console", lambda message: faults.append(f"console: {message.text}") if message.type == "error" else None)
    waiting, seen = [f"{site.url}/"], {f"{site.url}/"}
    while waiting:
        address = waiting.pop()
        path = address.removeprefix(site.url)
        if not is_for_a_browser(address):
            answer = context.request.get(address)
            faults += [] if answer.ok else [f"{path}: {answer.status}"]
            continue
        response = page.goto(address)
        if response is None or response.status != 200:
            faults.append(f"{path}: {response and response.status}")
            continue
        found = page.evaluate(LOOK)
        links = {urldefrag(urljoin(address, link)).url for link in found.pop("links")}
        if found["headings"] != 1 or found["width"] > 320 or not found["title"]:
            faults.append(f"{path}: {found}")
        if len(found["description"]) < 40 and "/search/" not in path:
            faults.append(f"{path}: {found}")
        new = {link for link in links if link.startswith(f"{site.url}/")} - seen
        seen |= new
        waiting += sorted(new)
    assert not faults
    assert not outside
    assert context.cookies() == []
    assert len(seen) > 60
