"""Blocks that lead to other pages and to the mailing list."""

from typing import Any

from wagtail import blocks
from wagtail.models import Page

from core.blocks.links import LinkedPageBlock
from core.summaries import add_summaries
from core.visibility import only_visible, visible


class RelatedPagesBlock(blocks.StructBlock):
    """Pages chosen by an editor."""

    heading = blocks.CharBlock(max_length=80, default="Related pages", help_text="For example: Read on")
    pages = blocks.ListBlock(
        LinkedPageBlock(), min_num=1, max_num=6, help_text="One to six pages, in the order in which readers see them."
    )

    class Meta:
        icon = "doc-empty-inverse"
        label = "Related pages"
        group = "What next"
        template = "components/blocks/related_pages.html"
        description = "Up to six pages of this site. Pages that are not published are left out."

    def get_preview_value(self) -> Any:
        """Three pages of the site, so that editors see their own."""
        pages = visible(Page.objects.filter(depth__gt=2)).order_by("path")[:3]
        return self.normalize({"heading": "Related pages", "pages": list(pages)})

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give the template the chosen pages that readers may see."""
        pages = add_summaries(only_visible(value.get("pages") or []))
        return super().get_context(value, parent_context) | {"pages": pages}


class SignUpBlock(blocks.StructBlock):
    """The mailing-list form. Its words of consent come from the newsletter's settings, so they cannot drift."""

    heading = blocks.CharBlock(
        max_length=120, default="Join the mailing list", help_text="For example: Join the mailing list"
    )
    text = blocks.TextBlock(
        required=False,
        max_length=300,
        default="The latest news and updates from the Leadership Centre.",
        help_text="What people will get. The words of consent follow by themselves.",
    )

    class Meta:
        icon = "mail"
        label = "Newsletter sign-up"
        group = "What next"
        template = "components/blocks/sign_up.html"
        description = "The form to join the mailing list."
        preview_value = {
            "heading": "Join the mailing list",
            "text": "News and updates from the Leadership Centre.",
        }
