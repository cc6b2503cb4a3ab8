"""Pages of words: beliefs, principles, and any other text."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core import structured_data
from core.anchors import taken_ids, unique_id
from core.blocks.body import BodyBlock
from core.fields import StreamField
from core.models import BasePage
from home.blocks import BeliefBlock, PrincipleBlock


class BeliefsPage(BasePage):
    """What we believe: short statements, each with its "because"."""

    beliefs = StreamField([("belief", BeliefBlock())], blank=True)

    parent_page_types = ("home.HomePage",)
    subpage_types: tuple[str, ...] = ()
    max_count = 1

    content_panels = (
        *BasePage.content_panels,
        FieldPanel("beliefs", help_text="In the order in which readers meet them."),
    )
    search_fields = (*BasePage.search_fields, index.SearchField("beliefs"))

    class Meta:
        verbose_name = "beliefs"


class PrinciplesPage(BasePage):
    """How we work: principles in order, each linkable by its anchor."""

    principles = StreamField([("principle", PrincipleBlock())], blank=True)
    body = StreamField(BodyBlock(), blank=True, help_text="Anything after the principles.")

    parent_page_types = ("home.HomePage",)
    subpage_types: tuple[str, ...] = ()
    max_count = 1

    content_panels = (
        *BasePage.content_panels,
        FieldPanel("principles", help_text="They are numbered in this order."),
        FieldPanel("body"),
    )
    search_fields = (*BasePage.search_fields, index.SearchField("principles"), index.SearchField("body"))

    class Meta:
        verbose_name = "approach"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the principles in order."""
        return super().get_context(request, *args, **kwargs) | {"numbered": self.get_numbered_principles(request)}

    def get_numbered_principles(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """`[{"number": 1, "anchor": "show-dont-tell", "value": …}]`: no two anchors are alike, nor any other id."""
        taken = taken_ids(request)
        return [
            {"number": number, "anchor": unique_id(taken, block.value.anchor), "value": block.value}
            for number, block in enumerate(self.principles, start=1)
        ]


class StandardPage(BasePage):
    """Any page of text: about, privacy, accessibility, contact."""

    asks_whether_helpful = True

    body = StreamField(BodyBlock(), blank=True)

    parent_page_types = ("home.HomePage", "home.StandardPage")
    subpage_types = ("home.StandardPage",)

    content_panels = (*BasePage.content_panels, FieldPanel("body"))
    search_fields = (*BasePage.search_fields, index.SearchField("body"))

    class Meta:
        verbose_name = "standard page"

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        page = structured_data.article(self, request, "WebPage")
        return [page, *structured_data.questions(self.body), *super().get_structured_data(request)]
