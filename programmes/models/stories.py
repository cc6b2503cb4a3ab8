"""Case stories: what a place faced, did, changed and learned."""

from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, MultipleChooserPanel, PageChooserPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Orderable
from wagtail.search import index

from core import listing, structured_data
from core.blocks.body import BodyBlock
from core.feeds import FEED_LENGTH, Entry, Feed
from core.fields import StreamField
from core.models import BasePage, DrawnMapMixin
from core.models.base import load_renditions
from core.reading import reading_minutes
from core.visibility import below, is_visible, only_visible, visible
from programmes.advice import outcomes_without_source
from programmes.blocks import OutcomesBlock, PartnerBlock
from programmes.models.programmes import ProgrammePage
from programmes.models.terms import Place, Theme
from programmes.places.by_place import by_place
from programmes.terms_in_use import NOWHERE, as_filters, terms_in_use


class CaseStoriesPage(RoutablePageMixin, BasePage):
    """The list of case stories, newest first, and its feeds."""

    parent_page_types = ("home.HomePage",)
    subpage_types = ("programmes.CaseStoryPage",)
    max_count = 1
    query_arguments = ("page", "place", "programme", "theme")

    class Meta:
        verbose_name = "case stories"

    def get_stories(self) -> "QuerySet[CaseStoryPage]":
        """Live stories, newest first, with what a list shows of them."""
        return below(self, listed_stories())

    @path("feed/")
    def atom_feed(self, request: HttpRequest) -> HttpResponse:
        """The newest stories as an Atom feed."""
        return self._get_feed(request).as_atom()

    @path("feed.json/")  # Wagtail adds the slash to whatever was asked for
    def json_feed(self, request: HttpRequest) -> HttpResponse:
        """The newest stories as a JSON Feed."""
        return self._get_feed(request).as_json()

    def _get_feed(self, request: HttpRequest) -> Feed:
        stories = self.get_stories().select_related("theme")[:FEED_LENGTH]
        entries = [
            Entry(
                address=story.get_full_url(request),
                title=story.title,
                summary=story.summary_for_lists,
                published=story.first_published_at,
                updated=story.last_published_at,
                tags=tuple(filter(None, (story.place_label, story.theme.name if story.theme else ""))),
            )
            for story in stories
        ]
        return Feed(self.title, self.description, self.get_full_url(request) or settings.SITE_URL, entries)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the stories, filtered by `?theme=`, `?place=` and `?programme=`, and all places with their stories."""
        stories = self.get_stories()
        used = terms_in_use(stories)
        filters = listing.build_filters(request.GET, as_filters(used))
        places, *others = filters
        anywhere = stories.filter(**{f"{item.name}__slug": item.selected for item in others if item.selected})
        results = listing.paginate(of_place(anywhere, places.selected), request.GET)
        load_renditions([self, *results])
        return super().get_context(request, *args, **kwargs) | {
            "results": results,
            "filters": others,
            "by_place": by_place(anywhere, used, filters),
            "page_query": listing.page_query(filters),
        }


class CaseStoryPage(DrawnMapMixin, BasePage):
    """The story of one place."""

    RELATED = 3
    shown_with = (*BasePage.shown_with, "place", "theme", "programme")
    asks_whether_helpful = offers_sharing = True
    advice_rules = (*BasePage.advice_rules, outcomes_without_source)
    fields_beneath_headings = ("challenge", "what_was_done", "learned")

    approaches_used: "models.Manager[StoryApproach]"
    related_stories: "models.Manager[RelatedStory]"

    place = models.ForeignKey(
        Place,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="stories",
        help_text="Leave empty when the place must not be named.",
    )
    place_note = models.CharField(
        "words instead of the place",
        max_length=120,
        blank=True,
        help_text="Shown when no place is chosen, for example: A Health and Wellbeing Board",
    )
    theme = models.ForeignKey(
        Theme,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="stories",
        help_text="The issue.",
    )
    programme = models.ForeignKey(
        ProgrammePage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="stories",
        help_text="The programme it was part of.",
    )
    partners = StreamField([("partner", PartnerBlock())], blank=True)
    challenge = StreamField(BodyBlock(), blank=True, verbose_name="the challenge")
    what_was_done = StreamField(BodyBlock(), blank=True, verbose_name="what was done")
    outcomes = StreamField(OutcomesBlock(), blank=True, verbose_name="what changed")
    learned = StreamField(BodyBlock(), blank=True, verbose_name="what was learned")

    parent_page_types = ("programmes.CaseStoriesPage",)
    subpage_types: tuple[str, ...] = ()

    content_panels = (
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("place"),
                FieldPanel("place_note"),
                FieldPanel(
                    "theme", help_text="The issue, for example: Food poverty. New ones are added under Snippets."
                ),
                FieldPanel("programme"),
            ],
            "Where and what",
        ),
        FieldPanel("challenge", help_text="What the place faced, and why the usual ways did not help."),
        FieldPanel("what_was_done", help_text="Who came together, what they tried, and in which order."),
        FieldPanel("partners", help_text="The organisations that took part, one in each field."),
        FieldPanel(
            "outcomes", help_text="Each a figure or a sentence, with its source. Three figures are shown large."
        ),
        FieldPanel("learned", help_text="What others can take from it, also from what did not work."),
        MultipleChooserPanel(
            "approaches_used", chooser_field_name="approach", heading="Approaches used", label="Approach"
        ),
        MultipleChooserPanel("related_stories", chooser_field_name="story", heading="Related stories", label="Story"),
    )
    promote_panels = (*BasePage.promote_panels, FieldPanel("ground"))
    search_kind = "Case stories"
    search_fields = (
        *BasePage.search_fields,
        index.SearchField("place_note"),
        index.SearchField("challenge"),
        index.SearchField("what_was_done"),
        index.SearchField("outcomes"),
        index.SearchField("learned"),
        index.RelatedFields("place", [index.SearchField("name")]),
        index.RelatedFields("theme", [index.SearchField("name")]),
    )

    class Meta:
        verbose_name = "case story"
        verbose_name_plural = "case stories"

    @property
    def place_label(self) -> str:
        """The place as the reader sees it: its name, or the editor's words, or nothing."""
        return self.place.name if self.place else self.place_note

    @property
    def card_kicker(self) -> str:
        return f"Case story · {self.place_label}" if self.place_label else "Case story"

    @property
    def reading_minutes(self) -> int:
        """How long it takes to read, in minutes."""
        return reading_minutes([self.introduction, self.challenge, self.what_was_done, self.outcomes, self.learned])

    @property
    def grid_reference(self) -> str:
        """The place's grid reference, or nothing."""
        return self.place.grid_reference if self.place else ""

    @property
    def figures(self) -> list[Any]:
        """Up to three outcomes in figures, to be shown large."""
        return [block.value for block in self._large_outcomes]

    @property
    def _large_outcomes(self) -> list[Any]:
        return [block for block in self.outcomes if block.block_type == "figure"][:3]

    @property
    def other_outcomes(self) -> list[Any]:
        """The outcome blocks not shown large."""
        large = self._large_outcomes
        return [block for block in self.outcomes if block not in large]

    def get_programme(self) -> ProgrammePage | None:
        """The programme it was part of, if readers may see it."""
        return self.programme if is_visible(self.programme) else None

    def get_approaches(self) -> list[Any]:
        """The live approaches that the story used."""
        return only_visible(item.approach for item in self.approaches_used.select_related("approach"))

    def get_related_stories(self) -> list[Any]:
        """Live stories: those an editor chose, then others of the same programme, then of the same theme; at most
        three, the newest of each first.
        """
        chosen = [item.story_id for item in self.related_stories.all()]
        shared = {"programme_id": self.programme_id, "theme_id": self.theme_id}
        alike = [models.Q((name, value)) for name, value in shared.items() if value]
        wanted = reduce(or_, alike, models.Q(pk__in=chosen))
        stories = listed_stories().filter(wanted).exclude(pk=self.pk)
        return list(listing.chosen_first(stories, chosen, *alike)[: self.RELATED])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the programme, the approaches and related stories."""
        related = self.get_related_stories()
        load_renditions([self, *related])
        return super().get_context(request, *args, **kwargs) | {
            "programme": self.get_programme(),
            "approaches": self.get_approaches(),
            "related": related,
        }

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        story = structured_data.article(self, request, keywords=[self.theme.name] if self.theme else [])
        asked = structured_data.questions(self.challenge, self.what_was_done, self.learned)
        return [story, *asked, *super().get_structured_data(request)]


class StoryApproach(Orderable):
    """An approach of The Art of Change Making that a story used."""

    page = ParentalKey(CaseStoryPage, on_delete=models.CASCADE, related_name="approaches_used")
    approach = models.ForeignKey("changemaking.ApproachPage", on_delete=models.CASCADE, related_name="used_in_stories")

    panels = (PageChooserPanel("approach", "changemaking.ApproachPage"),)

    def __str__(self) -> str:
        return str(self.approach)


class RelatedStory(Orderable):
    """A story that an editor puts beside another."""

    page = ParentalKey(CaseStoryPage, on_delete=models.CASCADE, related_name="related_stories")
    story = models.ForeignKey(CaseStoryPage, on_delete=models.CASCADE, related_name="+")

    panels = (PageChooserPanel("story", "programmes.CaseStoryPage"),)

    def __str__(self) -> str:
        return str(self.story)


def of_place(stories: "QuerySet[CaseStoryPage]", slug: str) -> "QuerySet[CaseStoryPage]":
    """The stories of a place, those without one, or all of them when no place is asked for."""
    if slug == NOWHERE:
        return stories.filter(place=None)
    return stories.filter(place__slug=slug) if slug else stories


def listed_stories() -> "QuerySet[CaseStoryPage]":
    """Live stories anywhere, newest first, with what a list shows of them and no long texts but the outcomes."""
    return (
        visible(CaseStoryPage.objects.all())
        .defer("challenge", "what_was_done", "learned", "partners", "map_sheet")
        .select_related("place", "listing_image")
        .order_by("-first_published_at", "-pk")
    )
