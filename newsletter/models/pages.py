"""The sign-up page and the page that thanks."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from core.models import BasePage
from newsletter.models.issues import latest_issues
from newsletter.opt_in import confirmation_expected


class NewsletterPage(BasePage):
    """The page with the sign-up form. The form itself is the same on every page."""

    body = RichTextField(
        "text",
        blank=True,
        help_text="Shown beside the form: what is in the newsletter, how often it comes, a recent issue.",
    )

    parent_page_types = ["home.HomePage"]
    subpage_types = ["newsletter.ThankYouPage", "newsletter.IssuesPage"]
    max_count = 1
    template = "newsletter/sign_up_page.html"

    content_panels = (*BasePage.content_panels, FieldPanel("body"))
    search_fields = BasePage.search_fields

    class Meta:
        verbose_name = "newsletter page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the newest issue as `issue`, for people who want to see one first; None when there is none."""
        issue = latest_issues().first()
        return super().get_context(request, *args, **kwargs) | {"issue": issue}


class ThankYouPage(BasePage):
    """What happens next. Everybody who signs up sees it, whoever they are, so it must be true for all."""

    heading_to_confirm = models.CharField(
        "heading",
        max_length=120,
        default="Check your inbox",
        help_text="When Mailchimp asks people to confirm by email.",
    )
    message_to_confirm = models.CharField(
        "what happens next",
        max_length=300,
        default="If you are new to the list, an email is on its way to you. Follow the link in it to confirm.",
        help_text="One or two sentences. People who are on the list already read them too.",
    )
    heading = models.CharField(
        "heading",
        max_length=120,
        default="Thank you for signing up",
        help_text="When the audience at Mailchimp does not ask people to confirm.",
    )
    message = models.CharField(
        "what happens next",
        max_length=300,
        default="You will get our next newsletter by email.",
        help_text="One or two sentences. People who are on the list already read them too.",
    )
    body = RichTextField("more", blank=True, help_text="Where to go now.")

    parent_page_types = ["newsletter.NewsletterPage"]
    subpage_types: list[str] = []
    max_count = 1
    template = "newsletter/thank_you_page.html"

    content_panels = (
        BasePage.title_panel,
        MultiFieldPanel(
            [FieldPanel("heading_to_confirm"), FieldPanel("message_to_confirm")], "When people are asked to confirm"
        ),
        MultiFieldPanel([FieldPanel("heading"), FieldPanel("message")], "When nobody is asked to confirm"),
        FieldPanel("body"),
    )

    search_kind = ""

    class Meta:
        verbose_name = "thank-you page"

    def words(self) -> tuple[str, str]:
        """Heading and sentence that are true for the audience as it is now."""
        if confirmation_expected():
            return self.heading_to_confirm, self.message_to_confirm
        return self.heading, self.message

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `heading` and `message`, chosen by whether people are asked to confirm."""
        heading, message = self.words()
        return super().get_context(request, *args, **kwargs) | {"heading": heading, "message": message}
