"""What is known of the live pages and of links, so that reports about 100,000 pages only read; calendar links."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class PageAudit(models.Model):
    """What a live page has and lacks, as of its last publication (editorial.audit writes it)."""

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, primary_key=True, related_name="editorial_audit"
    )
    audited_at = models.DateTimeField(db_index=True)
    rules = models.PositiveSmallIntegerField(help_text="The version of the rules it was looked at by.")
    has_picture = models.BooleanField("has a picture")
    has_description = models.BooleanField("has a description")
    pictures_without_words = models.PositiveSmallIntegerField("pictures without alt text")
    review_by = models.DateField("review by", null=True, blank=True, db_index=True)

    # What is known of a page does not use it, as its list of usages has it.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "audit of a page"
        verbose_name_plural = "audits of pages"

    def __str__(self) -> str:
        return f"page {self.page_id}, {self.audited_at:%Y-%m-%d %H:%M}"


class ExternalAddress(models.Model):
    """An address elsewhere that a live page or a setting links to, and how it answered when it was last asked for.

    It is broken once it has failed on two different days in a row.
    """

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the address, which may be long.")
    address = models.TextField()
    host = models.CharField(max_length=255)
    due_at = models.DateTimeField("to be asked for", default=timezone.now, db_index=True)
    checked_at = models.DateTimeField("asked for", null=True, blank=True, db_index=True)
    outcome = models.CharField(max_length=255, blank=True, help_text="In words; empty when it answered with a page.")
    failed_on = models.DateField(null=True, blank=True, help_text="The first day of failures in a row, in London.")
    is_broken = models.BooleanField(default=False)

    class Meta:
        verbose_name = "address elsewhere"
        verbose_name_plural = "addresses elsewhere"

    def __str__(self) -> str:
        return self.address


class PageLink(models.Model):
    """A link on a live page, or in a setting that all pages show, such as the navigation.

    What it leads to is a page, a document, an address elsewhere, or nothing.
    """

    class Fault(models.TextChoices):
        """What is wrong with it, in words for editors."""

        GONE = "gone", "It was deleted, or never chosen"
        HIDDEN = "hidden", "Not published, or private"
        NOWHERE = "nowhere", "There is nothing at this address of the site"
        ANCHOR = "anchor", "The page has no such part"
        ELSEWHERE = "elsewhere", "The other site does not answer"

    page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="editorial_links"
    )
    setting = models.CharField(
        max_length=100,
        blank=True,
        db_index=True,
        help_text="The model of the setting that it stands in, instead of a page: core.navigation.",
    )
    field = models.CharField(max_length=255, help_text="The field it stands in, as the form names it.")
    words = models.CharField("words of the link", max_length=255, blank=True)
    leads_to = models.CharField(max_length=500, help_text="The title or the address of what it leads to.")
    # No foreign keys: a link must outlast what it leads to. 0 is nothing.
    target_page = models.PositiveBigIntegerField(null=True, db_index=True)
    target_document = models.PositiveBigIntegerField(null=True, db_index=True)
    external = models.ForeignKey(ExternalAddress, null=True, on_delete=models.CASCADE, related_name="links")
    anchor = models.CharField("part of the page", max_length=255, blank=True)
    fault = models.CharField("what is wrong", max_length=10, choices=Fault.choices, blank=True, db_index=True)
    ignored_at = models.DateTimeField(null=True, blank=True)
    ignored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "link"
        constraints = (
            models.CheckConstraint(
                name="link_on_a_page_or_in_a_setting",
                condition=models.Q(page__isnull=False, setting="") | models.Q(page__isnull=True, setting__gt=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.words} → {self.leads_to}"

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes it the same link after the page or setting was changed, so that it stays ignored."""
        targets = (self.target_page, self.target_document, self.external_id)
        return (self.field, self.words, *targets, self.anchor, self.leads_to if targets == (None,) * 3 else "")

    @property
    def reason(self) -> str:
        """What is wrong with it, in a sentence or two; empty when nothing is."""
        of_other_site = self.external.outcome if self.fault == self.Fault.ELSEWHERE and self.external else ""
        return of_other_site or (str(self.get_fault_display()) if self.fault else "")


def new_nonce() -> str:
    """What tells one calendar link from all others, past and to come: 128 random bits."""
    return secrets.token_hex(16)


class CalendarLink(models.Model):
    """The secret link to somebody's calendar. It is made of the nonce, signed; a new nonce ends the old link."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="calendar_link"
    )
    nonce = models.CharField(max_length=32, unique=True, default=new_nonce)
    made_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "calendar link"
        verbose_name_plural = "calendar links"

    def __str__(self) -> str:
        return f"calendar of user {self.user_id}"
