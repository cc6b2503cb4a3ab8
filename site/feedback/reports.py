"""What readers say, in the admin's reports: how many of each page, and the comments on one."""

from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.models import Page

from core.reports import WritersReport
from feedback.models import Answer

TITLE = "Feedback from readers"


class FeedbackView(WritersReport):
    """A report on readers' answers."""

    page_title = TITLE
    header_icon = "comment"
    is_searchable = False


class PagesView(FeedbackView):
    """The pages that readers have answered of, the latest answer first."""

    index_url_name = "feedback-report"
    index_results_url_name = "feedback-report-results"
    export_filename = "feedback"
    list_export = ("title", "address", "helpful", "not_helpful", "comments", "latest")
    export_headings = {
        "address": "Address",
        "helpful": "Helpful",
        "not_helpful": "Not helpful",
        "comments": "Comments",
        "latest": "Latest answer",
    }
    columns = (
        TitleColumn("title", label="Page", get_url=lambda page: reverse("feedback-comments", args=[page.pk])),
        Column("helpful", label="Helpful"),
        Column("not_helpful", label="Not helpful"),
        Column("comments", label="Comments"),
        DateColumn("latest", label="Latest answer"),
    )

    def get_queryset(self) -> QuerySet[Page]:
        """Pages with the numbers of their answers."""
        return (
            self.get_pages()
            .filter(pk__in=Answer.objects.order_by().values("page"))
            .annotate(
                helpful=Count("answers", filter=Q(answers__is_helpful=True)),
                not_helpful=Count("answers", filter=Q(answers__is_helpful=False)),
                comments=Count("answers", filter=~Q(answers__comment="")),
                latest=Max("answers__at"),
            )
            .order_by("-latest")
        )

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """The cells of a page."""
        item.address = item.get_full_url(self.request) or ""
        return super().to_row_dict(item)


class CommentsView(FeedbackView):
    """The comments on one page, the newest first."""

    export_filename = "comments"
    list_export = ("at", "opinion", "comment")
    export_headings = {"at": "Time", "opinion": "Opinion", "comment": "Comment"}
    columns = (
        Column("comment", label="Comment"),
        Column("opinion", label="Opinion"),
        DateColumn("at", label="Time"),
    )

    def get_page_subtitle(self) -> str:
        return self.page.title

    def get_index_url(self) -> str:
        return reverse("feedback-comments", args=[self.page.pk])

    get_index_results_url = get_index_url

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way back to all pages."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("feedback-report"), "label": TITLE},
            {"url": "", "label": self.page.title},
        ]

    def get_queryset(self) -> QuerySet[Answer]:
        """The answers with a comment."""
        return Answer.objects.filter(page=self.page).exclude(comment="").order_by("-at", "-pk")

    @property
    def page(self) -> Page:
        """The page in hand.

        Raises:
            Http404: there is none, or the user may not write it.
        """
        if not hasattr(self, "_page"):
            self._page = get_object_or_404(self.get_pages(), pk=self.kwargs["pk"])
        return self._page
