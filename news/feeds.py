"""News as feeds: all of it, and each category."""

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from core.feeds import FEED_LENGTH, Entry, Feed

if TYPE_CHECKING:
    from news.models import NewsArticlePage, NewsCategory, NewsIndexPage


def news_feed(index: "NewsIndexPage", request: HttpRequest, category: "NewsCategory | None" = None) -> Feed:
    """The newest articles of the site, or of one category."""
    articles = index.get_articles().defer(None).defer_streamfields().select_related("author_person")
    address = index.get_full_url(request) or settings.SITE_URL
    title, description = index.title, index.description
    if category is not None:
        articles = articles.filter(category=category)
        address = f"{address}category/{category.slug}/"
        title, description = category.name, category.description or description
    return Feed(title, description, address, [_entry(article, request) for article in articles[:FEED_LENGTH]])


def _entry(article: "NewsArticlePage", request: HttpRequest) -> Entry:
    return Entry(
        address=article.get_full_url(request),
        title=article.title,
        summary=article.summary_for_lists,
        published=published_at(article),
        updated=article.last_published_at,
        author=article.author_label,
        tags=(article.category.name,) if article.category else (),
    )


def published_at(article: "NewsArticlePage") -> datetime.datetime:
    """The article's day as a moment: its start in London, which feeds need."""
    return timezone.make_aware(datetime.datetime.combine(article.date, datetime.time()))
