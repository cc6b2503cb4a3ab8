"""The links by which people without an account see a draft."""

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.models import COMMENTS_RELATION_NAME, Page

# Bytes of a link's key, which the signature makes hard to guess; the key itself only tells links apart.
KEY_BYTES = 16


def new_key() -> str:
    """Make the key of a link."""
    return secrets.token_urlsafe(KEY_BYTES)


def signer() -> Signer:
    """What signs keys. A dot, unlike Django's colon, stays part of the link in every mail program."""
    return Signer(sep=".", salt="drafts.link")


def may_share(user: Any, page: Page) -> bool:
    """Whether a person may show drafts of a page to others: whoever may edit it, with an account that is in use."""
    return page.permissions_for_user(user).can_edit()


class SharedDraft(models.Model):
    """A link to a page as it was at one moment, for somebody without an account.

    The content is a copy, because the form of a page writes over the revision in hand while somebody goes on typing.
    The link is the row's key with a signature made from SECRET_KEY: nothing in the database opens a draft, and the
    link can be shown again to be copied. A new SECRET_KEY ends all links.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="shared_drafts")
    content = models.JSONField(
        encoder=DjangoJSONEncoder, help_text="The page's fields, as a revision of Wagtail's has them, without comments."
    )
    written_at = models.DateTimeField(null=True, help_text="When this version was saved; empty for one never edited.")
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The link goes with the account.",
    )
    shared_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, help_text="When somebody ended the link before its time.")
    opened = models.PositiveIntegerField(default=0, help_text="How often it was opened. By whom is not kept.")
    last_opened_at = models.DateTimeField(null=True)

    # What a shared copy mentions is not in use on the site.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "shared draft"
        ordering = ("-shared_at", "-pk")

    def __str__(self) -> str:
        return f"{self.page} until {self.expires_at:%Y-%m-%d %H:%M}"

    @classmethod
    def share(cls, page: Page, user: Any, lifetime: datetime.timedelta) -> "SharedDraft":
        """Make a link to the newest draft of a page. Whether the user may is asked elsewhere (`may_share`)."""
        revision = page.get_latest_revision()
        content = dict(revision.content if revision else page.specific.serializable_data())
        content.pop(COMMENTS_RELATION_NAME, None)
        return cls.objects.create(
            page=page,
            content=content,
            written_at=revision.created_at if revision else None,
            shared_by=user,
            expires_at=timezone.now() + lifetime,
        )

    @classmethod
    def working(cls) -> "QuerySet[SharedDraft]":
        """The links that have neither been revoked nor expired."""
        return cls.objects.filter(revoked_at=None, expires_at__gt=timezone.now())

    @classmethod
    def at(cls, token: str) -> "SharedDraft | None":
        """The link with an address's secret part, if there is something to see at it.

        A link is worth no more than the person who made it: it stops when the account is closed or may no longer edit
        the page. Nor does it show a page that lies outside the site, such as in the bin.
        """
        try:
            key = signer().unsign(token)
        except BadSignature:
            return None
        link = cls.working().select_related("page", "shared_by").filter(key=key).first()
        if link is None or link.page.get_site() is None or not may_share(link.shared_by, link.page):
            return None
        return link

    @property
    def address(self) -> str:
        """The whole address to give to somebody."""
        return settings.SITE_URL + reverse("drafts:shared", args=[signer().sign(self.key)])

    @property
    def is_newest(self) -> bool:
        """Whether nothing was saved of the page since."""
        return self.written_at == self.page.latest_revision_created_at

    def shown_page(self) -> Page:
        """The page as it was when the link was made, at its present place in the tree."""
        return self.page.specific.with_content_json(dict(self.content))

    def count_opening(self) -> None:
        """Note that somebody has opened it."""
        SharedDraft.objects.filter(pk=self.pk).update(opened=F("opened") + 1, last_opened_at=timezone.now())
