"""The list of news, its category pages and its feeds."""

from operator import itemgetter
from typing import Any

from django.db.models import Max, QuerySet, TextField
from django.db.models.functions import Cast, Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from core import listing
from core.feeds import Feed
from core.models import BasePage
from core.models.base import load_renditions
from news import feeds
from news.models.articles import NewsArticlePage, listed_articles
from news.models.category import NewsCategory


class NewsIndexPage(RoutablePageMixin, BasePage):
    """News, newest first: all of it, by category and by year, and as feeds."""

    parent_page_types = ("home.HomePage",)
    subpage_types = ("news.NewsArticlePage",)
    max_count = 1
    query_arguments = ("category", "page", "year")

    class Meta:
        verbose_name = "news"

    def get_articles(self) -> "QuerySet[NewsArticlePage]":
        """Live news, newest first. There is one list, and news is nowhere else: no need to look where each stands."""
        return listed_articles() if self.path else listed_articles().none()

    @path("")
    def all_news(self, request: HttpRequest) -> HttpResponse:
        """The whole list, with `?category=`, `?year=` and `?page=`."""
        return self._render_list(request)

    @path("category/<slug:slug>/")
    def category_news(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list of one category."""
        category = get_object_or_404(NewsCategory, slug=slug)
        return self._render_list(request, category)

    @path("feed/")
    @path("category/<slug:slug>/feed/")
    def atom_feed(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        """The newest articles, or those of one category, as an Atom feed."""
        return self._get_feed(request, slug).as_atom()

    @path("feed.json/")  # Wagtail adds the slash to whatever was asked for
    @path("category/<slug:slug>/feed.json/")
    def json_feed(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        """The newest articles, or those of one category, as a JSON Feed."""
        return self._get_feed(request, slug).as_json()

    def _get_feed(self, request: HttpRequest, slug: str) -> Feed:
        category = get_object_or_404(NewsCategory, slug=slug) if slug else None
        return feeds.news_feed(self, request, category)

    def _render_list(self, request: HttpRequest, category: NewsCategory | None = None) -> HttpResponse:
        articles = self.get_articles()
        if category is not None:
            articles = articles.filter(category=category)
        filters = listing.build_filters(request.GET, self._get_terms(articles, category))
        fields = {"category": "category__slug", "year": "date__year"}
        chosen = {fields[item.name]: item.selected for item in filters if item.selected}
        results = listing.paginate(articles.filter(**chosen), request.GET, per_page=20)
        load_renditions([self, *results[:1]])
        return self.render(
            request,
            context_overrides={
                "results": results,
                "filters": filters,
                "page_query": listing.page_query(filters),
                "category": category,
            },
        )

    @staticmethod
    def _get_terms(articles: "QuerySet[NewsArticlePage]", category: NewsCategory | None) -> listing.Terms:
        """The years of some articles and, unless they are those of one category, their categories."""
        # Not `date__year`: on SQLite Django counts each year in Python, which takes half a second of 100,000 articles.
        year = Substr(Cast("date", TextField()), 1, 4)
        used = list(articles.order_by().values_list("category__slug", "category__name", year).distinct())
        years = [(year, year) for year in sorted({year for *_, year in used}, reverse=True)]
        categories = sorted({(slug, name) for slug, name, _ in used if slug}, key=itemgetter(1))
        by_category = {} if category is not None else {"category": ("Category", categories)}
        return by_category | {"year": ("Year", years)}

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The list itself and the page of each category in use."""
        if self.noindex:
            return []
        articles = self.get_articles().order_by()
        newest = articles.aggregate(newest=Max("last_published_at"))["newest"]
        slugs = NewsCategory.objects.filter(articles__in=articles).distinct().values_list("slug", flat=True)
        address = self.get_full_url(request)
        return [
            {"location": address, "lastmod": newest or self.last_published_at},
            *({"location": f"{address}category/{slug}/", "lastmod": newest} for slug in slugs),
        ]
