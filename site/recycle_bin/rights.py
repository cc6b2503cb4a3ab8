"""Who sees what is in the bin, and who may put it back or delete it for good."""

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page, Site
from wagtail.permissions import page_permission_policy

from core.deleted import find_bin
from recycle_bin.models import DeletedPage

# Those who write pages have a bin.
WRITERS = ("add", "change", "publish")


def shown_to(user: Any) -> QuerySet[DeletedPage]:
    """What a person has deleted, and what was deleted from places where the person may publish.

    For pages whose place is gone or in the bin itself, the front page counts instead.
    """
    may_publish = page_permission_policy.instances_user_has_permission_for(user, "publish")
    shown = Q(deleted_by=user) | Q(parent__in=may_publish.values("pk"))
    if _may(user, "publish"):
        the_bin = find_bin()
        shown |= Q(parent=None) | Q(parent__path__startswith=the_bin.path if the_bin else "-")
    return DeletedPage.objects.filter(shown).select_related("page", "parent", "deleted_by")


def may_put_beneath(user: Any, parent: Page) -> bool:
    """Whether a person may add pages beneath one."""
    return page_permission_policy.user_has_permission_for_instance(user, "add", parent)


def may_delete_for_good(user: Any) -> bool:
    """Whether a person need not wait until the bin is emptied: those who may delete whole sections."""
    return _may(user, "bulk_delete")


def _may(user: Any, action: str) -> bool:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return site is not None and page_permission_policy.user_has_permission_for_instance(user, action, site.root_page)
