"""Putting pages into the bin, putting them back, and emptying it."""

import logging
from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.actions.move_page import MovePageAction
from wagtail.contrib.redirects.signal_handlers import autocreate_redirects_on_page_move
from wagtail.models import Page, Revision, WorkflowState
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.search.backends import get_search_backends
from wagtail.signals import page_published, page_unpublished

from core.deleted import find_or_make_bin
from core.page_cache.changes import pages_changed
from core.worker import stopping
from recycle_bin.models import KEPT, DeletedPage

logger = logging.getLogger(__name__)


@transaction.atomic
def put_in_bin(page: Page, user: Any) -> DeletedPage:
    """Move a page into the bin, with all beneath it. Whether the user may is asked elsewhere.

    Schedules and requests for approval end with it, as nothing may happen to a deleted page by itself. A page that
    somebody else has put there meanwhile stays as it is.
    """
    the_bin = find_or_make_bin()
    page = Page.objects.get(pk=page.pk)
    if already := DeletedPage.objects.filter(page=page).first():
        return already
    subtree = page.get_descendants(inclusive=True)
    live = list(subtree.live().values_list("pk", flat=True))
    deleted = DeletedPage.objects.create(
        page=page,
        parent=page.get_parent(),
        slug=page.slug,
        url_path=page.url_path,
        live_pages=live,
        deleted_by=user,
    )
    _end_what_is_planned(list(subtree.values_list("pk", flat=True)), user)
    _unpublish(live)
    # Pages beneath one parent have different slugs, and two of the same name may be deleted.
    _move(page, the_bin, f"deleted-{deleted.pk}", user)
    for one in _subtree(page):
        index.remove_object(one)
    return deleted


@transaction.atomic
def restore(deleted: DeletedPage, parent: Page, slug: str, user: Any) -> Page:
    """Put a page back, with all beneath it and its history. Whether it may stand there is asked elsewhere.

    At its old place it is published again if it was and the user may publish there. Elsewhere it comes back as a draft:
    it may have been private by what it stood beneath.

    Raises:
        ValidationError: another page has taken the slug meanwhile.
    """
    page = deleted.page
    _move(page, parent, slug, user)
    is_as_before = parent.pk == deleted.parent_id and _may_publish(user, parent)
    was_live = Page.objects.filter(pk__in=deleted.live_pages)
    was_live = was_live.descendant_of(Page.objects.get(pk=page.pk), inclusive=True)
    if is_as_before:
        was_live.update(live=True)
    else:
        was_live.update(live_revision=None, has_unpublished_changes=True)
    page = Page.objects.get(pk=page.pk).specific
    if slug != deleted.slug:
        _write_slug_into_draft(page, slug, user)
    if page.url_path != deleted.url_path:
        autocreate_redirects_on_page_move(page, url_path_before=deleted.url_path, url_path_after=page.url_path)
    deleted.delete()
    pages = list(_subtree(page))
    _make_searchable(pages)
    for one in pages:
        if one.live:
            page_published.send(sender=type(one), instance=one, revision=one.live_revision)
    pages_changed()
    return page


def delete_old_pages() -> int:
    """Delete for good what was in the bin long enough, with all beneath it. Returns how many, not counting those."""
    deleted = 0
    for old in DeletedPage.objects.filter(deleted_at__lte=timezone.now() - KEPT).order_by("deleted_at"):
        if stopping.is_set():
            break
        try:
            delete_for_good(old, None)
        except ProtectedError:  # by a foreign key of a model that somebody adds: the others must go all the same
            logger.warning("a page in the bin is in use and cannot be deleted", extra={"page": old.page_id})
        else:
            deleted += 1
    return deleted


@transaction.atomic
def delete_for_good(deleted: DeletedPage, user: Any) -> None:
    """Delete a page and all beneath it. Nothing brings it back.

    Raises:
        ProtectedError: something that may not go refers to it.
    """
    deleted.page.specific.delete(user=user)


def _end_what_is_planned(keys: list[int], user: Any) -> None:
    named = {
        "base_content_type": ContentType.objects.get_for_model(Page),
        "object_id__in": [str(key) for key in keys],
    }
    for state in WorkflowState.objects.active().filter(**named):
        state.cancel(user=user)
    Revision.objects.filter(**named, approved_go_live_at__isnull=False).update(approved_go_live_at=None)


def _unpublish(keys: list[int]) -> None:
    """Take pages down. Their live revisions stay noted, for the way back."""
    Page.objects.filter(pk__in=keys).update(live=False)
    for page in Page.objects.filter(pk__in=keys).defer_streamfields().specific():
        page_unpublished.send(sender=type(page), instance=page)


def _move(page: Page, parent: Page, slug: str, user: Any) -> None:
    """Move a page beneath another under a slug. Set before, it counts as no renaming in its place."""
    Page.objects.filter(pk=page.pk).update(slug=slug)
    moved, target = Page.objects.get(pk=page.pk), Page.objects.get(pk=parent.pk)
    MovePageAction(moved, target, pos="last-child", user=user).execute(skip_permission_checks=True)


def _subtree(page: Page) -> PageQuerySet:
    return Page.objects.get(pk=page.pk).get_descendants(inclusive=True).specific()


def _make_searchable(pages: list[Page]) -> None:
    """Enter pages into the searches again, many of a type at a time: one by one each takes a dozen queries."""
    of_kinds: dict[type[Page], list[Page]] = defaultdict(list)
    for page in pages:
        of_kinds[type(page)].append(page)
    for backend in get_search_backends(with_auto_update=True):
        for kind, of_kind in of_kinds.items():
            backend.add_bulk(kind, of_kind)


def _may_publish(user: Any, parent: Page) -> bool:
    return page_permission_policy.user_has_permission_for_instance(user, "publish", parent)


def _write_slug_into_draft(page: Page, slug: str, user: Any) -> None:
    """Give the newest draft the slug too, which would come back with the old one when it is published."""
    if page.latest_revision_id:
        draft = page.get_latest_revision_as_object()
        draft.slug = slug
        draft.save_revision(user=user, changed=False, clean=False, log_action=True)
        page.refresh_from_db()
