"""How pages come into the bin, and that they are found nowhere else in Wagtail's admin."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet

from core.deleted import is_front_page, is_in_bin, outside_bin
from recycle_bin import api, views
from recycle_bin.actions import put_in_bin
from recycle_bin.models import KEPT, DeletedPage
from recycle_bin.rights import WRITERS

FRONT_PAGE = "This is the front page of the site, which cannot be deleted."
IN_BIN = "This page is in the bin. Restore it before you do anything else with it."

hooks.register("construct_admin_api", api.register, order=10)


class BinMenuItem(MenuItem):
    """The bin's line in the menu, for people who write pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        return page_permission_policy.user_has_any_permission(request.user, WRITERS)


@hooks.register("register_admin_urls")
def add_pages() -> list[URLPattern]:
    """The addresses of the bin."""
    return [
        path("bin/", views.BinView.as_view(), name="recycle_bin"),
        path("bin/results/", views.BinView.as_view(results_only=True), name="recycle_bin_results"),
        path("bin/<int:pk>/", views.put_back, name="recycle_bin_restore"),
        path("bin/<int:pk>/delete/", views.delete, name="recycle_bin_delete"),
    ]


@hooks.register("register_admin_menu_item")
def add_menu_item() -> MenuItem:
    """The bin, below everything that is worked on."""
    return BinMenuItem("Bin", reverse("recycle_bin"), name="bin", icon_name="bin", order=9000)


@hooks.register("before_delete_page")
def delete_into_bin(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Put a page into the bin when its deletion has been confirmed. What refuses or asks is Wagtail's page."""
    if is_in_bin(page):
        return _to_bin(request)
    if is_front_page(page):
        messages.error(request, FRONT_PAGE)
        return redirect("wagtailadmin_explore", page.pk)
    if request.method != "POST" or _is_unconfirmed(request) or _is_protected(page):
        return None
    parent = page.get_parent()
    _say(request, [put_in_bin(page, request.user)])
    return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_explore", args=[parent.pk]))


@hooks.register("before_bulk_action")
def delete_many_into_bin(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """The same for several pages at once. Those beneath another of them go with it."""
    if action_type != "delete" or action.model is not Page:
        return None
    if any(map(is_front_page, objects)):
        messages.error(request, FRONT_PAGE)
        return redirect(action.next_url)
    binned: list[DeletedPage] = []
    paths: tuple[str, ...] = ()
    for page in sorted(objects, key=lambda one: one.path):
        if not page.path.startswith(paths) and not is_in_bin(page):
            paths += (page.path,)
            binned.append(put_in_bin(page, request.user))
    _say(request, binned)
    return redirect(action.next_url)


@hooks.register("before_edit_page")
@hooks.register("before_publish_page")
@hooks.register("before_move_page")
@hooks.register("before_copy_page")
@hooks.register("before_create_page")
@hooks.register("before_convert_alias_page")
def leave_in_bin(request: HttpRequest, page: Page, *others: Any) -> HttpResponse | None:
    """Let nobody work on a deleted page, or put another beneath it."""
    return _to_bin(request) if is_in_bin(page) else None


@hooks.register("construct_explorer_page_queryset")
def leave_out_of_lists(parent: Page, pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Show deleted pages in no list of pages. The search of all pages finds what is indexed, and they are not."""
    return outside_bin(pages)


@hooks.register("construct_page_chooser_queryset")
def leave_out_of_choosers(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Offer deleted pages for no link."""
    return outside_bin(pages)


def _to_bin(request: HttpRequest) -> HttpResponse:
    messages.warning(request, IN_BIN)
    return redirect("recycle_bin")


def _is_unconfirmed(request: HttpRequest) -> bool:
    """Whether the name of the site had to be typed and was not. Wagtail then says so itself."""
    typed = request.POST.get("confirm_site_name")
    return bool(typed) and typed != settings.WAGTAIL_SITE_NAME


def _is_protected(page: Page) -> bool:
    return ReferenceIndex.get_references_to(page).group_by_source_object().is_protected


def _say(request: HttpRequest, binned: list[DeletedPage]) -> None:
    if not binned:
        return
    what = f"“{binned[0].title}” is" if len(binned) == 1 else f"{len(binned)} pages are"
    where = reverse("recycle_bin_restore", args=[binned[0].pk]) if len(binned) == 1 else reverse("recycle_bin")
    buttons = [messages.button(where, "Undo" if len(binned) == 1 else "Open the bin")]
    messages.success(request, f"{what} in the bin, and can be restored for {KEPT.days} days.", buttons=buttons)
