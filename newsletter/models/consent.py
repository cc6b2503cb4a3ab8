"""What people are asked to agree to, and the evidence that they did.

Sources: UK GDPR Art. 7(1) (proof of consent) and PECR reg. 22 (consent, or the charities' soft opt-in).
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from newsletter.addresses import MAX_LENGTH
from newsletter.models.append_only import AppendOnly


class PublishedWordingError(TypeError):
    """Something tried to change or delete a wording that people have agreed to."""


class Basis(models.TextChoices):
    """The ground on which a person is written to (PECR reg. 22)."""

    CONSENT = "consent", "Consent"
    SOFT_OPT_IN = "soft_opt_in", "Charitable-purpose soft opt-in"


class ConsentWordingQuerySet(models.QuerySet["ConsentWording"]):
    """Refuses what `ConsentWording` refuses, for many at once."""

    def update(self, **kwargs: Any) -> int:
        """Change drafts.

        Raises:
            PublishedWordingError: one of them is published.
        """
        self._refuse_published()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete drafts.

        Raises:
            PublishedWordingError: one of them is published.
        """
        self._refuse_published()
        return super().delete()

    def _refuse_published(self) -> None:
        if self.filter(published_at__isnull=False).exists():
            raise PublishedWordingError("a published wording can neither be changed nor deleted")


class ConsentWording(models.Model):
    """The words beside the sign-up button. A draft can be edited; once published it can only be superseded."""

    shown_on_pages = True  # tells the page cache

    text = models.TextField(
        "wording",
        max_length=1000,
        help_text=(
            "Name the charity, say what people will get and how often, and that they can unsubscribe at any time."
        ),
    )
    basis = models.CharField(
        "basis",
        max_length=16,
        choices=Basis.choices,
        default=Basis.CONSENT,
        help_text=(
            "Consent is right for a sign-up form. The soft opt-in (PECR reg. 22(3A), from 5 February 2026) is only for "
            "people who gave their address while they supported or asked about the charity's purposes, and who were "
            "offered to refuse. The two are kept apart."
        ),
    )
    version = models.PositiveIntegerField(
        "version", unique=True, null=True, blank=True, editable=False, help_text="Given when published, from 1 up."
    )
    published_at = models.DateTimeField("published", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("written", auto_now_add=True)

    objects = ConsentWordingQuerySet.as_manager()

    class Meta:
        verbose_name = "consent wording"
        verbose_name_plural = "consent wordings"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"Version {self.version}" if self.version else "Draft"

    @property
    def is_published(self) -> bool:
        """Whether people have been, or could have been, shown this wording."""
        return self.published_at is not None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a draft.

        Raises:
            PublishedWordingError: the wording is published; write a new one instead.
        """
        if self.pk and type(self).objects.filter(pk=self.pk, published_at__isnull=False).exists():
            raise PublishedWordingError("a published wording cannot be changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a draft.

        Raises:
            PublishedWordingError: the wording is published.
        """
        if self.is_published:
            raise PublishedWordingError("a published wording cannot be deleted")
        return super().delete(*args, **kwargs)

    def clean(self) -> None:
        """Explain to an editor what `save` would refuse."""
        if self.is_published:
            raise ValidationError("People have agreed to this wording. Write a new one instead.")

    @transaction.atomic
    def publish(self) -> None:
        """Make this the wording of every form from now on. Does nothing when it is published already."""
        if self.is_published:
            return
        versions = list(type(self).objects.select_for_update().values_list("version", flat=True))  # one at a time
        self.version, self.published_at = max((version or 0 for version in versions), default=0) + 1, timezone.now()
        self.save()


@dataclass(frozen=True)
class Wording:
    """The words that a form shows, and their version."""

    text: str
    version: int
    basis: Basis = Basis.CONSENT


# Shown, and recorded as version 0, until an editor publishes a wording.
FALLBACK_WORDING = Wording(
    "By signing up you agree that we email you our newsletter. You can unsubscribe at any time.", version=0
)


def current_wording() -> Wording:
    """The wording that forms show now."""
    latest = ConsentWording.objects.filter(version__isnull=False).order_by("-version").first()
    return _wording(latest) if latest else FALLBACK_WORDING


def wording_shown(version: int | None) -> Wording:
    """The wording that a form showed, by the version it sent.

    A form on a kept page may show a wording that has just been superseded; the evidence must be what the
    person read. A version that never was counts as the current one.
    """
    if version == FALLBACK_WORDING.version:
        return FALLBACK_WORDING
    shown = ConsentWording.objects.filter(version=version).first() if version else None
    return _wording(shown) if shown else current_wording()


def _wording(record: ConsentWording) -> Wording:
    return Wording(record.text, record.version or 0, Basis(record.basis))


class OptInMode(models.TextChoices):
    """Whether Mailchimp asks the person to confirm."""

    DOUBLE = "double", "Confirmed by email"
    SINGLE = "single", "Without confirmation"


class Consent(AppendOnly):
    """Evidence of one sign-up: who agreed to what, when and where."""

    subscriber = models.ForeignKey("newsletter.Subscriber", on_delete=models.CASCADE, related_name="consents")
    email = models.CharField("email address", max_length=MAX_LENGTH, help_text="As typed this time.")
    wording = models.TextField("wording", help_text="The exact words beside the button.")
    wording_version = models.PositiveIntegerField("version of the wording")
    given_at = models.DateTimeField("time", default=timezone.now)
    page_path = models.CharField("page", max_length=255, blank=True, help_text="Path of the page with the form.")
    language = models.CharField("language", max_length=12, default="en")
    basis = models.CharField("basis", max_length=16, choices=Basis.choices, default=Basis.CONSENT)
    opt_in_mode = models.CharField("opt-in", max_length=8, choices=OptInMode.choices)
    interests = models.CharField(
        "topics", max_length=1000, blank=True, help_text="Labels of the topics chosen, separated by semicolons."
    )
    ip = models.GenericIPAddressField(
        "IP address", null=True, blank=True, help_text="Only with SIGNUP_STORE_IP, and deleted after 30 days."
    )

    class Meta:
        verbose_name = "consent"
        verbose_name_plural = "consents"
        ordering = ("given_at", "pk")
        indexes = [
            models.Index(fields=["given_at"], name="consent_given_at"),
            models.Index(fields=["given_at", "id"], name="consent_with_ip", condition=models.Q(ip__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"Consent of {self.given_at:%Y-%m-%d %H:%M} UTC, wording {self.wording_version}"
