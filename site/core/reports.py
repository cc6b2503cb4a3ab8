"""What the project's own reports in the admin share."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

# Those who write a page may read what there is to know of it.
WRITERS = ("add", "change", "publish")


def may_write(user: Any, prefix: str = "", actions: Iterable[str] = WRITERS) -> Q:
    """The condition that a person may write a page, as Wagtail has it for these permissions.

    Wagtail's own queryset would have to be a subquery, for which databases look at every page there is.

    Args:
        prefix: how a query reaches the page from elsewhere, such as "page__".
        actions: the permissions of which any one is enough.
    """
    if user.is_active and user.is_superuser:
        return Q()
    codenames = {f"{action}_page" for action in actions}
    allowed = page_permission_policy.get_cached_permissions_for_user(user)
    condition = Q(pk__in=[])
    for path in {given.page.path for given in allowed if given.permission.codename in codenames}:
        condition |= Q(**{f"{prefix}path__startswith": path})
    return condition


def pages_of(user: Any) -> QuerySet[Page]:
    """The pages that a person may write."""
    return Page.objects.filter(may_write(user))


class WritersReport(ReportView):
    """A report for people who write pages."""

    permission_policy = page_permission_policy
    any_permission_required = WRITERS

    def get_pages(self) -> QuerySet[Page]:
        """The pages that the user may write."""
        return pages_of(self.request.user)


class WritersMenuItem(MenuItem):
    """A line in the menu, for people who write pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        return page_permission_policy.user_has_any_permission(request.user, WRITERS)
