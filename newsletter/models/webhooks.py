"""Messages from Mailchimp, as they came."""

from django.db import models
from django.utils import timezone


class WebhookEvent(models.Model):
    """A message from Mailchimp: stored raw and answered at once, acted on afterwards by the worker.

    Holds personal data; retention deletes it after 30 days.
    """

    fingerprint = models.CharField(
        max_length=64, unique=True, help_text="Of type, person and moment: the same message again is not stored again."
    )
    kind = models.CharField("type", max_length=30, help_text="As Mailchimp calls it, such as unsubscribe.")
    body = models.TextField(help_text="The form fields as they came.")
    received_at = models.DateTimeField("received", default=timezone.now)
    due_at = models.DateTimeField("next try", default=timezone.now)
    attempts = models.PositiveIntegerField("tries", default=0)
    done_at = models.DateTimeField("done", null=True, blank=True)
    outcome = models.CharField("outcome", max_length=200, blank=True, help_text="In words, without personal data.")

    class Meta:
        verbose_name = "message from Mailchimp"
        verbose_name_plural = "messages from Mailchimp"
        ordering = ("-received_at", "-pk")
        indexes = [
            models.Index(fields=["received_at"], name="webhook_received"),
            models.Index(fields=["due_at", "id"], name="webhook_due", condition=models.Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
