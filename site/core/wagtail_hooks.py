"""What core changes in Wagtail."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from core import cards
from core.models import BasePage
from core.rich_text import VisiblePageLinkHandler


@hooks.register("register_rich_text_features", order=10)
def use_our_links_to_pages(features: Any) -> None:
    """Put our handler of links to pages in the place of Wagtail's, which was registered before."""
    features.register_link_type(VisiblePageLinkHandler)


@hooks.register("after_publish_page")
def draw_social_card(request: HttpRequest, page: Page) -> None:
    """Draw the picture for those who share the page, before the first of them does."""
    specific = page.specific
    if isinstance(specific, BasePage):
        cards.draw_card_of(specific)
