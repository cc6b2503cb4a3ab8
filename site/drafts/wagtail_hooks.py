"""The place of shared drafts in Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from drafts import sharing
from drafts.models import may_share


class ShareMenuItem(PageMenuItem):
    """The way from a page to its links, for people who may edit it."""

    label = "Share draft"
    icon_name = "link"
    url_name = "drafts_share"
    priority = 45

    def is_shown(self, user: Any) -> bool:
        return may_share(user, self.page)


@hooks.register("register_admin_urls")
def add_pages() -> list[URLPattern]:
    """The addresses of sharing."""
    return [
        path("pages/<int:page_id>/share/", sharing.share, name="drafts_share"),
        path("pages/<int:page_id>/share/revoke/", sharing.revoke, name="drafts_revoke"),
    ]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def add_to_menus(page: Page, user: Any, next_url: str | None = None, view_name: str = "") -> Iterator[ShareMenuItem]:
    """In the menu of a page: above its form, and in lists."""
    yield ShareMenuItem(page=page)


@hooks.register("register_log_actions")
def add_log_actions(registry: LogActionRegistry) -> None:
    """What happens to links, in the words of a page's history."""
    registry.register_action("drafts.share", "Share a draft", "Draft shared by a link")
    registry.register_action("drafts.revoke", "Revoke links to a draft", "Link to a draft revoked")
