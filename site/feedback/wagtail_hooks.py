"""The place of readers' answers in Wagtail's admin."""

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from core.reports import WritersMenuItem
from feedback.reports import TITLE, CommentsView, PagesView


@hooks.register("register_admin_urls")
def add_reports() -> list[URLPattern]:
    """The addresses of the reports."""
    return [
        path("reports/feedback/", PagesView.as_view(), name="feedback-report"),
        path("reports/feedback/results/", PagesView.as_view(results_only=True), name="feedback-report-results"),
        path("reports/feedback/<int:pk>/", CommentsView.as_view(), name="feedback-comments"),
    ]


@hooks.register("register_reports_menu_item")
def add_menu_item() -> MenuItem:
    """The report among Wagtail's own."""
    return WritersMenuItem(TITLE, reverse("feedback-report"), name="feedback", icon_name="comment", order=1200)
