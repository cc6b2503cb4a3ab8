"""Issues of the newsletter as pages: what is sent by email, and its web version; and the archive of them."""

import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from core import listing, structured_data
from core.fields import StreamField
from core.models import BasePage
from core.panels import counted
from core.visibility import below, visible
from newsletter.blocks import IssueBlock
from newsletter.models.campaigns import PREVIEW_LENGTH, SUBJECT_LENGTH, Campaign


class IssuesPage(BasePage):
    """The archive: every issue that was published, newest first."""

    parent_page_types = ("newsletter.NewsletterPage",)
    subpage_types = ("newsletter.IssuePage",)
    max_count = 1
    query_arguments = ("page",)
    template = "newsletter/issues_page.html"

    class Meta:
        verbose_name = "newsletter issues"

    def get_issues(self) -> "models.QuerySet[IssuePage]":
        """Live issues beneath this page, newest first."""
        return below(self, latest_issues())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the part of the list that `?page=` asks for as `results`."""
        results = listing.paginate(self.get_issues(), request.GET, per_page=20)
        return super().get_context(request, *args, **kwargs) | {"results": results, "page_query": ""}


class IssuePage(BasePage):
    """One issue. Publishing it makes the web version; sending it by email is a step of its own (Campaign)."""

    offers_sharing = True

    subject = models.CharField("subject", max_length=SUBJECT_LENGTH, blank=True)
    preview_text = models.CharField("preview text", max_length=PREVIEW_LENGTH, blank=True)
    date = models.DateField(default=timezone.localdate, help_text="The day readers see, in London.")
    parts = StreamField(IssueBlock(), blank=True, verbose_name="contents")

    parent_page_types = ("newsletter.IssuesPage",)
    subpage_types: tuple[str, ...] = ()
    template = "newsletter/issue_page.html"
    search_kind = "Newsletters"
    preview_modes = [("", "Web version"), ("email", "Email")]
    search_fields = (*BasePage.search_fields, index.SearchField("parts"), index.FilterField("date"))

    content_panels = (
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                counted(
                    "subject",
                    60,
                    help_text="What people see in their inbox, for example: Food, housing and who decides. Leave empty "
                    "to use the title.",
                ),
                counted(
                    "preview_text",
                    90,
                    help_text="The line that many inboxes show after the subject, for example: Three stories from "
                    "places, and what is new.",
                ),
                FieldPanel("date", help_text="The day readers see, in London. For example: 25/11/2026"),
            ],
            "In the inbox",
        ),
        FieldPanel(
            "parts",
            help_text="Words, pages that you choose, and what is new since the last issue. Drag them into the order in "
            "which people should read them.",
        ),
    )

    class Meta:
        verbose_name = "newsletter issue"

    @property
    def search_date(self) -> datetime.date:
        """The day readers see."""
        return self.date

    @property
    def card_kicker(self) -> str:
        return "Newsletter"

    @property
    def subject_line(self) -> str:
        """The subject of the email: the editor's, or the title."""
        return " ".join((self.subject or self.title).split())[:SUBJECT_LENGTH]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Make the record of its sending together with the issue, so that it is listed from the first draft on."""
        super().save(*args, **kwargs)
        if self.alias_of_id is None:  # an alias is the same issue again, which is sent once
            Campaign.objects.update_or_create(issue=self, defaults={"title": self.title})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the parts as readers get them."""
        from newsletter.campaigns.contents import sections_of

        return super().get_context(request, *args, **kwargs) | {"sections": sections_of(self)}

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The web version, or the email as it would be sent now."""
        if mode_name != "email":
            return super().serve_preview(request, mode_name)
        from newsletter.campaigns.letter import letter_of

        return HttpResponse(letter_of(self).html)

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [structured_data.article(self, request, "Article"), *super().get_structured_data(request)]


def latest_issues() -> "models.QuerySet[IssuePage]":
    """Live issues that every reader may see, newest first, without their parts."""
    return visible(IssuePage.objects.all()).defer_streamfields().order_by("-date", "-pk")
