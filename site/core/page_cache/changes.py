"""What makes the kept pages old: whatever an editor, the worker or a command changes of what readers see."""

from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from wagtail import hooks
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site
from wagtail.snippets.models import get_snippet_models

from core.page_cache.generation import advance

FILES = (AbstractImage, AbstractDocument)
SHOWN = (*FILES, BaseGenericSetting, BaseSiteSetting, Collection, CollectionViewRestriction, PageViewRestriction, Site)
# What saving a draft, a lock or a schedule writes to a page. Readers see none of it.
UNSEEN_FIELDS = frozenset(
    {
        *("draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"),
        *("locked", "locked_at", "locked_by", "go_live_at", "expire_at"),
    }
)


def pages_changed() -> None:
    """Let every process render its pages anew, once what is being written has been written.

    Signals call it for what they know. Call it after changes that send none, such as those of a queryset's `update`;
    forgotten, the change is seen after a minute.
    """
    transaction.on_commit(advance, robust=True)


def connect() -> None:
    """Listen to the changes of everything that is shown.

    Wagtail's own signals of publishing and moving are not among them: the page has been saved and committed before they
    are sent, so they would make a second generation, and have what was rendered meanwhile rendered again.
    """
    post_save.connect(_after_save, dispatch_uid="core.page_cache")
    post_delete.connect(_after_delete, dispatch_uid="core.page_cache")
    # Such as moving documents to a private collection, which sends no signal.
    hooks.register("after_bulk_action", _after_bulk_action)


@cache
def is_shown(model: type[Model]) -> bool:
    """Whether records of a model are seen on public pages: pages, settings, snippets, files, privacy.

    Another model says so by an attribute `shown_on_pages`.
    """
    return issubclass(model, SHOWN) or model in get_snippet_models() or bool(getattr(model, "shown_on_pages", False))


def _after_save(
    sender: type[Model], instance: Any, created: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    if issubclass(sender, Page):
        is_seen = instance.live if created else update_fields is None or not UNSEEN_FIELDS.issuperset(update_fields)
    else:
        is_seen = is_shown(sender) and not (created and issubclass(sender, FILES))  # a new file is nowhere yet
    if is_seen:
        pages_changed()


def _after_delete(sender: type[Model], **kwargs: Any) -> None:
    # The sizes of a picture go when another file takes its place. One that is made, by a rendering, changes nothing.
    if issubclass(sender, Page | AbstractRendition) or is_shown(sender):
        pages_changed()


def _after_bulk_action(request: HttpRequest, *args: Any, **kwargs: Any) -> None:
    pages_changed()
