"""News as feeds: Atom (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import datetime
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

if TYPE_CHECKING:
    from news.models import NewsArticlePage, NewsIndexPage

# What no XML document may hold (XML 1.0, 2.2), such as the vertical tab that slides leave in pasted text.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(index: "NewsIndexPage", articles: "Iterable[NewsArticlePage]", request: HttpRequest) -> HttpResponse:
    """The articles as an Atom feed, each with its summary."""
    address = index.get_full_url(request) or settings.SITE_URL
    feed = Atom1Feed(
        title=_xml_text(f"{settings.WAGTAIL_SITE_NAME}: {index.title}"),
        link=address,
        description=_xml_text(index.description),
        language=settings.LANGUAGE_CODE,
        feed_url=f"{address}feed/",
        author_name=settings.WAGTAIL_SITE_NAME,
    )
    for article in articles:
        feed.add_item(
            title=_xml_text(article.title),
            link=article.get_full_url(request),
            description=_xml_text(article.summary_for_lists),
            author_name=_xml_text(article.author_label) or None,
            pubdate=published_at(article),
            updateddate=article.last_published_at or published_at(article),
            unique_id=article.get_full_url(request),
            categories=(_xml_text(article.category.name),) if article.category else (),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def json_feed(index: "NewsIndexPage", articles: "Iterable[NewsArticlePage]", request: HttpRequest) -> JsonResponse:
    """The articles as a JSON Feed, each with its summary."""
    address = index.get_full_url(request) or settings.SITE_URL
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{settings.WAGTAIL_SITE_NAME}: {index.title}",
        "home_page_url": address,
        "feed_url": f"{address}feed.json",
        "description": index.description,
        "language": "en-GB",
        "items": [_item(article, request) for article in articles],
    }
    return JsonResponse(data, content_type="application/feed+json")


def published_at(article: "NewsArticlePage") -> datetime.datetime:
    """The article's day as a moment: its start in London, which feeds need."""
    return timezone.make_aware(datetime.datetime.combine(article.date, datetime.time()))


def _xml_text(text: str) -> str:
    """A text without the characters that would make the whole feed unreadable."""
    return _NOT_XML.sub("", text)


def _item(article: "NewsArticlePage", request: HttpRequest) -> dict[str, Any]:
    facts = {
        "id": article.get_full_url(request),
        "url": article.get_full_url(request),
        "title": article.title,
        "content_text": article.summary_for_lists or article.title,
        "date_published": published_at(article).isoformat(),
        "date_modified": article.last_published_at.isoformat() if article.last_published_at else "",
        "authors": [{"name": article.author_label}] if article.author_label else [],
        "tags": [article.category.name] if article.category else [],
    }
    return {name: value for name, value in facts.items() if value}
