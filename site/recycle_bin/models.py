"""What it takes to put a deleted page back."""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

# How long a deleted page can be put back.
KEPT = datetime.timedelta(days=30)


class DeletedPage(models.Model):
    """A page in the bin, together with all beneath it: the pages themselves, with their history, beneath a hidden page.

    Goes with its page, when that is put back or deleted for good.
    """

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="deletion")
    parent = models.ForeignKey("wagtailcore.Page", on_delete=models.SET_NULL, null=True, related_name="+")
    slug = models.CharField(max_length=255)
    url_path = models.TextField(help_text="As Wagtail keeps it: the page's place in the tree, in slugs.")
    live_pages = models.JSONField(default=list, help_text="Keys of the pages that were published, itself and beneath.")
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    deleted_at = models.DateTimeField(default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "deleted page"
        ordering = ("-deleted_at", "-pk")

    def __str__(self) -> str:
        return str(self.page)

    @property
    def title(self) -> str:
        """The page's title, as editors know it."""
        return self.page.get_admin_display_title()

    @property
    def place(self) -> str:
        """What the page stood beneath."""
        return self.parent.get_admin_display_title() if self.parent else "A page that is gone"

    @property
    def person(self) -> str:
        """Who deleted it; empty when the account is gone."""
        return str(self.deleted_by.get_full_name() or self.deleted_by.get_username()) if self.deleted_by else ""

    @property
    def last_day(self) -> str:
        """The day on which it is deleted for good, in words."""
        return date_format(timezone.localtime(self.deleted_at + KEPT), "j F Y")
