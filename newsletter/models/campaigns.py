"""The sending of an issue by email: what was approved, where it stands, and what came of it."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

# Mailchimp's limits (API reference, "Add campaign": settings.subject_line, settings.preview_text).
SUBJECT_LENGTH = PREVIEW_LENGTH = 150


def new_token() -> str:
    """Twelve characters that no other campaign has."""
    return secrets.token_hex(6)


class CampaignState(models.TextChoices):
    """Where the sending of an issue stands, in words that a newsletter manager understands."""

    DRAFT = "draft", "Not sent"
    TESTING = "testing", "Test on its way"
    QUEUED = "queued", "On its way to Mailchimp"
    SCHEDULED = "scheduled", "Scheduled"
    CANCELLING = "cancelling", "Being cancelled"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Needs attention"


class Recipients(models.TextChoices):
    """Who gets an issue."""

    AUDIENCE = "audience", "Everybody who is subscribed"
    SEGMENT = "segment", "A segment"
    TAG = "tag", "A tag"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Ways to look at campaigns."""

    def due(self) -> "CampaignQuerySet":
        """Those that a worker has to do something about now, and that none has in hand."""
        now = timezone.now()
        free = models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=now)
        return self.filter(free, due_at__lte=now).order_by("due_at", "pk")

    def at_rest(self) -> "CampaignQuerySet":
        """Those of which it is certain that nothing was sent, and that nothing is under way."""
        return self.filter(state__in=(CampaignState.DRAFT, CampaignState.FAILED), committed_at__isnull=True)


class Campaign(models.Model):
    """The sending of one issue: at most one for each, so that no issue is sent twice.

    What is approved is kept here as it will be read (`html`, `plain_text`), so that a worker sends that and nothing
    else, whatever happens to the page. A worker takes a campaign by a lease; `sequence` rises with each wish of a
    person, so that a worker that acts on an older one notices.
    """

    issue = models.OneToOneField(
        "newsletter.IssuePage", null=True, blank=True, on_delete=models.SET_NULL, related_name="campaign"
    )
    title = models.CharField("issue", max_length=255, help_text="The title of the page, kept when the page is deleted.")
    state = models.CharField(max_length=16, choices=CampaignState.choices, default=CampaignState.DRAFT)
    reason = models.CharField("why", max_length=500, blank=True, help_text="Why it stands there, in a sentence.")

    # What was approved, or is being tested.
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    preview_text = models.CharField(max_length=PREVIEW_LENGTH, blank=True)
    html = models.TextField(blank=True)
    plain_text = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of subject, preview text and content.")
    recipients = models.CharField(max_length=16, choices=Recipients.choices, default=Recipients.AUDIENCE)
    segment_id = models.PositiveBigIntegerField(null=True, help_text="Mailchimp's number of the segment or tag.")
    segment_name = models.CharField(max_length=150, blank=True)
    send_at = models.DateTimeField("to be sent", null=True, help_text="Empty: at once.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="sent by"
    )
    asked_at = models.DateTimeField(null=True, help_text="When a person last asked for something.")

    # Tests.
    test_addresses = models.TextField(blank=True, help_text="One a line; emptied as soon as the test is over.")
    tested_at = models.DateTimeField(null=True)
    tested_fingerprint = models.CharField(max_length=64, blank=True)

    # At Mailchimp.
    token = models.CharField(
        max_length=16,
        unique=True,
        default=new_token,
        help_text="Part of the campaign's title there, by which it is found when the answer to making it was lost.",
    )
    remote_id = models.CharField(max_length=32, blank=True, help_text="Mailchimp's name of the campaign.")
    saved_fingerprint = models.CharField(max_length=64, blank=True, help_text="Of the content that is there.")
    committed_at = models.DateTimeField(
        null=True, help_text="When it was told to send or schedule. Emptied once it is certain that it did neither."
    )
    unsure_until = models.DateTimeField(
        null=True, help_text="A call that got no answer may still be running there until then."
    )
    sent_at = models.DateTimeField("sent", null=True)

    # The report.
    emails_sent = models.PositiveIntegerField("emails", null=True)
    opened = models.PositiveIntegerField(null=True, help_text="People, not times.")
    clicked = models.PositiveIntegerField(null=True, help_text="People, not times.")
    unsubscribed = models.PositiveIntegerField(null=True)
    reported_at = models.DateTimeField(null=True)

    # The worker's.
    sequence = models.PositiveIntegerField(default=1, help_text="Raised by each wish of a person.")
    due_at = models.DateTimeField(null=True, help_text="When a worker has to look at it; empty: never.")
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField("begun", default=timezone.now, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "issue by email"
        verbose_name_plural = "issues by email"
        ordering = ("-created_at", "-pk")
        permissions = [("send_campaign", "Can send newsletter issues")]
        indexes = [
            models.Index(fields=["due_at", "id"], name="campaign_due", condition=models.Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def may_be_asked_for(self) -> bool:
        """Whether it can be tested, sent or scheduled now: nothing was sent and nothing is under way."""
        return self.state in (CampaignState.DRAFT, CampaignState.FAILED) and self.committed_at is None

    @property
    def may_be_cancelled(self) -> bool:
        """Whether there is something to cancel."""
        return self.state in (CampaignState.QUEUED, CampaignState.SCHEDULED)

    @property
    def recipients_in_words(self) -> str:
        """Who gets it."""
        named = {Recipients.SEGMENT: f"Segment “{self.segment_name}”", Recipients.TAG: f"Tag “{self.segment_name}”"}
        return named.get(Recipients(self.recipients), Recipients.AUDIENCE.label)
