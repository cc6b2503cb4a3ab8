"""The list of news, its category pages and its feeds."""

from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from core import listing, memory
from core.feeds import Feed
from core.models import BasePage
from core.models.base import load_renditions
from core.visibility import visible
from news import feeds
from news.models.articles import NewsArticlePage, listed_articles
from news.models.category import NewsCategory

# The years that can be chosen, counted from this one.
YEARS_BACK, YEARS_AHEAD = 100, 10


def categories_of(articles: "QuerySet[NewsArticlePage]") -> "QuerySet[NewsCategory]":
    """The categories of some articles, by name. One article of each is looked for, which takes no time."""
    one = articles.filter(category=OuterRef("pk")).values("pk")[:1]
    return NewsCategory.objects.annotate(article=Subquery(one)).filter(article__isnull=False)


def with_days(categories: "QuerySet[NewsCategory]", articles: "QuerySet[NewsArticlePage]") -> "QuerySet[NewsCategory]":
    """Categories with the first and the last day of some articles: `first_day`, `last_day`."""
    by_day = articles.order_by("date", "pk").values("date")
    return categories.annotate(first_day=Subquery(by_day[:1]), last_day=Subquery(by_day.reverse()[:1]))


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
        of_category = self.get_articles().filter(category=OuterRef("pk"))
        category = get_object_or_404(with_days(NewsCategory.objects.all(), of_category), slug=slug)
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
        terms = memory.until_a_change(
            f"news terms {category.pk if category else ''}", lambda: self._get_terms(articles, category)
        )
        filters = listing.build_filters(request.GET, terms)
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

    def _get_terms(self, articles: "QuerySet[NewsArticlePage]", category: NewsCategory | None) -> listing.Terms:
        """The years of some articles and, unless they are those of one category, their categories."""
        categories = [category] if category else list(with_days(categories_of(articles), articles))
        years = {"year": ("Year", [(str(year), str(year)) for year in self._years_of(articles, categories)])}
        if category is not None:
            return years
        return {"category": ("Category", [(used.slug, used.name) for used in categories]), **years}

    def _years_of(self, articles: "QuerySet[NewsArticlePage]", categories: list[Any]) -> list[int]:
        """The years of some articles, the last first. Each is asked for by the index: reading all dates takes long.

        Args:
            categories: some with the days of the articles (`with_days`), if there are any.
        """
        days = vars(categories[0]) if categories else articles.aggregate(first_day=Min("date"), last_day=Max("date"))
        first, last = (day.year if day else 0 for day in (days["first_day"], days["last_day"]))
        now = timezone.localdate().year
        # A slip of the keys, such as 2818, must not mean a thousand questions.
        years = range(min(last, now + YEARS_AHEAD), max(first, now - YEARS_BACK) - 1, -1)
        if not years:
            return []
        this_page = NewsIndexPage.objects.filter(pk=self.pk).order_by()  # one row, to ask for values only
        used = this_page.values_list(*(Exists(articles.filter(date__year=year)) for year in years)).get()
        return [year for year, is_used in zip(years, used, strict=True) if is_used]

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The list itself and the page of each category in use."""
        if self.noindex:
            return []
        newest = visible(Page.objects.type(NewsArticlePage)).aggregate(newest=Max("last_published_at"))["newest"]
        slugs = [category.slug for category in categories_of(self.get_articles())]
        address = self.get_full_url(request)
        return [
            {"location": address, "lastmod": newest or self.last_published_at},
            *({"location": f"{address}category/{slug}/", "lastmod": newest} for slug in slugs),
        ]
