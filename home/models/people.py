"""The core team and the enablers."""

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from core import structured_data
from core.models import BasePage
from core.panels import title_panel
from core.visibility import below, visible


class PeoplePage(BasePage):
    """The people, by group."""

    body = RichTextField(
        "about the people", features=["bold", "link", "ol", "ul"], blank=True, help_text="Above the people."
    )

    parent_page_types = ("home.HomePage",)
    subpage_types = ("home.PersonPage",)
    max_count = 1

    content_panels = (*BasePage.content_panels, FieldPanel("body"))
    search_fields = (*BasePage.search_fields, index.SearchField("body"))

    class Meta:
        verbose_name = "people"

    def get_people(self) -> "QuerySet[PersonPage]":
        """Live people in the order that editors gave them."""
        return (
            visible(below(self, PersonPage.objects.all()))
            .select_related("picture")
            .prefetch_related("picture__renditions")
            .order_by("path")
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the groups that have anyone: `[{"label": "Core team", "people": [...]}]`."""
        people = list(self.get_people())
        groups = [
            {"label": label, "people": [person for person in people if person.group == value]}
            for value, label in PersonPage.Group.choices
        ]
        return super().get_context(request, *args, **kwargs) | {
            "people_groups": [group for group in groups if group["people"]]
        }


class PersonPage(BasePage):
    """One person. The page's title is the name."""

    shown_with = (*BasePage.shown_with, "picture")
    smallest_pictures = BasePage.smallest_pictures | {"picture": (480, 600)}

    class Group(models.TextChoices):
        CORE = "core", "Core team"
        ENABLER = "enabler", "Enablers"

    articles: Any  # the news this person wrote: the reverse side of news.NewsArticlePage.author_person

    group = models.CharField(max_length=10, choices=Group, default=Group.CORE)
    role = models.CharField(max_length=160, blank=True, help_text="For example: Programme lead")
    biography = RichTextField(features=["bold", "italic", "link", "ol", "ul"], blank=True)
    picture = models.ForeignKey(
        "core.SiteImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="A portrait.",
    )

    parent_page_types = ("home.PeoplePage",)
    subpage_types: tuple[str, ...] = ()

    content_panels = (
        title_panel("The person's name."),
        FieldPanel("role"),
        FieldPanel("group", help_text="The people of a group are listed together, in the order of their pages."),
        FieldPanel("picture", help_text="A portrait, upright, at least 480 by 600 pixels."),
        BasePage.introduction_panel,
        FieldPanel("biography", help_text="A few paragraphs: what they do here, and what they did before."),
    )
    search_kind = "People"
    search_fields = (*BasePage.search_fields, index.SearchField("role"), index.SearchField("biography"))

    class Meta:
        verbose_name = "person"

    @property
    def card_kicker(self) -> str:
        return self.role or self.get_group_display()

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        person = structured_data.person(self, request, self.role, self.picture)
        return [person, *super().get_structured_data(request)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the news this person wrote."""
        articles = visible(self.articles.all()).order_by("-date")[:6] if self.pk else []
        return super().get_context(request, *args, **kwargs) | {"articles": articles}
