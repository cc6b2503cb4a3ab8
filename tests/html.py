"""What a public page must be as a document, whatever is on it: `problems(html)` lists what is wrong."""

import json
import re
from collections import Counter
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import html5lib
from bs4 import BeautifulSoup
from wagtail.models import Page

HOST = "testserver"
# Elements and attributes that make a browser fetch something without being asked.
FETCHES = {
    "script": ["src"],
    "img": ["src", "srcset"],
    "source": ["src", "srcset"],
    "iframe": ["src"],
    "video": ["src", "poster"],
    "audio": ["src"],
    "embed": ["src"],
    "object": ["data"],
    "input": ["src"],
}
FETCHING_LINKS = {"stylesheet", "preload", "icon", "apple-touch-icon", "modulepreload", "manifest", "prefetch"}

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# Content models of the HTML Standard that its parser does not mind: what may stand directly in a list, elements that
# hold words and no blocks, and those that hold nothing else to press.
CHILDREN = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "select": {"option", "optgroup"}}
WORDS_ONLY = [*sorted(HEADINGS), "span", "label", "button", "em", "strong", "small"]
PRESSED = ["a", "button"]
BLOCKS = {
    *("address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form"),
    *("header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"),
}


def all_pages() -> list[Any]:
    """Every page of the site, as it is in the database."""
    return list(Page.objects.filter(depth__gt=1).specific())


def parse(html: str) -> BeautifulSoup:
    """The document as a browser sees it, near enough."""
    return BeautifulSoup(html, "html.parser")


def problems(html: str, is_page: bool = True) -> list[str]:
    """What is wrong with a public page; an empty list when nothing is.

    Args:
        is_page: whether it is a page of the tree, which has a canonical address and structured data.
    """
    document = parse(html)
    found = [
        *_of_syntax(html),
        *_of_nesting(document),
        *_of_head(document),
        *_of_outline(document),
        *_of_policy(document),
        *_of_references(document),
    ]
    return found + (_of_page(document) if is_page else [])


def title(document: BeautifulSoup) -> str:
    """The title as a browser shows it."""
    return " ".join(document.title.get_text().split())


def structured_data(document: BeautifulSoup) -> list[dict[str, Any]]:
    """The JSON-LD objects of a page.

    Raises:
        json.JSONDecodeError: when one cannot be read.
    """
    return [json.loads(script.string or "") for script in document("script", type="application/ld+json")]


def _of_syntax(html: str) -> list[str]:
    """What the HTML Standard's own parser calls an error: wrong nesting, stray ends, attributes given twice."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    lines = html.splitlines()
    return [f"{code}: {lines[line - 1].strip()[:120]}" for (line, _), code, _ in parser.errors]


def _of_nesting(document: BeautifulSoup) -> list[str]:
    found = [
        f"{child.name} directly in {name}"
        for name, allowed in CHILDREN.items()
        for element in document(name)
        for child in element(True, recursive=False)
        if child.name not in allowed
    ]
    inner_of = [(WORDS_ONLY, [*BLOCKS, *HEADINGS]), (PRESSED, [*PRESSED, "input", "select", "details", "iframe"])]
    for names, unfit in inner_of:
        found += [f"{inner.name} in {element.name}" for element in document(names) for inner in element(unfit)]
    return found


def _of_head(document: BeautifulSoup) -> list[str]:
    description = document.find("meta", attrs={"name": "description"})
    checks = {
        "no doctype": str(document).lstrip().lower().startswith("<!doctype html"),
        "no language": bool(document.html and document.html.get("lang")),
        "not one title": len(document("title")) - len(document.select("svg title")) == 1,
        "empty title": bool(document.title and document.title.get_text(strip=True).strip("– ")),
        "no description": bool(description and description.get("content", "").strip()),
        "no viewport": document.find("meta", attrs={"name": "viewport"}) is not None,
    }
    return [problem for problem, fine in checks.items() if not fine]


def _of_page(document: BeautifulSoup) -> list[str]:
    canonical = document("link", rel="canonical")
    found = [] if len(canonical) == 1 and canonical[0]["href"].startswith("http") else ["no canonical address"]
    try:
        data = structured_data(document)
    except json.JSONDecodeError as error:
        return [*found, f"structured data cannot be read: {error}"]
    return found if all("@type" in item for item in data) and data else [*found, "no structured data"]


def _of_outline(document: BeautifulSoup) -> list[str]:
    found = [f"{len(document(name))} elements {name}" for name in ("h1", "main", "body") if len(document(name)) != 1]
    if document.h1 and not document.h1.get_text(strip=True):
        found.append("empty h1")
    levels = [int(heading.name[1]) for heading in document(re.compile(r"^h[1-6]$"))]
    found += [f"h{after} follows h{before}" for before, after in pairwise(levels) if after > before + 1]
    return found + [f"no alt text: {image}" for image in document("img") if image.get("alt") is None]


def _of_policy(document: BeautifulSoup) -> list[str]:
    """Nothing that the content security policy of public pages forbids, and nothing from elsewhere."""
    found = [f"style of its own: {element.name}" for element in document(style=True)]
    found += ["element style" for _ in document("style")]
    found += [
        f"script of its own: {script}"
        for script in document("script")
        if not script.get("src") and script.get("type") != "application/ld+json"
    ]
    for element in document(True):
        found += [f"{name} on {element.name}" for name in element.attrs if name.startswith("on")]
        for name in ("href", "src", "action", "formaction"):
            if re.match(r"\s*(javascript|data|vbscript):", str(element.get(name, "")), re.IGNORECASE):
                found.append(f"{name} of {element.name} is {element[name]}")
    return found + [f"fetched from elsewhere: {address}" for address in _fetched(document) if not _is_ours(address)]


def _fetched(document: BeautifulSoup) -> list[str]:
    addresses = []
    for name, attributes in FETCHES.items():
        for element in document(name):
            for attribute in attributes:
                parts = str(element.get(attribute) or "").split(",")
                addresses += [part.split()[0] for part in parts if part.strip()]
    for link in document("link"):
        if FETCHING_LINKS & set(link.get("rel", [])):
            addresses.append(link["href"])
    return addresses


def _is_ours(address: str) -> bool:
    return urlsplit(address).netloc in ("", HOST)


def _of_references(document: BeautifulSoup) -> list[str]:
    ids = Counter(element["id"] for element in document(id=True))
    found = [f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1 or not name]
    found += [f"id with a space: {name!r}" for name in ids if re.search(r"\s", name)]
    for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        for element in document(attrs={attribute: True}):
            found += [
                f"{attribute} names no element: {name}" for name in str(element[attribute]).split() if name not in ids
            ]
    anchors = {link["href"][1:] for link in document("a", href=re.compile("^#."))}
    return found + [f"link to #{name}, which is nowhere" for name in anchors - ids.keys()]
