"""What core changes in Wagtail."""

from typing import Any

from wagtail import hooks

from core.rich_text import VisiblePageLinkHandler


@hooks.register("register_rich_text_features", order=10)
def use_our_links_to_pages(features: Any) -> None:
    """Put our handler of links to pages in the place of Wagtail's, which was registered before."""
    features.register_link_type(VisiblePageLinkHandler)
