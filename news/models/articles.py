"""A piece of news."""

import datetime
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.search import index

from core import structured_data
from core.blocks.body import BodyBlock
from core.blocks.links import LinkBlock
from core.fields import StreamField
from core.models import BasePage
from core.reading import reading_minutes
from core.visibility import is_visible, visible
from news.advice import picture_without_words
from news.models.category import NewsCategory


class NewsTag(TaggedItemBase):
    """A tag on a piece of news."""

    content_object = ParentalKey("news.NewsArticlePage", on_delete=models.CASCADE, related_name="tagged_items")


class NewsArticlePage(BasePage):
    """A piece of news or an interview."""

    RELATED = 3
    shown_with = (*BasePage.shown_with, "category", "author_person")
    asks_whether_helpful = offers_sharing = True
    advice_rules = (*BasePage.advice_rules, picture_without_words)

    date = models.DateField(default=timezone.localdate, help_text="The day readers see, in London.")
    category = models.ForeignKey(
        NewsCategory, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles"
    )
    tags = ClusterTaggableManager(through=NewsTag, blank=True, help_text="Words to find related news by.")
    author_name = models.CharField(
        "author", max_length=120, blank=True, help_text="The author's name, if the author has no page here."
    )
    author_person = models.ForeignKey(
        "home.PersonPage",
        verbose_name="or author's page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="articles",
    )
    body = StreamField(BodyBlock(), blank=True)
    related_links = StreamField([("link", LinkBlock())], blank=True, verbose_name="related links")

    parent_page_types = ("news.NewsIndexPage",)
    subpage_types: tuple[str, ...] = ()

    content_panels = (
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("date", help_text="The day readers see, in London. For example: 25/11/2026"),
                FieldPanel("category", help_text="Readers can follow the news of a category."),
                FieldPanel("tags", help_text="Words to find related news by, for example: survey, place"),
            ],
            "About this piece",
        ),
        MultiFieldPanel(
            [
                PageChooserPanel(
                    "author_person", "home.PersonPage", help_text="The author, if people can read about them here."
                ),
                FieldPanel("author_name"),
            ],
            "Who wrote it",
            help_text="Choose the author's page, or write a name. Leave both empty to name nobody.",
        ),
        FieldPanel("body"),
        FieldPanel("related_links", help_text="Where to read on, here or elsewhere, beneath the text."),
    )
    search_kind = "News"
    search_fields = (
        *BasePage.search_fields,
        index.SearchField("author_name"),
        index.SearchField("body"),
        index.FilterField("date"),
        index.FilterField("category_id"),
    )

    class Meta:
        verbose_name = "news article"
        # The newest of all, and of a category, are found without sorting them all.
        indexes = (
            models.Index(fields=("-date", "-page_ptr"), name="news_article_newest"),
            models.Index(fields=("category", "-date", "-page_ptr"), name="news_article_of_category"),
        )

    @property
    def search_date(self) -> datetime.date:
        """The day readers see."""
        return self.date

    @property
    def author_page(self) -> Any:
        """The author's page, if there is one that readers may see."""
        return self.author_person if is_visible(self.author_person) else None

    @property
    def author_label(self) -> str:
        """The author's name: the person's page wins over the text."""
        return self.author_page.title if self.author_page else self.author_name

    @property
    def card_kicker(self) -> str:
        return "News"

    @property
    def reading_minutes(self) -> int:
        """How long it takes to read, in minutes."""
        return reading_minutes([self.introduction, self.body])

    @cached_property
    def tags_once(self) -> list[Any]:
        """Its tags, read once."""
        return list(self.tags.all())

    def get_neighbours(self) -> "dict[str, NewsArticlePage | None]":
        """The live articles right before (`older`) and after (`newer`) this one in the list, in one query."""
        beside = listed_articles() if self.path else listed_articles().none()  # all are beneath the one list
        place = (self.date, self.pk or 0)
        # The day is asked for by itself, so that databases begin to look there.
        older = Q(date__lte=self.date) & (Q(date__lt=self.date) | Q(pk__lt=place[1]))
        newer = Q(date__gte=self.date) & (Q(date__gt=self.date) | Q(pk__gt=place[1]))
        # Not `in`, for which PostgreSQL would look at every article.
        nearest = Q(pk=_key_of_first(beside.filter(older))) | Q(pk=_key_of_first(beside.filter(newer).reverse()))
        found = {(article.date, article.pk) < place: article for article in beside.filter(nearest)}
        return {"older": found.get(True), "newer": found.get(False)}

    def get_related(self) -> "list[NewsArticlePage]":
        """Three other articles: those that share most tags, then those of the same category, then the newest."""
        others = listed_articles().exclude(pk=self.pk)
        shared = NewsTag.objects.filter(tag__in=[tag.pk for tag in self.tags_once])
        # Asked even when there is no category: PostgreSQL takes a constant to sort by for the number of a column.
        of_category = Q(category_id=self.category_id or 0)
        of_each = shared.filter(content_object=OuterRef("pk")).order_by().values("content_object")
        number = Coalesce(Subquery(of_each.annotate(number=Count("pk")).values("number")), 0)
        order = (number.desc(), Case(When(of_category, then=0), default=1), "-date", "-pk")
        # Only these can be among the first, so that not all news there is has to be weighed.
        candidates = [others.filter(of_category), others]
        if self.tags_once:
            candidates.append(others.filter(pk__in=shared.values("content_object")).order_by(*order))
        keys, *more = (_keys_of_first(articles, self.RELATED) for articles in candidates)
        return list(others.filter(pk__in=keys.union(*more)).order_by(*order)[: self.RELATED])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add related articles, and those before and after this one."""
        return super().get_context(request, *args, **kwargs) | {
            "related": self.get_related(),
            "neighbours": self.get_neighbours(),
        }

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        article = structured_data.article(
            self,
            request,
            "NewsArticle",
            articleSection=self.category.name if self.category else "",
            keywords=[tag.name for tag in self.tags_once],
        )
        return [article, *structured_data.questions(self.body), *super().get_structured_data(request)]


def _key_of_first(articles: "QuerySet[NewsArticlePage]") -> Subquery:
    return Subquery(articles.values("pk")[:1])


def _keys_of_first(articles: "QuerySet[NewsArticlePage]", number: int) -> QuerySet:
    """The keys of the first of a list, ready to be joined with others: SQLite knows no limit in a part of a union."""
    return NewsArticlePage.objects.filter(pk__in=articles.values("pk")[:number]).order_by().values("pk")


def listed_articles() -> "QuerySet[NewsArticlePage]":
    """Live news anywhere, newest first, without the long texts, with what a list shows."""
    return (
        visible(NewsArticlePage.objects.all())
        .defer_streamfields()
        .select_related("category", "listing_image", "author_person")
        .order_by("-date", "-pk")
    )
