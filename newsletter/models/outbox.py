"""What still has to reach Mailchimp, and the state of the queue as a whole."""

from django.db import models
from django.utils import timezone

from newsletter.errors import ErrorClass


class Desired(models.TextChoices):
    """What the person asked for."""

    SUBSCRIBED = "subscribed", "On the mailing list"
    PROFILE = "profile", "Their name and topics up to date"
    UNSUBSCRIBED = "unsubscribed", "Off the mailing list"
    ERASED = "erased", "Erased for good"


class Outcome(models.TextChoices):
    """How an entry ended."""

    DELIVERED = "delivered", "Delivered"
    SETTLED = "settled", "Nothing to send"
    REFUSED = "refused", "Refused by Mailchimp"
    FAILED = "failed", "Needs attention"


class OutboxQuerySet(models.QuerySet["OutboxEntry"]):
    """Ways to look at the queue."""

    def open(self) -> "OutboxQuerySet":
        """Entries that still have to be delivered."""
        return self.filter(done_at__isnull=True)

    def free(self) -> "OutboxQuerySet":
        """Open entries that no worker has in hand."""
        return self.open().filter(models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=timezone.now()))

    def due(self) -> "OutboxQuerySet":
        """Free entries whose time has come and that nobody holds back."""
        return self.free().filter(held_at__isnull=True, due_at__lte=timezone.now()).order_by("due_at", "pk")


class OutboxEntry(models.Model):
    """A wish to be delivered: the state a person asked for, not a message about it.

    A subscriber has at most one open entry; signing up again renews it (`sequence`). A worker takes an entry
    by a lease, so one that dies leaves it to the next.
    """

    subscriber = models.ForeignKey("newsletter.Subscriber", on_delete=models.CASCADE, related_name="outbox")
    desired = models.CharField("wanted", max_length=16, choices=Desired.choices, default=Desired.SUBSCRIBED)
    sequence = models.PositiveIntegerField(default=1, help_text="Raised by each renewal.")
    requested_at = models.DateTimeField("asked for", default=timezone.now, help_text="When the person last asked.")
    due_at = models.DateTimeField("next try", default=timezone.now)
    held_at = models.DateTimeField("held since", null=True, blank=True, help_text="Held until an editor lets it go.")
    attempts = models.PositiveIntegerField("tries", default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_holder = models.CharField(max_length=40, blank=True, help_text="Token of the worker that has it in hand.")
    error_class = models.CharField("last error", max_length=16, choices=ErrorClass.choices, blank=True)
    error = models.CharField("last error in words", max_length=300, blank=True)
    is_paced = models.BooleanField(default=False, help_text="Mailchimp wants a long wait: never tried sooner.")
    leaves_first = models.BooleanField(
        default=False, help_text="The person left, which Mailchimp was not told yet, and then signed up again."
    )
    outcome = models.CharField("outcome", max_length=16, choices=Outcome.choices, blank=True)
    done_at = models.DateTimeField("done", null=True, blank=True)
    created_at = models.DateTimeField("made", default=timezone.now, editable=False)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = "outbox entry"
        verbose_name_plural = "outbox"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber"], condition=models.Q(done_at__isnull=True), name="one_open_entry_per_subscriber"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_due",
                condition=models.Q(done_at__isnull=True, held_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Entry {self.pk}"


class QueueState(models.Model):
    """The one row about the queue as a whole: paused or not, and what Mailchimp last said of the audience."""

    PK = 1

    paused_since = models.DateTimeField(null=True, blank=True, help_text="Set while no call could succeed.")
    paused_reason = models.CharField(max_length=300, blank=True)
    probe_at = models.DateTimeField(null=True, blank=True, help_text="When to ask whether the pause can end.")
    outage_since = models.DateTimeField(null=True, blank=True, help_text="Set from a failed call to the next answer.")
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_webhook_at = models.DateTimeField(null=True, blank=True, help_text="When Mailchimp last sent a message.")
    alert_due = models.BooleanField(default=False, help_text="The operator has still to be told of the pause by email.")
    account_name = models.CharField(max_length=150, blank=True, help_text="Of the account that the key belongs to.")
    audience_name = models.CharField(max_length=150, blank=True)
    double_opt_in = models.BooleanField(null=True, help_text="As the audience was last seen; empty when never.")
    webhook_id = models.CharField(max_length=32, blank=True, help_text="Mailchimp's name of our webhook.")
    webhook_signing_secret = models.TextField(blank=True, help_text="Sealed: see newsletter.sealing.")
    reconciled_until = models.DateTimeField(
        null=True, blank=True, help_text="Changes at Mailchimp up to this moment have been taken over."
    )
    copied_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When the backup was made that this database was restored from, until all has been compared.",
    )

    class Meta:
        verbose_name = "state of the queue"
        verbose_name_plural = "state of the queue"

    def __str__(self) -> str:
        return "paused" if self.paused_since else "running"

    @classmethod
    def load(cls) -> "QueueState":
        """The row, or one with nothing in it that is not saved yet."""
        return cls.objects.filter(pk=cls.PK).first() or cls(pk=cls.PK)
