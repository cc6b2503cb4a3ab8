"""News, its categories and tags."""

from news.models.articles import NewsArticlePage, NewsTag
from news.models.category import NewsCategory
from news.models.index import NewsIndexPage

__all__ = ["NewsArticlePage", "NewsCategory", "NewsIndexPage", "NewsTag"]
