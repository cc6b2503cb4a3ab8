"""The editors' own work in Wagtail's admin: panels, calendar, reports."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from core.reports import WritersMenuItem
from editorial.calendar_views import link_view, month_view
from editorial.dashboard import NeedsPanel, PublishedPanel
from editorial.guide import guide_view, picture_view
from editorial.reports import BrokenLinksReport, CareReport, ignore
from editorial.submitting import say_what_submitting_is

REPORTS = (BrokenLinksReport, CareReport)


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """What needs somebody, and what was published lately, on the admin's first page."""
    panels += [NeedsPanel(), PublishedPanel()]


@hooks.register("register_admin_urls")
def add_pages() -> list[URLPattern]:
    """The addresses of the calendar and the reports, each report with the part of it that changes when filters do."""
    pages = [
        path("calendar/", month_view, name="editorial-calendar"),
        path("guide/", guide_view, name="editorial-guide"),
        path("guide/pictures/<slug:picture>.webp", picture_view, name="editorial-guide-picture"),
        path("calendar/link/", link_view, name="editorial-calendar-link"),
        path("reports/broken-links/<int:pk>/ignore/", ignore, name="ignore-link"),
    ]
    for report in REPORTS:
        place = f"reports/{report.index_url_name}/"
        pages += [
            path(place, report.as_view(), name=report.index_url_name),
            path(f"{place}results/", report.as_view(results_only=True), name=report.index_results_url_name),
        ]
    return pages


@hooks.register("register_admin_menu_item")
def add_calendar() -> MenuItem:
    """The calendar, for people who write pages."""
    return WritersMenuItem("Calendar", reverse("editorial-calendar"), icon_name="calendar", order=150)


@hooks.register("register_help_menu_item")
def add_guide() -> MenuItem:
    """The guide for people who write."""
    return MenuItem("Guide for people who write", reverse("editorial-guide"), icon_name="help", order=1)


@hooks.register("register_reports_menu_item")
def show_broken_links() -> MenuItem:
    """Links that readers do not get to."""
    return _menu_item(BrokenLinksReport, 1100)


@hooks.register("register_reports_menu_item")
def show_pages_that_need_care() -> MenuItem:
    """Pages that lack something."""
    return _menu_item(CareReport, 1110)


def _menu_item(report: Any, order: int) -> MenuItem:
    address = reverse(report.index_url_name)
    return WritersMenuItem(report.page_title, address, icon_name=report.header_icon, order=order)


@hooks.register("construct_page_action_menu")
def name_submitting(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Say in plain words what submitting is for."""
    say_what_submitting_is(menu_items)


@hooks.register("insert_global_admin_css")
def style() -> str:
    """The style of the reports' cells; the admin gives reports no other place for one."""
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/admin.css"))
