"""Links: to a page of this site or to an address elsewhere. The logic lives here, once."""

from collections.abc import Iterable
from copy import copy
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Page

from core import memory
from core.visibility import is_visible


class LinkValue(blocks.StructValue):
    """A link that knows its address and words."""

    @cached_property
    def url(self) -> str:
        """The address; empty when readers may not see the page (yet, or any more), so that nothing is shown."""
        page = self.get("page")
        if page is not None:
            return (page.url or "") if is_visible(page) else ""
        return self.get("address") or ""

    @property
    def text(self) -> str:
        """The words of the link: the editor's, or the page's title."""
        page = self.get("page")
        return self.get("label") or (page.title if page is not None else "") or self.get("address") or ""


class LinkedPageBlock(blocks.PageChooserBlock):
    """A page of any type, read once in a request however often it is linked."""

    def to_python(self, value: int | None) -> Page | None:
        return self.bulk_to_python([value])[0]

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Page | None]:
        """The pages with these keys, in their order; None where there is none. Each is an object of its own."""
        keys = list(values)
        found = memory.pages(key for key in keys if key is not None)
        return [copy(found[key]) if key in found else None for key in keys]


class LinkBlock(blocks.StructBlock):
    """A link to a page here or to an address elsewhere, with words of its own if need be."""

    page = LinkedPageBlock(required=False, help_text="A page of this site.")
    address = blocks.URLBlock(
        required=False,
        label="Or an address elsewhere",
        help_text="For example https://www.example.org/report",
    )
    label = blocks.CharBlock(
        required=False,
        max_length=80,
        label="Words of the link",
        help_text="What the reader will find, for example: The survey of 2016. Leave empty to use the page's title.",
    )

    class Meta:
        icon = "link"
        label = "Link"
        group = "Links"
        description = "A page of this site or an address elsewhere, with the words that readers follow."
        preview_value = {"page": None, "address": "https://www.example.org/report", "label": "The survey of 2016"}
        preview_template = "components/blocks/link_preview.html"
        value_class = LinkValue

    def clean(self, value: Any) -> Any:
        """Ask for exactly one target, and for words when the target has no title.

        Raises:
            StructBlockValidationError: naming the field that must change.
        """
        value = super().clean(value)
        if self.is_deferred_validation:  # a draft, in which the target may still be missing
            return value
        if bool(value.get("page")) == bool(value.get("address")):
            message = "Choose a page or write an address: one of the two."
            raise StructBlockValidationError({"page": ValidationError(message), "address": ValidationError(message)})
        if value.get("address") and not value.get("label"):
            raise StructBlockValidationError({"label": ValidationError("Write the words of the link.")})
        return value
