"""What an issue of the newsletter is made of."""

from typing import Any

from wagtail import blocks
from wagtail.models import Page, get_page_models

from core.blocks.links import LinkedPageBlock
from core.blocks.text import TextBlock
from core.models import BasePage
from core.search.kinds import words_of_kinds
from core.visibility import visible


def kinds() -> list[tuple[str, str]]:
    """The kinds of pages of which an issue can show the latest: those that readers can tell apart in the search."""
    used = {model.search_kind for model in kind_models()}
    return [(slug, words) for slug, words in words_of_kinds().items() if words in used]


def kind_models(words: str = "") -> list[type[BasePage]]:
    """The page types that are written again and again, of one kind or of all.

    Args:
        words: of the kind, as readers see it.
    """
    return [
        model
        for model in get_page_models()
        if issubclass(model, BasePage)
        and model._meta.app_label != "newsletter"
        and model.max_count is None
        and model.search_kind not in ("", BasePage.search_kind)
        and words in ("", model.search_kind)
    ]


class PickedPageBlock(blocks.StructBlock):
    """A page that an editor chose."""

    page = LinkedPageBlock(help_text="For example a case story. Readers get its title, its picture and its summary.")
    summary = blocks.TextBlock(
        required=False, max_length=300, help_text="Your own words for this issue. Leave empty to use the page's."
    )
    with_picture = blocks.BooleanBlock(
        required=False, default=True, label="With its picture", help_text="The page's picture in lists, if it has one."
    )

    class Meta:
        icon = "doc-full"
        label = "A page"
        group = "Newsletter"
        description = "A page of this site that you choose, with its picture and summary."

    def get_preview_value(self) -> Any:
        """A page of the site."""
        page = visible(Page.objects.filter(depth__gt=2)).order_by("path").first()
        return self.normalize({"page": page, "summary": "", "with_picture": True})


class LatestBlock(blocks.StructBlock):
    """What was published since the last issue."""

    heading = blocks.CharBlock(max_length=80, default="Latest news", help_text="For example: Latest news")
    kind = blocks.ChoiceBlock(choices=kinds, search_index=False, help_text="What to list, the newest first.")
    most = blocks.IntegerBlock(
        default=5, min_value=1, max_value=20, label="At most", help_text="How many. From 1 to 20, for example 5."
    )

    class Meta:
        icon = "time"
        label = "Latest since the last issue"
        group = "Newsletter"
        description = "What was published since the last issue, without the pages that you chose."

    def get_preview_value(self) -> Any:
        """The first kind there is."""
        return self.normalize({"heading": "Latest news", "kind": next(iter(kinds()), ("", ""))[0], "most": 3})


class IssueBlock(blocks.StreamBlock):
    """The parts of an issue, in the order in which readers get them."""

    words = TextBlock()
    page = PickedPageBlock()
    latest = LatestBlock()
