"""A person on the mailing list, or on the way there."""

from typing import Any

from django.db import models
from django.utils import timezone

from newsletter.addresses import MAX_LENGTH
from newsletter.models.consent import Basis
from newsletter.models.history import Transition
from newsletter.models.interests import Interest
from newsletter.states import Origin, Source, State


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Ways to look at subscribers."""

    def with_delivery(self) -> "SubscriberQuerySet":
        """Add what `shown_state` needs: whether a worker has the open outbox entry in hand."""
        from newsletter.models.outbox import OutboxEntry

        entry = OutboxEntry.objects.open().filter(subscriber=models.OuterRef("pk"))
        return self.annotate(in_hand=models.Exists(entry.filter(lease_until__gt=timezone.now())))


class Subscriber(models.Model):
    """One address and where it stands. The row is the site's own account; Mailchimp's word is kept beside it."""

    email = models.CharField(
        "email address", max_length=MAX_LENGTH, blank=True, help_text="As the person typed it; empty once erased."
    )
    email_key = models.CharField(
        max_length=MAX_LENGTH,
        unique=True,
        editable=False,
        help_text="Trimmed and in lower case, to find it again. For an erased person a keyed hash of that.",
    )
    first_name = models.CharField("first name", max_length=100, blank=True)
    last_name = models.CharField("last name", max_length=100, blank=True)
    state = models.CharField("state", max_length=24, choices=State.choices, default=State.WAITING)
    reason = models.CharField("reason", max_length=500, blank=True, help_text="Why it is so, in words.")
    state_changed_at = models.DateTimeField("last change", default=timezone.now)
    source_page = models.CharField("signed up on", max_length=255, blank=True, help_text="Path of the page.")
    signed_up_at = models.DateTimeField("signed up", default=timezone.now, help_text="The latest sign-up.")
    created_at = models.DateTimeField("first seen", default=timezone.now, editable=False)
    origin = models.CharField(
        "known from", max_length=16, choices=Origin.choices, default=Origin.FORM, help_text="Where it was first seen."
    )
    basis = models.CharField(
        "basis", max_length=16, choices=Basis.choices, blank=True, help_text="Of the latest sign-up; empty when none."
    )
    wording_version = models.PositiveIntegerField(
        "version of the wording", null=True, blank=True, help_text="Of the latest sign-up; empty when none."
    )
    interests = models.ManyToManyField(Interest, blank=True, related_name="subscribers", verbose_name="topics")
    confirmation_asked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When we last had Mailchimp ask the person to confirm."
    )
    mailchimp_status = models.CharField(
        "status at Mailchimp", max_length=20, blank=True, help_text="As last seen; empty when it was never there."
    )
    mailchimp_id = models.CharField(
        "Mailchimp's id", max_length=32, blank=True, help_text="Mailchimp's account-wide id of the address."
    )
    mailchimp_changed_at = models.DateTimeField(
        "last change at Mailchimp", null=True, blank=True, help_text="As Mailchimp last said."
    )
    mailchimp_seen_at = models.DateTimeField("last look at Mailchimp", null=True, blank=True)
    contact_hash = models.CharField(
        max_length=32,
        blank=True,
        editable=False,
        db_index=True,
        help_text="Mailchimp's name of an erased person's contact, kept until it is erased there too.",
    )
    next_look_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When to ask Mailchimp whether the person has confirmed."
    )

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = "subscriber"
        verbose_name_plural = "subscribers"
        ordering = ("-signed_up_at", "-pk")
        permissions = [("export_subscriber", "Can export subscribers")]
        indexes = [
            models.Index(fields=["-signed_up_at", "-id"], name="subscriber_signed_up"),
            models.Index(fields=["state", "-signed_up_at"], name="subscriber_state"),
            models.Index(fields=["-state_changed_at"], name="subscriber_changed"),
            models.Index(fields=["source_page", "-signed_up_at"], name="subscriber_source_page"),
            models.Index(fields=["wording_version", "-signed_up_at"], name="subscriber_wording"),
            models.Index(fields=["basis", "-signed_up_at"], name="subscriber_basis"),
            models.Index(fields=["origin", "-signed_up_at"], name="subscriber_origin"),
            models.Index(fields=["mailchimp_id"], name="subscriber_mailchimp_id"),
            models.Index(
                fields=["next_look_at"],
                name="subscriber_next_look",
                condition=models.Q(next_look_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.email or "Erased person"

    def __repr__(self) -> str:
        return f"<Subscriber {self.pk}>"  # reprs end up in logs and error reports: no address

    @property
    def shown_state(self) -> str:
        """The state in words, "being delivered" while a worker has it in hand (needs `with_delivery`)."""
        waiting = self.state == State.WAITING and getattr(self, "in_hand", False)
        return State(State.DELIVERING if waiting else self.state).label

    def settle(self, state: State, source: Source, reason: str = "", *, user: Any = None) -> None:
        """Move to a state, and write it into the history when that says something new. Saves the row.

        Args:
            state: where the subscriber stands from now on.
            source: what brought it about.
            reason: why, in words; never holds personal data.
            user: the editor whose doing it is.
        """
        if step := self.step(state, source, reason, user=user):
            step.save()
        self.save()

    def step(self, state: State, source: Source, reason: str = "", *, user: Any = None) -> Transition | None:
        """Move to a state as `settle` does, without saving. Returns the step to save, if it says something new."""
        before, self.state = self.state, state
        if before == state and self.reason == reason:
            return None
        self.reason, self.state_changed_at = reason, timezone.now()
        return Transition(subscriber=self, from_state=before, to_state=state, source=source, reason=reason, user=user)
