"""What makes a page be looked over, and links be looked at again: at once, after what was written is there."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from editorial.audit import audit, audit_setting, site_settings
from editorial.faults import gone, settle
from editorial.models import PageLink

UID = "editorial"


def connect() -> None:
    """Listen."""
    page_published.connect(_published, dispatch_uid=UID)
    page_unpublished.connect(_page_changed, dispatch_uid=UID)
    post_delete.connect(_deleted, dispatch_uid=UID)
    post_page_move.connect(_anything_changed, dispatch_uid=UID)
    post_save.connect(_document_changed, sender=get_document_model(), dispatch_uid=UID)
    for restriction in (PageViewRestriction, CollectionViewRestriction):
        post_save.connect(_anything_changed, sender=restriction, dispatch_uid=UID)
        post_delete.connect(_anything_changed, sender=restriction, dispatch_uid=UID)
    for setting in site_settings():
        post_save.connect(_setting_changed, sender=setting, dispatch_uid=UID)
        post_delete.connect(_setting_changed, sender=setting, dispatch_uid=UID)


def _soon(links: QuerySet[PageLink] | None = None) -> None:
    # Robust: whatever goes wrong with a report, what an editor does is done.
    transaction.on_commit(partial(settle, links), robust=True)


def _published(instance: Page, **kwargs: Any) -> None:
    def look_over() -> None:
        page = Page.objects.filter(pk=instance.pk, live=True).first()
        if page is not None:
            settle(PageLink.objects.filter(target_page=page.pk))
            audit(page)

    transaction.on_commit(look_over, robust=True)


def _page_changed(instance: Page, **kwargs: Any) -> None:
    _soon(PageLink.objects.filter(target_page=instance.pk))


def _deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    # A page is deleted under its own type and as a page; the latter is enough.
    if sender is Page:
        transaction.on_commit(partial(gone, PageLink.objects.filter(target_page=instance.pk)), robust=True)
    elif sender is get_document_model():
        transaction.on_commit(partial(gone, PageLink.objects.filter(target_document=instance.pk)), robust=True)


def _document_changed(instance: Any, **kwargs: Any) -> None:
    _soon(PageLink.objects.filter(target_document=instance.pk))


def _setting_changed(sender: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:  # while a whole database is loaded
        transaction.on_commit(partial(audit_setting, sender), robust=True)


def _anything_changed(**kwargs: Any) -> None:
    _soon()
