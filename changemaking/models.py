"""Approaches to change and the connections between them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.template.response import TemplateResponse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from changemaking import explorer, map_data
from changemaking.connections import Kind
from changemaking.drawing import chart
from changemaking.drawing.layout import Layout
from changemaking.explorer import group_approaches as group_approaches  # home takes it from here
from changemaking.forms import ApproachPageForm
from changemaking.graph import Graph, Link
from core import structured_data
from core.models import BasePage, DrawnMapMixin
from core.visibility import below, is_visible, only_visible, visible

PROSE = ["bold", "italic", "link", "document-link", "ol", "ul"]


@register_snippet
class ApproachGroup(models.Model):
    """A group of approaches, such as "Understanding systems"."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True, help_text="The group's name in addresses.")
    summary = models.CharField(max_length=300, blank=True, help_text="One sentence on what the group is about.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Groups are listed from the lowest number.")

    panels = (
        FieldPanel("name", help_text="For example: Understanding systems"),
        FieldPanel("slug"),
        FieldPanel("summary"),
        FieldPanel("order"),
    )

    class Meta:
        ordering = ("order", "name")
        verbose_name = "group of approaches"
        verbose_name_plural = "groups of approaches"

    def __str__(self) -> str:
        return self.name


class ChangeMakingPage(RoutablePageMixin, DrawnMapMixin, BasePage):
    """The index of The Art of Change Making: all approaches in their groups, and how they connect."""

    body = RichTextField(
        "about",
        features=PROSE,
        blank=True,
        help_text="What The Art of Change Making is, beneath the approaches.",
    )

    parent_page_types = ("home.HomePage",)
    subpage_types = ("changemaking.ApproachPage",)
    max_count = 1
    shown_with = (*BasePage.shown_with, "kept_layout")
    query_arguments = ("approach", "from", "group", "kind", "to")

    kept_layout: "MapLayout"

    content_panels = (*BasePage.content_panels, FieldPanel("body"))
    promote_panels = (*BasePage.promote_panels, FieldPanel("ground"))
    search_fields = (*BasePage.search_fields, index.SearchField("body"))

    class Meta:
        verbose_name = "The Art of Change Making"

    def get_approaches(self) -> "QuerySet[ApproachPage]":
        """All live approaches beneath this page, in the order of their groups."""
        return below(self, listed_approaches())

    def get_graph(self) -> Graph:
        """The approaches and connections that every reader may see (two queries)."""
        return Graph(self.get_approaches(), Connection.objects.all())

    def get_layout(self) -> "Layout | None":
        """Where everything stands in the drawing; None before it was laid out."""
        try:
            return self.kept_layout.data
        except MapLayout.DoesNotExist:
            return None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Answer what the address asks: the lists, and the drawing of the same."""
        graph = self.get_graph()
        filters = explorer.filters(graph, request.GET)
        answer = explorer.answer(graph, request.GET, filters)
        numbers, layout = chart.group_numbers(graph), self.get_layout()
        return super().get_context(request, *args, **kwargs) | {
            "graph": graph,
            "base": self.get_url(request) or "",
            "filters": filters,
            "answer": answer,
            "numbers": numbers,
            "chart": chart.draw(layout, graph, numbers, answer.shown) if layout else None,
            "neighbours": chart.draw_neighbours(answer.approach, answer.links, numbers) if answer.approach else None,
            "stories": answer.approach.get_stories() if answer.approach else [],
        }

    @path("")
    def index_route(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TemplateResponse:
        """The explorer. An approach that is not there is told of with status 404, beside everything that is."""
        response: TemplateResponse = super().index_route(request, *args, **kwargs)
        if not (response.context_data or {})["answer"].is_found:
            response.status_code = 404
        return response

    @path("map.json/")  # Wagtail adds the slash to whatever was asked for
    def map_json(self, request: HttpRequest) -> JsonResponse:
        """All approaches and connections as data, for re-use."""
        return map_data.open_data(map_data.map_data(self, request))

    @path("map.schema.json/")
    def map_schema(self, request: HttpRequest) -> JsonResponse:
        """The schema that describes the data."""
        return map_data.open_data(map_data.schema(), "application/schema+json")


class MapLayout(models.Model):
    """Where the boxes of the explorer stand: made when something of it was published, and kept (changemaking.layouts).

    `fingerprint` stands for what it was made from, so that it is made again only when that has changed.
    """

    shown_on_pages = True  # tells the page cache

    page = models.OneToOneField(ChangeMakingPage, on_delete=models.CASCADE, related_name="kept_layout")
    fingerprint = models.CharField(max_length=64)
    data = models.JSONField()

    def __str__(self) -> str:
        return f"Layout of {self.page_id}"


class ApproachPage(DrawnMapMixin, BasePage):
    """One approach: who it comes from, when to use it, how, and what it connects to."""

    asks_whether_helpful = True
    shown_with = (*BasePage.shown_with, "group")

    connections: "models.Manager[Connection]"

    group = models.ForeignKey(
        ApproachGroup,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="approaches",
        help_text="The part of The Art of Change Making it belongs to.",
    )
    authors = models.CharField(
        max_length=200, blank=True, help_text="Who it comes from, for example: Rittel and Webber; Keith Grint"
    )
    when_to_use = RichTextField("when to use it", features=PROSE, blank=True)
    how = RichTextField("how it works", features=PROSE, blank=True)
    sources = RichTextField(
        "sources", features=PROSE, blank=True, help_text="Books and articles, with author, title and year."
    )

    base_form_class = ApproachPageForm
    parent_page_types = ("changemaking.ChangeMakingPage",)
    subpage_types: tuple[str, ...] = ()

    content_panels = (
        *BasePage.content_panels,
        FieldPanel("group"),
        FieldPanel("authors"),
        FieldPanel("when_to_use", help_text="The situations it helps in, and those it does not."),
        FieldPanel("how", help_text="What people do, step by step."),
        InlinePanel(
            "connections",
            heading="Connections",
            label="Connection",
            help_text="Say each connection once: it is shown from both ends.",
        ),
        FieldPanel("sources"),
    )
    promote_panels = (*BasePage.promote_panels, FieldPanel("ground"))
    search_kind = "Approaches to change"
    search_fields = (
        *BasePage.search_fields,
        index.SearchField("authors"),
        index.SearchField("when_to_use"),
        index.SearchField("how"),
        index.FilterField("group_id"),
    )

    class Meta:
        verbose_name = "approach"

    @property
    def card_kicker(self) -> str:
        return self.group.name if self.group else "The Art of Change Making"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the links, in the words of this end, and the stories that used the approach."""
        return super().get_context(request, *args, **kwargs) | {
            "links": self.get_links(),
            "explorer": next(
                (page for page in self.get_breadcrumbs() if page.specific_class is ChangeMakingPage), None
            ),
            "stories": self.get_stories(),
        }

    def get_links(self) -> list[Link]:
        """The connections stated here and at other approaches, told from this end; live approaches only."""
        told = [(item.to, Kind(item.kind), item) for item in self.connections.select_related("to")]
        links = [Link(page, kind, kind.label, item.sentence) for page, kind, item in told]
        if self.pk:
            others = Connection.objects.filter(to=self).select_related("page")
            links += [Link(item.page, (kind := Kind(item.kind)), kind.reverse, item.sentence) for item in others]
        return [link for link in links if is_visible(link.approach)]

    def get_stories(self) -> list[BasePage]:
        """Live stories that name this approach, through the stories' own reverse relation."""
        uses = getattr(self, "used_in_stories", None)
        if uses is None or not self.pk:
            return []
        return only_visible(use.page for use in uses.select_related("page").order_by("page__title"))

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [structured_data.article(self, request), *super().get_structured_data(request)]


class Connection(Orderable):
    """How one approach relates to another, stated once and shown from both ends."""

    page = ParentalKey(ApproachPage, on_delete=models.CASCADE, related_name="connections")
    kind = models.CharField("how", max_length=20, choices=Kind.choices)
    to = models.ForeignKey(
        ApproachPage, verbose_name="to", on_delete=models.CASCADE, related_name="connections_from_others"
    )
    sentence = models.CharField(
        max_length=300, blank=True, help_text="One sentence on the connection that reads well from both ends."
    )

    panels = (
        FieldPanel("kind"),
        PageChooserPanel("to", "changemaking.ApproachPage"),
        FieldPanel("sentence"),
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(condition=~models.Q(page=models.F("to")), name="no_connection_to_itself"),
        ]

    def clean(self) -> None:
        """Refuse a connection of an approach to itself.

        Raises:
            ValidationError: at the field `to`.
        """
        super().clean()
        if self.to_id and self.to_id == self.page_id:
            raise ValidationError({"to": "An approach cannot be connected to itself. Choose another one."})

    def __str__(self) -> str:
        return f"{self.page} {self.get_kind_display()} {self.to}"


def listed_approaches() -> "QuerySet[ApproachPage]":
    """Live approaches anywhere, in the order of their groups, without the long texts."""
    return (
        visible(ApproachPage.objects.all())
        .select_related("group")
        .defer("when_to_use", "how", "sources", "map_sheet", "map_detail")
        .order_by(models.F("group__order").asc(nulls_last=True), "group__name", "title")
    )
