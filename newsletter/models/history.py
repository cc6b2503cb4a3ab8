"""What happened to a subscriber, step by step."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from newsletter.models.append_only import AppendOnly
from newsletter.states import Source, State


class Transition(AppendOnly):
    """One change of a subscriber's state: when, from what to what, and what brought it about."""

    subscriber = models.ForeignKey("newsletter.Subscriber", on_delete=models.CASCADE, related_name="transitions")
    at = models.DateTimeField("time", default=timezone.now)
    from_state = models.CharField("from", max_length=24, choices=State.choices, blank=True)
    to_state = models.CharField("to", max_length=24, choices=State.choices)
    source = models.CharField("source", max_length=16, choices=Source.choices)
    reason = models.CharField("reason", max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="editor",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who did it, when it was an editor.",
    )

    class Meta:
        verbose_name = "step"
        verbose_name_plural = "history"
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.get_from_state_display() or 'New'} to {self.get_to_state_display()}"
