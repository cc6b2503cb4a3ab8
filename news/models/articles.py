"""A piece of news."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
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
from news.models.category import NewsCategory


class NewsTag(TaggedItemBase):
    """A tag on a piece of news."""

    content_object = ParentalKey("news.NewsArticlePage", on_delete=models.CASCADE, related_name="tagged_items")


class NewsArticlePage(BasePage):
    """A piece of news or an interview."""

    shown_with = (*BasePage.shown_with, "category", "author_person")

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
        MultiFieldPanel([FieldPanel("date"), FieldPanel("category"), FieldPanel("tags")], "About this piece"),
        MultiFieldPanel(
            [FieldPanel("author_name"), PageChooserPanel("author_person", "home.PersonPage")], "Who wrote it"
        ),
        FieldPanel("body"),
        FieldPanel("related_links"),
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

    def get_neighbours(self) -> "dict[str, NewsArticlePage | None]":
        """The live articles right before (`older`) and after (`newer`) this one in the list."""
        beside = listed_articles().sibling_of(self) if self.path else listed_articles().none()
        older = Q(date__lt=self.date) | Q(date=self.date, pk__lt=self.pk or 0)
        newer = Q(date__gt=self.date) | Q(date=self.date, pk__gt=self.pk or 0)
        return {"older": beside.filter(older).first(), "newer": beside.filter(newer).reverse().first()}

    def get_related(self) -> "QuerySet[NewsArticlePage]":
        """The three newest other articles of the same category; of any when it has none."""
        articles = listed_articles().exclude(pk=self.pk)
        return (articles.filter(category_id=self.category_id) if self.category_id else articles)[:3]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add related articles, and those before and after this one."""
        return super().get_context(request, *args, **kwargs) | {
            "related": self.get_related(),
            "neighbours": self.get_neighbours(),
        }

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [structured_data.article(self, request, "NewsArticle"), *super().get_structured_data(request)]


def listed_articles() -> "QuerySet[NewsArticlePage]":
    """Live news anywhere, newest first, without the long texts, with what a list shows."""
    return (
        visible(NewsArticlePage.objects.all())
        .defer_streamfields()
        .select_related("category", "listing_image", "author_person")
        .order_by("-date", "-pk")
    )
