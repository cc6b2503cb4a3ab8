"""What core changes in Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from wagtail import hooks
from wagtail.models import Page

from core import cards
from core.models import BasePage
from core.rich_text import VisiblePageLinkHandler
from core.search.reports import NothingFoundReport, ReportMenuItem, SearchesReport


@hooks.register("register_rich_text_features", order=10)
def use_our_links_to_pages(features: Any) -> None:
    """Put our handler of links to pages in the place of Wagtail's, which was registered before."""
    features.register_link_type(VisiblePageLinkHandler)


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


@hooks.register("after_publish_page")
def draw_social_card(request: HttpRequest, page: Page) -> None:
    """Draw the picture for those who share the page, before the first of them does."""
    specific = page.specific
    if isinstance(specific, BasePage):
        cards.draw_card_of(specific)
