"""News in the menu "Write"."""

from wagtail import hooks

from core.write_menu import HOOK, WriteMenuItem
from news.models import NewsArticlePage


@hooks.register(HOOK)
def new_article() -> WriteMenuItem:
    """Begin a piece of news."""
    return WriteMenuItem(NewsArticlePage, "doc-full-inverse", order=20)
