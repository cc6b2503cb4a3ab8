"""A site with its starting content, and what a reader gets of its pages."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import TestCase
from wagtail.models import Page

from core.content import load_all
from tests.snapshot import made_once


class PageReader(HTMLParser):
    """Collects what a reader gets of a page: its words, its headings and its links."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def live_pages() -> list[Any]:
    return list(Page.objects.live().filter(depth__gt=1).specific().order_by("path"))


def load_site() -> int:
    """Load the starting content as `load_content` does, with what its commit sets off; give how much there was."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return load_all()


class LoadedSite(TestCase):
    """The site with its starting content, loaded once for all tests of a class."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.added = made_once(load_site)
        cls.read_before: dict[str, PageReader] = {}

    def read(self, address: str) -> PageReader:
        """What a reader gets at an address; asked for once in a class."""
        if address not in self.read_before:
            response = self.client.get(address)
            self.assertEqual(response.status_code, 200, address)
            self.read_before[address] = PageReader(response.content.decode())
        return self.read_before[address]
