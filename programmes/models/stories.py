"""Case stories: what a place faced, did, changed and learned."""

from operator import itemgetter
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
from core.visibility import below, is_visible, only_visible, private_paths, visible
from programmes.blocks import OutcomesBlock, PartnerBlock
from programmes.models.programmes import ProgrammePage
from programmes.models.terms import Place, Theme


class CaseStoriesPage(RoutablePageMixin, BasePage):
    """The list of case stories, newest first, and its feeds."""

    parent_page_types = ("home.HomePage",)
    subpage_types = ("programmes.CaseStoryPage",)
    max_count = 1

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
        """Add the stories, filtered by `?theme=`, `?place=` and `?programme=`."""
        stories = self.get_stories()
        filters = listing.build_filters(request.GET, self.get_terms(stories))
        chosen = {f"{item.name}__slug": item.selected for item in filters if item.selected}
        results = listing.paginate(stories.filter(**chosen), request.GET)
        load_renditions([self, *results])
        return super().get_context(request, *args, **kwargs) | {
            "results": results,
            "filters": filters,
            "page_query": listing.page_query(filters),
        }

    @staticmethod
    def get_terms(stories: "QuerySet[CaseStoryPage]") -> listing.Terms:
        """The themes, places and programmes of some stories, by name, for the filters."""
        fields = ("theme__slug", "theme__name", "place__slug", "place__name")
        programme = ("programme__slug", "programme__title", "programme__path", "programme__live")
        themes, places, programmes = set(), set(), set()
        for row in stories.order_by().values_list(*fields, *programme).distinct():
            themes.add(row[:2])
            places.add(row[2:4])
            programme_path, live = row[6:]
            if live and not programme_path.startswith(private_paths()):
                programmes.add(row[4:6])
        terms = {"theme": ("Theme", themes), "place": ("Place", places), "programme": ("Programme", programmes)}
        return {
            name: (label, sorted((term for term in used if term[0]), key=itemgetter(1)))
            for name, (label, used) in terms.items()
        }


class CaseStoryPage(DrawnMapMixin, BasePage):
    """The story of one place."""

    RELATED = 3
    shown_with = (*BasePage.shown_with, "place", "theme", "programme")

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
            [FieldPanel("place"), FieldPanel("place_note"), FieldPanel("theme"), FieldPanel("programme")],
            "Where and what",
        ),
        FieldPanel("partners"),
        FieldPanel("challenge"),
        FieldPanel("what_was_done"),
        FieldPanel("outcomes"),
        FieldPanel("learned"),
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
        """Live stories: those an editor chose, then others of the same theme or programme; at most three."""
        chosen = [item.story_id for item in self.related_stories.all()]
        wanted = models.Q(pk__in=chosen)
        if self.theme_id:
            wanted |= models.Q(theme_id=self.theme_id)
        if self.programme_id:
            wanted |= models.Q(programme_id=self.programme_id)
        stories = listed_stories().filter(wanted).exclude(pk=self.pk)
        return list(listing.chosen_first(stories, chosen)[: self.RELATED])

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
        return [structured_data.article(self, request), *super().get_structured_data(request)]


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


def listed_stories() -> "QuerySet[CaseStoryPage]":
    """Live stories anywhere, newest first, with what a list shows of them and no long texts but the outcomes."""
    return (
        visible(CaseStoryPage.objects.all())
        .defer("challenge", "what_was_done", "learned", "partners", "map_sheet")
        .select_related("place", "listing_image")
        .order_by("-first_published_at", "-pk")
    )
