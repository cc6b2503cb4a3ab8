"""Blocks of the pages on what we believe and how we work."""

from typing import Any

from django.utils.text import slugify
from wagtail import blocks

from core.blocks.text import PROSE
from core.visibility import only_visible


class BeliefBlock(blocks.StructBlock):
    """One belief: a heading of the editor's choosing, the statement and its "because"."""

    heading = blocks.CharBlock(max_length=120, help_text="For example: The citizen is central")
    statement = blocks.TextBlock(required=False, max_length=400, help_text="What we believe, in one or two sentences.")
    because = blocks.TextBlock(required=False, max_length=600, help_text="Why. The word “because” is added.")
    stories = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="programmes.CaseStoryPage"),
        required=False,
        default=[],
        max_num=3,
        help_text="Stories that show it.",
    )

    class Meta:
        icon = "pick"
        label = "Belief"
        group = "Words"
        template = "components/blocks/belief.html"
        description = "A heading, the statement and its because, with stories that show it."
        preview_value = {
            "heading": "The citizen is central",
            "statement": "Public services exist for the people who use them.",
            "because": "engaging people has never been harder, or mattered more.",
            "stories": [],
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give the template the stories that readers may see."""
        stories = only_visible(value.get("stories") or [])
        return super().get_context(value, parent_context) | {"stories": stories}


class PrincipleValue(blocks.StructValue):
    """A principle that can be linked to."""

    @property
    def anchor(self) -> str:
        """The id of the principle in the page, from its heading."""
        return slugify(self.get("heading") or "") or "principle"


class PrincipleBlock(blocks.StructBlock):
    """One principle: a heading and a paragraph or two."""

    heading = blocks.CharBlock(max_length=120, help_text="For example: Show, don't tell")
    body = blocks.RichTextBlock(features=PROSE, required=False, help_text="A paragraph or two on what it means.")

    class Meta:
        icon = "order"
        label = "Principle"
        group = "Words"
        value_class = PrincipleValue
        template = "components/blocks/principle.html"
        description = "A numbered principle that can be linked to."
        preview_value = {"heading": "Show, don't tell", "body": "<p>There is no off-the-peg solution.</p>"}
