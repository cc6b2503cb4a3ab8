"""A piece of news."""

import datetime
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Case, Count, Q, QuerySet, Subquery, When
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
from core.visibility import is_visible, visible, visible_pages
from news.advice import picture_without_words
from news.models.category import NewsCategory


class NewsTag(TaggedItemBase):
    """A tag on a piece of news."""

    content_object = ParentalKey("news.NewsArticlePage", on_delete=models.CASCADE, related_name="tagged_items")


# What components/news_item.html shows of an article, and what its address takes.
SHOWN_IN_LISTS = (
    *("title", "listing_title", "introduction", "listing_summary", "date", "category", "listing_image"),
    *("path", "depth", "url_path", "slug", "live", "content_type", "locale"),
)


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

    def get_others(self) -> dict[str, Any]:
        """Live articles to read on with, read in one query.

        Returns:
            `related`, three of them, and `neighbours`: those right before (`older`) and after (`newer`) this one in the
            list, or None.
        """
        place = (self.date, self.pk or 0)
        # The day is asked for by itself, so that databases begin to look there.
        older = Q(date__lte=self.date) & (Q(date__lt=self.date) | Q(pk__lt=place[1]))
        newer = Q(date__gte=self.date) & (Q(date__gt=self.date) | Q(pk__gt=place[1]))
        listed = listed_articles() if self.path else listed_articles().none()  # all are beneath the one list
        # Not `in`, for which PostgreSQL would look at every article.
        beside = Q(pk=_key_of_first(listed.filter(older))) | Q(pk=_key_of_first(listed.filter(newer).reverse()))
        related = self._keys_of_related()
        found = sorted(listed_articles().filter(Q(pk__in=related) | beside), key=lambda one: (one.date, one.pk))
        by_key = {article.pk: article for article in found}
        before = [article for article in found if (article.date, article.pk) < place]
        after = found[len(before) :]
        return {
            "related": [by_key[key] for key in related if key in by_key],
            "neighbours": {
                "older": before[-1] if before and self.path else None,
                "newer": after[0] if after and self.path else None,
            },
        }

    def _keys_of_related(self) -> list[int]:
        """Those that share most tags, then those of the same category, then the newest."""
        keys = self._keys_of_most_alike() if self.tags_once else []
        return keys if len(keys) == self.RELATED else [*keys, *self._keys_of_newest(keys, self.RELATED - len(keys))]

    def _keys_of_most_alike(self) -> list[int]:
        shared = NewsTag.objects.filter(visible_pages("content_object__"), tag__in=[tag.pk for tag in self.tags_once])
        other_category = Case(When(content_object__category=self.category_id or 0, then=0), default=1)
        order = ("-number", other_category, "-content_object__date", "-content_object")
        by_article = shared.exclude(content_object=self.pk).values_list("content_object", flat=True)
        return list(by_article.annotate(number=Count("pk")).order_by(*order)[: self.RELATED])

    def _keys_of_newest(self, known: list[int], number: int) -> list[int]:
        """The newest of the same category, then the newest of all. Only so many of each are looked at."""
        others = visible(NewsArticlePage.objects.exclude(pk__in=[self.pk or 0, *known])).order_by("-date", "-pk")
        newest, of_category = (
            # SQLite knows no limit in a part of a union.
            NewsArticlePage.objects.filter(pk__in=some.values("pk")[:number])
            .order_by()
            .values_list("date", "pk", "category")
            for some in (others, others.filter(category=self.category_id))
        )
        rows = newest.union(of_category) if self.category_id else newest
        nearest = sorted(rows, key=lambda row: (row[2] == (self.category_id or 0), row[0], row[1]), reverse=True)
        return [pk for _, pk, _ in nearest[:number]]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the articles to read on with."""
        return super().get_context(request, *args, **kwargs) | self.get_others()

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


def listed_articles() -> "QuerySet[NewsArticlePage]":
    """Live news anywhere, newest first, with what a line of a list shows and nothing else.

    Reading all of the sixty fields, and their authors' pages, takes three times as long.
    """
    return (
        visible(NewsArticlePage.objects.all())
        .only(*SHOWN_IN_LISTS)
        .select_related("category", "listing_image")
        .order_by("-date", "-pk")
    )
