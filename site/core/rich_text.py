"""Links to pages in texts."""

from typing import Any

from wagtail.rich_text.pages import PageLinkHandler

from core import memory
from core.visibility import is_visible


class VisiblePageLinkHandler(PageLinkHandler):
    """Leaves the words of a link to a page that readers may not see, and takes the link away."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Any]:
        """The pages of the links of a text, in their order; None for those that are gone or not to be seen."""
        keys = [int(attrs["id"]) if str(attrs.get("id", "")).isdecimal() else 0 for attrs in attrs_list]
        found = memory.pages(keys)
        return [found[key] if is_visible(found.get(key)) else None for key in keys]
