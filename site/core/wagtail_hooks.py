"""What core changes in Wagtail."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import SubmenuMenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from core import cards, starting_points
from core.advice import advice_for
from core.models import BasePage, StartingPoint
from core.rich_text import VisiblePageLinkHandler
from core.search.reports import NothingFoundReport, ReportMenuItem, SearchesReport
from core.write_menu import HOOK, write_menu


@hooks.register("register_rich_text_features", order=10)
def use_our_links_to_pages(features: Any) -> None:
    """Put our handler of links to pages in the place of Wagtail's, which was registered before."""
    features.register_link_type(VisiblePageLinkHandler)


@hooks.register("register_admin_menu_item")
def add_write_menu() -> SubmenuMenuItem:
    """The menu "Write"."""
    return write_menu()


@hooks.register("register_admin_urls")
def add_starting_points() -> list[Any]:
    """The addresses of starting points."""
    return starting_points.addresses()


@hooks.register(HOOK)
def start_from_a_template() -> starting_points.StartMenuItem:
    """Begin a page with headings and texts in it."""
    return starting_points.menu_item()


@hooks.register("register_page_header_buttons")
def save_as_starting_point(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The line in a page's menu by which site managers keep it as a starting point."""
    if view_name == "edit" and starting_points.may_save(page.specific_deferred, user):
        address = reverse("starting-points-save", args=[page.pk])
        yield Button("Save as template", address, icon_name="copy", priority=90)


class StartingPointViewSet(SnippetViewSet):
    """Names and order of starting points, for those who look after them. What is in one comes from a page."""

    model = StartingPoint
    icon = "copy"
    list_display = ("name", "kind", "description", "sort_order")


register_snippet(StartingPointViewSet)


@hooks.register("insert_editor_js")
def count_characters() -> str:
    """The script that counts the characters of titles and descriptions (core.panels.counted)."""
    return format_html('<script src="{}"></script>', static("js/admin/counter.js"))


@hooks.register("insert_editor_js")
def autosave_everything() -> str:
    """The script that keeps Wagtail's autosave from missing what is changed while it saves."""
    return format_html('<script src="{}" type="module"></script>', static("js/admin/autosave.js"))


@hooks.register("register_admin_urls")
def add_search_reports() -> list[Any]:
    """The addresses of the reports on searches, each with the part of it that changes when filters do."""
    reports = {"searches": SearchesReport, "searches-without-results": NothingFoundReport}
    return [
        address
        for place, report in reports.items()
        for address in (
            path(f"reports/{place}/", report.as_view(), name=report.index_url_name),
            path(f"reports/{place}/results/", report.as_view(results_only=True), name=report.index_results_url_name),
        )
    ]


@hooks.register("register_reports_menu_item")
def show_searches_report() -> ReportMenuItem:
    """What people searched for."""
    return ReportMenuItem.of(SearchesReport, order=1300)


@hooks.register("register_reports_menu_item")
def show_nothing_found_report() -> ReportMenuItem:
    """Searches that found nothing."""
    return ReportMenuItem.of(NothingFoundReport, order=1301)


@hooks.register("construct_reports_menu")
def leave_out_search_terms(request: HttpRequest, menu_items: list[Any]) -> None:
    """Wagtail's own report on searches, for administrators only, says less than ours."""
    menu_items[:] = [item for item in menu_items if item.name != "search-terms"]


# Wagtail shows all pages of a section at once to sort them by hand. So many open within a second.
MOST_SORTED_BY_HAND = 100


@hooks.register("construct_explorer_page_queryset")
def sort_the_first_by_hand(parent_page: Page, pages: Any, request: HttpRequest) -> Any:
    """Of a section with very many pages, show the first ones to sort by hand, and say so."""
    if request.GET.get("ordering") != "ord" or parent_page.numchild <= MOST_SORTED_BY_HAND:
        return pages
    messages.info(
        request,
        f"This section has {parent_page.numchild:,} pages. The first {MOST_SORTED_BY_HAND} are shown, to sort by hand.",
    )
    return pages.filter(pk__in=list(pages.values_list("pk", flat=True)[:MOST_SORTED_BY_HAND]))


@hooks.register("after_publish_page")
def draw_social_card(request: HttpRequest, page: Page) -> None:
    """Draw the picture for those who share the page, before the first of them does."""
    specific = page.specific
    if isinstance(specific, BasePage):
        cards.draw_card_of(specific)


# More would hide the form beneath the message; the panel Checks has them all.
ADVICE_IN_MESSAGE = 3


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def tell_what_to_look_at(request: HttpRequest, page: Page) -> None:
    """Say after a person has saved or published what to look at. Saves that the form makes by itself say nothing."""
    found = advice_for(page) if request.accepts("text/html") else []
    if not found:
        return
    shown = [(advice.field, advice.message, advice.remedy) for advice in found[:ADVICE_IN_MESSAGE]]
    more = format_html("<p>And {} more.</p>", len(found) - len(shown)) if len(found) > len(shown) else ""
    messages.warning(
        request,
        format_html(
            "Saved. Worth a look{}:<ul>{}</ul>{}The panel Checks, beside the form, always has the whole list.",
            "" if page.live else " before you publish",
            format_html_join("", "<li><b>{}:</b> {} {}</li>", shown),
            more,
        ),
    )
