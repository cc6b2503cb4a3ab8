"""Programmes: what they are, for whom, when and how to take part."""

from itertools import chain
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, MultipleChooserPanel, PageChooserPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from core import listing, structured_data
from core.blocks.body import BodyBlock
from core.fields import StreamField
from core.models import BasePage, DrawnMapMixin, Ground
from core.models.base import load_renditions
from core.visibility import below, only_public, visible
from programmes.advice import closing_date_has_passed
from programmes.blocks import DateBlock
from programmes.calendars import calendar_of


class ProgrammesPage(RoutablePageMixin, BasePage):
    """The list of programmes, by kind, and a calendar of their dates."""

    parent_page_types = ("home.HomePage",)
    subpage_types = ("programmes.ProgrammePage",)
    max_count = 1
    query_arguments = ("kind", "page", "status")

    class Meta:
        verbose_name = "programmes"

    def get_programmes(self) -> "QuerySet[ProgrammePage]":
        """Live programmes in the order that editors gave them."""
        programmes = visible(below(self, ProgrammePage.objects.all()))
        return programmes.defer_streamfields().defer("map_sheet", "map_detail").order_by("path")

    @path("dates.ics/")  # Wagtail adds the slash to whatever was asked for
    def calendar(self, request: HttpRequest) -> HttpResponse:
        """The dates of all programmes, as a calendar to subscribe to."""
        programmes = visible(below(self, ProgrammePage.objects.all())).defer("body", "map_sheet", "map_detail")
        return calendar_of(self.title, programmes.order_by("path"), request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the programmes, filtered by `?kind=` and `?status=`."""
        programmes = self.get_programmes()
        used = set(chain.from_iterable(programmes.order_by().values_list("kind", "status").distinct()))
        terms = {
            "kind": ("Kind", [choice for choice in ProgrammePage.Kind.choices if choice[0] in used]),
            "status": ("Status", [choice for choice in ProgrammePage.Status.choices if choice[0] in used]),
        }
        filters = listing.build_filters(request.GET, terms)
        programmes = programmes.filter(**{item.name: item.selected for item in filters if item.selected})
        return super().get_context(request, *args, **kwargs) | {
            "results": listing.paginate(programmes, request.GET, per_page=24),
            "filters": filters,
            "page_query": listing.page_query(filters),
        }


class ProgrammePage(RoutablePageMixin, DrawnMapMixin, BasePage):
    """One programme."""

    class Kind(models.TextChoices):
        PLACE = "place-based", "Place-based"
        COHORT = "cohort", "Cohort"
        COUNTRYWIDE = "countrywide", "Countrywide"

    class Status(models.TextChoices):
        OPEN = "open", "Open to applications"
        RUNNING = "running", "Running"
        COMPLETED = "completed", "Completed"

    asks_whether_helpful = True
    STORIES = 6
    advice_rules = (*BasePage.advice_rules, closing_date_has_passed)
    # Grounds carry meaning (see Ground), so a programme's follows its kind.
    GROUNDS = {Kind.PLACE: Ground.MOSS, Kind.COHORT: Ground.WATER, Kind.COUNTRYWIDE: Ground.SAND}

    chosen_stories: "models.Manager[ProgrammeStory]"

    kind = models.CharField(
        max_length=12,
        choices=Kind,
        default=Kind.PLACE,
        help_text="Place-based: shaped with one place. Cohort: a group learns together. Countrywide: with government.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    who_it_is_for = models.CharField(
        "who it is for",
        max_length=300,
        blank=True,
        help_text="For example: senior leaders of public services",
    )
    length = models.CharField(max_length=120, blank=True, help_text="For example: one year")
    size = models.CharField(max_length=120, blank=True, help_text="For example: 20 to 25 people a year")
    dates = models.CharField(max_length=120, blank=True, help_text="For example: since 2012, or 2009 to 2010")
    calendar_dates = StreamField([("date", DateBlock())], blank=True, verbose_name="dates for the calendar")
    places_text = models.CharField(
        "where", max_length=200, blank=True, help_text="For example: about 50 places in England"
    )
    partners = models.CharField(max_length=300, blank=True, help_text="Organisations it is run with.")
    body = StreamField(BodyBlock(), blank=True)
    how_to_apply = RichTextField("how to take part", features=["bold", "link", "document-link", "ol", "ul"], blank=True)
    closing_date = models.DateField(
        "closing date", null=True, blank=True, help_text="The last day to apply, until midnight in London."
    )
    documents = StreamField([("document", DocumentChooserBlock())], blank=True)

    parent_page_types = ("programmes.ProgrammesPage",)
    subpage_types: tuple[str, ...] = ()

    content_panels = (
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldPanel("status", help_text="Only a programme that is open to applications asks people to apply."),
            ],
            "What kind of programme",
        ),
        MultiFieldPanel(
            [
                FieldPanel("who_it_is_for"),
                FieldPanel("length"),
                FieldPanel("size"),
                FieldPanel("dates"),
                FieldPanel(
                    "calendar_dates", help_text="Days that readers can add to their calendar. All days are in London."
                ),
                FieldPanel("places_text"),
                FieldPanel("partners", help_text="Organisations it is run with, for example: the NHS and the police"),
            ],
            "At a glance",
        ),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("how_to_apply", help_text="What to do, whom to write to, and what it costs."),
                FieldPanel(
                    "closing_date",
                    help_text="The last day to apply, until midnight in London. For example: 31/01/2027",
                ),
            ],
            "Taking part",
        ),
        FieldPanel("documents", help_text="Files to download, for example a brochure."),
        MultipleChooserPanel("chosen_stories", chooser_field_name="story", heading="Related stories", label="Story"),
    )
    search_kind = "Programmes"
    search_fields = (
        *BasePage.search_fields,
        index.SearchField("who_it_is_for"),
        index.SearchField("partners"),
        index.SearchField("body"),
        index.SearchField("how_to_apply"),
        index.FilterField("kind"),
        index.FilterField("status"),
    )

    class Meta:
        verbose_name = "programme"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Take the ground from the kind."""
        self.ground = self.GROUNDS.get(self.Kind(self.kind), Ground.MOSS) if self.kind else Ground.MOSS
        super().save(*args, **kwargs)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is known at a glance: pairs of label and words; nothing for what was left out."""
        pairs = [
            ("Kind", self.get_kind_display()),
            ("Status", self.get_status_display()),
            ("Who it is for", self.who_it_is_for),
            ("Length", self.length),
            ("Size", self.size),
            ("Dates", self.dates),
            ("Where", self.places_text),
            ("Partners", self.partners),
        ]
        return [(label, words) for label, words in pairs if words]

    @property
    def accepts_applications(self) -> bool:
        """Whether it is open and its closing date, if it has one, has not passed in London."""
        return self.status == self.Status.OPEN and (
            self.closing_date is None or timezone.localdate() <= self.closing_date
        )

    @property
    def card_kicker(self) -> str:
        return f"{self.get_kind_display()} programme"

    @property
    def has_calendar(self) -> bool:
        """Whether there is anything for a reader's calendar."""
        return bool(self.calendar_dates) or self.closing_date is not None

    @path("dates.ics/")  # Wagtail adds the slash to whatever was asked for
    def calendar(self, request: HttpRequest) -> HttpResponse:
        """The programme's dates and the last day to apply.

        Raises:
            Http404: there are none.
        """
        if not self.has_calendar:
            raise Http404("This programme has no dates.")
        return calendar_of(self.title, [self], request)

    def get_stories(self) -> list[Any]:
        """Live stories: those an editor chose, in that order, then others of this programme; at most six."""
        from programmes.models.stories import listed_stories  # which knows programmes

        chosen = [item.story_id for item in self.chosen_stories.all()]
        wanted = models.Q(pk__in=chosen) | (models.Q(programme_id=self.pk) if self.pk else models.Q())
        return list(listing.chosen_first(listed_stories().filter(wanted), chosen)[: self.STORIES])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the stories and the documents that readers may see."""
        stories = self.get_stories()
        load_renditions([self, *stories])
        documents = only_public(block.value for block in self.documents)
        return super().get_context(request, *args, **kwargs) | {"stories": stories, "documents": documents}

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        known = [date.value for date in self.calendar_dates if date.value.get("starts_on")]  # a draft's may lack it
        dates = [date.as_course_instance(self.title) for date in known]
        course = structured_data.course(self, request, self.who_it_is_for, dates)
        return [course, *structured_data.questions(self.body), *super().get_structured_data(request)]


class ProgrammeStory(Orderable):
    """A story that an editor puts beside a programme."""

    page = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="chosen_stories")
    story = models.ForeignKey("programmes.CaseStoryPage", on_delete=models.CASCADE, related_name="+")

    panels = (PageChooserPanel("story", "programmes.CaseStoryPage"),)

    def __str__(self) -> str:
        return str(self.story)
