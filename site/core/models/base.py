"""The page that every page of the site is."""

import datetime
from collections.abc import Iterable
from http import HTTPMethod
from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from core import structured_data, visibility
from core.addresses import SitePageForm
from core.advice import Rule
from core.advice.rules import COMMON_RULES, DESCRIPTION
from core.deleted import outside_bin
from core.drawing import DETAIL, SHEET, Shape, draw_map
from core.panels import counted, publishing_panel, title_panel


class Ground(models.TextChoices):
    """The flat colour behind a map or a row. Grounds carry meaning; editors never choose a colour."""

    MOSS = "moss", "Moss (places)"
    WATER = "water", "Water (cohorts)"
    SAND = "sand", "Sand (countrywide)"
    HEATH = "heath", "Heath (change making)"


class BasePage(Page):
    """What every page has: an introduction, how it appears in lists, in search engines and when shared."""

    introduction = models.TextField(
        "introduction",
        max_length=600,
        blank=True,
        help_text="One to three sentences under the title."
        " Lists and search results use them too, unless you write others.",
    )
    listing_title = models.CharField(
        "title in lists", max_length=255, blank=True, help_text="Leave empty to use the page's title."
    )
    listing_summary = models.TextField(
        "summary in lists", max_length=300, blank=True, help_text="Leave empty to use the introduction."
    )
    listing_image = models.ForeignKey(
        "core.SiteImage",
        verbose_name="picture in lists",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown beside the page in lists. Leave empty for a drawn map, or none.",
    )
    social_title = models.CharField(
        "title when shared", max_length=255, blank=True, help_text="Leave empty to use the page's title."
    )
    social_image = models.ForeignKey(
        "core.SiteImage",
        verbose_name="picture when shared",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="At least 1200 by 630 pixels. Leave empty to use the picture in lists.",
    )
    noindex = models.BooleanField(
        "hide from search engines",
        default=False,
        help_text="Asks search engines not to list this page. Anyone with the address can still read it.",
    )
    review_by = models.DateField(
        "review by",
        null=True,
        blank=True,
        help_text="When somebody should check that this page is still right.",
    )

    search_fields = (
        *Page.search_fields,
        index.SearchField("introduction", boost=2),
        index.SearchField("listing_summary", boost=2),
    )

    # What readers call pages of this type, for the filters of the search; empty for pages that it leaves out.
    search_kind: ClassVar[str] = "Other pages"

    base_form_class = SitePageForm

    # Pages take no forms: the sign-up and the search are views of their own.
    allowed_http_methods = (HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS)
    # Foreign keys that the page's template follows, read together with the page (core.routing).
    shown_with: ClassVar[tuple[str, ...]] = ("listing_image", "social_image")
    # Whether readers are asked if the page was helpful, and offered links to share it.
    asks_whether_helpful: ClassVar[bool] = False
    offers_sharing: ClassVar[bool] = False
    # What an editor should look at before publishing (core.advice).
    advice_rules: ClassVar[tuple[Rule, ...]] = COMMON_RULES
    # Streams above which the template writes the heading of a section.
    fields_beneath_headings: ClassVar[tuple[str, ...]] = ()
    # Width and height in pixels below which a picture is blurred where it is shown. A card when shared is 1200 by 630
    # (the Open Graph protocol gives no size; this is what the networks ask for).
    smallest_pictures: ClassVar[dict[str, tuple[int, int]]] = {
        "listing_image": (1200, 630),
        "social_image": (1200, 630),
    }
    # The query arguments that the page's answers depend on. The page cache keeps no answer to any other.
    query_arguments: ClassVar[tuple[str, ...]] = ()
    # Set when the page was found by its address: the pages above it, from home downwards.
    pages_above: list[Page] | None = None

    title_panel: ClassVar = title_panel()
    introduction_panel: ClassVar = counted(
        "introduction",
        300,
        help_text="One to three sentences under the title. Lists and search results use them too, unless you write "
        "others. For example: How a county asked why people go hungry, and what could change.",
    )
    content_panels = (title_panel, introduction_panel)
    promote_panels = (
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    heading="Address",
                    help_text="The last part of the page's address, made from the title: food-and-cornwall. When you "
                    "change it, the old address leads to the new one.",
                ),
                counted(
                    "seo_title",
                    60,
                    heading="Title in search engines",
                    help_text="Leave empty to use the page's title.",
                ),
                counted(
                    "search_description",
                    160,
                    heading=DESCRIPTION,
                    help_text="What the page tells, in one or two sentences. Leave empty to use the introduction.",
                ),
                FieldPanel("noindex"),
            ],
            "Search engines",
        ),
        MultiFieldPanel(
            [
                counted(
                    "listing_title",
                    60,
                    help_text="A shorter title for menus and lists. Leave empty to use the page's title.",
                ),
                counted(
                    "listing_summary",
                    200,
                    help_text="A sentence for people who choose what to read. Leave empty to use the introduction.",
                ),
                FieldPanel(
                    "listing_image",
                    help_text="Shown in lists and at the top of the page. At least 1200 by 630 pixels. Leave empty for "
                    "a drawn map, or none.",
                ),
            ],
            "In lists",
        ),
        MultiFieldPanel(
            [
                counted("social_title", 70, help_text="Leave empty to use the page's title."),
                FieldPanel(
                    "social_image",
                    help_text="At least 1200 by 630 pixels. Leave empty to use the picture in lists, or else a card "
                    "drawn from the title.",
                ),
            ],
            "When shared",
        ),
    )
    review_panel: ClassVar = FieldPanel(
        "review_by",
        help_text="The day on which somebody should check that this page is still right, for example in a year.",
    )
    settings_panels = (publishing_panel(), *Page.settings_panels[1:], review_panel)

    class Meta:
        abstract = True

    @property
    def title_for_lists(self) -> str:
        """The title that lists and links show."""
        return self.listing_title or self.title

    @property
    def summary_for_lists(self) -> str:
        """The sentence or two that lists show; may be empty."""
        return self.listing_summary or self.introduction

    @property
    def description(self) -> str:
        """The description for search engines and sharing; the title when nothing was written."""
        return self.search_description or self.summary_for_lists or self.title

    @property
    def search_date(self) -> datetime.date | None:
        """The day that readers know the page by, which the search shows; None for a page that has no day."""
        return None

    @property
    def card_kicker(self) -> str:
        """The words above the title on the page's social card; may be empty."""
        return ""

    @property
    def is_due_for_review(self) -> bool:
        """Whether the review-by date has passed, in London."""
        return self.review_by is not None and self.review_by < timezone.localdate()

    @classmethod
    def get_indexed_objects(cls) -> "QuerySet[BasePage]":
        """The pages that searches know, the editors' too: not those in the bin."""
        return outside_bin(super().get_indexed_objects())

    def get_breadcrumbs(self) -> list[Page]:
        """The live pages above this one, from home downwards; empty for home and for a page not saved yet."""
        if self.pages_above is None:
            self.pages_above = list(self.get_ancestors().filter(depth__gt=1)) if self.path else []
        return [page for page in self.pages_above if page.live]

    def get_view_restrictions(self) -> "QuerySet[PageViewRestriction]":
        """What a reader must have to see the page. For most pages nothing, which takes no query of its own."""
        if self.path.startswith(visibility.private_paths()):
            return super().get_view_restrictions()
        return PageViewRestriction.objects.none()

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        """JSON-LD objects for this page (schema.org). Subclasses add theirs to the breadcrumbs'."""
        return [structured_data.breadcrumb_list([*self.get_breadcrumbs(), self], request)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the breadcrumbs."""
        load_renditions([self])
        return super().get_context(request, *args, **kwargs) | {"breadcrumbs": self.get_breadcrumbs()}


def load_renditions(pages: Iterable[BasePage]) -> None:
    """Read the sizes in which the pages' pictures exist already, in one query. Pages that have them are left out."""
    models.prefetch_related_objects([page for page in pages if page.listing_image_id], "listing_image__renditions")


class DrawnMapMixin(models.Model):
    """A page with a map drawn from its slug: made when the page is saved and kept, so that readers never wait."""

    ground = models.CharField(
        "ground",
        max_length=8,
        choices=Ground,
        default=Ground.MOSS,
        help_text="The colour of the map behind the title, used when there is no picture.",
    )
    map_seed = models.CharField(max_length=255, blank=True, editable=False)
    map_sheet = models.TextField(blank=True, editable=False)
    map_detail = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True

    def get_map(self, shape: Shape) -> str:
        """The kept SVG, or one drawn now for a page that was never saved (a preview)."""
        kept = self.map_sheet if shape == SHEET else self.map_detail
        return kept or draw_map(self._seed(), shape)

    @property
    def sheet(self) -> str:
        """The wide map, for the head of the page."""
        return self.get_map(SHEET)

    @property
    def detail(self) -> str:
        """The small map, for lists."""
        return self.get_map(DETAIL)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Draw the maps when the slug is new."""
        if not getattr(self, "slug", ""):
            self.full_clean()  # gives the page its slug, which the map is drawn from
        if self.map_seed != self._seed() or not self.map_sheet:
            self._draw()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "map_seed", "map_sheet", "map_detail"}
        super().save(*args, **kwargs)

    def serializable_data(self) -> dict[str, Any]:
        """Leave the maps out of revisions: they can be drawn again."""
        data: dict[str, Any] = super().serializable_data()  # ty: ignore[missing-attribute]
        return {name: value for name, value in data.items() if name not in ("map_sheet", "map_detail", "map_seed")}

    def _seed(self) -> str:
        return str(getattr(self, "slug", "") or "unnamed")

    def _draw(self) -> None:
        self.map_seed = self._seed()
        self.map_sheet = draw_map(self.map_seed, SHEET)
        self.map_detail = draw_map(self.map_seed, DETAIL)
