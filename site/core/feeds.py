"""Lists of pages as feeds: Atom (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.feedgenerator import Atom1Feed

# How many entries a feed has.
FEED_LENGTH = 30
# What no XML document may hold (XML 1.0, 2.2), such as the vertical tab that slides leave in pasted text.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One page of a feed.

    Attributes:
        address: whole address of the page, which is also its lasting name.
        summary: a sentence or two; may be empty.
        published: when readers could first read it; None for a page that nobody published.
        updated: when it last changed.
        author: a name; may be empty.
        tags: categories or themes.
    """

    address: str
    title: str
    summary: str
    published: datetime.datetime | None
    updated: datetime.datetime | None
    author: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """A list of pages.

    Attributes:
        title: of the list; the site's name is put before it.
        address: whole address of the list, ending in a slash; its feeds are at `feed/` and `feed.json` beneath it.
        entries: the newest first.
    """

    title: str
    description: str
    address: str
    entries: Iterable[Entry]

    def as_atom(self) -> HttpResponse:
        """The feed as Atom."""
        feed = Atom1Feed(
            title=xml_text(f"{settings.WAGTAIL_SITE_NAME}: {self.title}"),
            link=self.address,
            description=xml_text(self.description),
            language=settings.LANGUAGE_CODE,
            feed_url=f"{self.address}feed/",
            author_name=settings.WAGTAIL_SITE_NAME,
        )
        for entry in self.entries:
            feed.add_item(
                title=xml_text(entry.title),
                link=entry.address,
                description=xml_text(entry.summary),
                author_name=xml_text(entry.author) or None,
                pubdate=entry.published,
                updateddate=entry.updated or entry.published,
                unique_id=entry.address,
                categories=tuple(map(xml_text, entry.tags)),
            )
        return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")

    def as_json(self) -> JsonResponse:
        """The feed as JSON Feed."""
        data = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": f"{settings.WAGTAIL_SITE_NAME}: {self.title}",
            "home_page_url": self.address,
            "feed_url": f"{self.address}feed.json",
            "description": self.description,
            "language": "en-GB",
            "items": [_json_item(entry) for entry in self.entries],
        }
        return JsonResponse(data, content_type="application/feed+json")


def xml_text(text: str) -> str:
    """A text without the characters that would make the whole feed unreadable."""
    return _NOT_XML.sub("", text)


def _json_item(entry: Entry) -> dict[str, Any]:
    facts = {
        "id": entry.address,
        "url": entry.address,
        "title": entry.title,
        "content_text": entry.summary or entry.title,
        "date_published": entry.published.isoformat() if entry.published else "",
        "date_modified": entry.updated.isoformat() if entry.updated else "",
        "authors": [{"name": entry.author}] if entry.author else [],
        "tags": list(entry.tags),
    }
    return {name: value for name, value in facts.items() if value}
