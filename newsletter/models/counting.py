"""Traces for the limits, and counts for the admin."""

from django.db import models
from django.utils import timezone


class SignUpTrace(models.Model):
    """That a form was sent, under keyed hashes: what the limits look back on for a day, then it is deleted."""

    at = models.DateTimeField(default=timezone.now)
    network_hash = models.CharField(max_length=32, help_text="Of the visitor's network; keyed, never the address.")
    address_hash = models.CharField(max_length=32, help_text="Of the email address; keyed.")
    is_quick = models.BooleanField(default=False, help_text="Sent sooner than people read and type as a rule.")

    class Meta:
        verbose_name = "trace of a sign-up"
        verbose_name_plural = "traces of sign-ups"
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["-at"], name="trace_at"),
            models.Index(fields=["network_hash", "-at"], name="trace_network"),
            models.Index(fields=["address_hash", "-at"], name="trace_address"),
            models.Index(fields=["network_hash", "-at"], name="trace_quick", condition=models.Q(is_quick=True)),
        ]

    def __str__(self) -> str:
        return f"Trace {self.pk}"


class DailyCount(models.Model):
    """How often something happened on a day (UTC). No person can be told from it."""

    class Kind(models.TextChoices):
        """What is counted."""

        SIGN_UP = "sign_up", "Sign-ups"
        TRAPPED = "trapped", "Robots in the trap"
        HELD = "held", "Held sign-ups"
        FROM_ELSEWHERE = "from_elsewhere", "Forms sent by other websites"

    day = models.DateField("day")
    kind = models.CharField("kind", max_length=16, choices=Kind.choices)
    count = models.PositiveIntegerField("count", default=0)

    class Meta:
        verbose_name = "daily count"
        verbose_name_plural = "daily counts"
        ordering = ("-day", "kind")
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="one_count_per_day_and_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.day}"
