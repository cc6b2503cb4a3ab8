"""Comparisons of the mailing list here with the one at Mailchimp."""

from django.db import models
from django.utils import timezone


class Reconciliation(models.Model):
    """One comparison: how far it looked and what it changed."""

    class Extent(models.TextChoices):
        """How much of the audience is compared."""

        CHANGES = "changes", "What changed since the last one"
        FULL = "full", "The whole audience"

    extent = models.CharField("extent", max_length=10, choices=Extent.choices)
    since = models.DateTimeField("changes since", null=True, blank=True)
    started_at = models.DateTimeField("began", default=timezone.now)
    finished_at = models.DateTimeField(
        "ended", null=True, blank=True, help_text="Empty while it runs, or if it broke off."
    )
    # Where it stands, to go on after a break. Contacts come in the order of their last change, so one that changes
    # meanwhile comes again at the end, and none is left out.
    cursor = models.DateTimeField(null=True, blank=True, help_text="Contacts that changed before are done.")
    offset = models.PositiveIntegerField(default=0, help_text="How many that changed since then are done.")
    at_archived = models.BooleanField(default=False, help_text="It has come to the archived contacts.")
    seen = models.PositiveIntegerField("contacts seen", default=0)
    imported = models.PositiveIntegerField("new here", default=0)
    changed = models.PositiveIntegerField("changed here", default=0)
    missing = models.PositiveIntegerField("no longer at Mailchimp", default=0)
    sent_again = models.PositiveIntegerField("put back into the outbox", default=0)
    error = models.CharField("what stopped it", max_length=300, blank=True)

    class Meta:
        verbose_name = "comparison with Mailchimp"
        verbose_name_plural = "comparisons with Mailchimp"
        ordering = ("-started_at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_extent_display()}, {self.started_at:%Y-%m-%d %H:%M} UTC"
