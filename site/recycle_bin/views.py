"""The bin in the admin: what is in it, putting a page back, and deleting one before its time."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import page_permission_policy

from recycle_bin.actions import delete_for_good, restore
from recycle_bin.forms import RestoreForm
from recycle_bin.models import KEPT, DeletedPage
from recycle_bin.rights import WRITERS, may_delete_for_good, shown_to

# How many of the pages beneath a deleted one are named.
NAMED = 20


class BinView(PermissionCheckedMixin, BaseListingView):
    """What can be put back, the last deleted first."""

    permission_policy = page_permission_policy
    any_permission_required = WRITERS
    page_title = "Bin"
    header_icon = "bin"
    template_name = "recycle_bin/index.html"
    index_url_name = "recycle_bin"
    index_results_url_name = "recycle_bin_results"
    paginate_by = 50
    columns = (
        TitleColumn("title", label="Page", get_url=lambda deleted: reverse("recycle_bin_restore", args=[deleted.pk])),
        Column("place", label="Was beneath"),
        Column("person", label="Deleted by"),
        DateColumn("deleted_at", label="Deleted"),
        Column("last_day", label="Goes for good"),
    )

    def get_base_queryset(self) -> QuerySet[DeletedPage]:
        """What the person may see."""
        return shown_to(self.request.user)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, **kwargs) | {"days": KEPT.days}


@require_http_methods(["GET", "POST"])
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a page back where it was, or elsewhere.

    Raises:
        PermissionDenied: the user writes no pages.
        Http404: nothing that the user sees in the bin.
    """
    deleted = _deleted(request, pk)
    form = RestoreForm(request.POST if request.method == "POST" else None, deleted=deleted, user=request.user)
    if form.is_valid():
        page = restore(deleted, form.cleaned_data["parent"], form.cleaned_data["slug"], request.user)
        said = "is back, and published" if page.live else "is back as a draft"
        edit = messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), "Edit")
        messages.success(request, f"“{page.get_admin_display_title()}” {said}.", buttons=[edit])
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    beneath = deleted.page.get_descendants()
    told = {"form": form, "deleted": deleted, "beneath": beneath[:NAMED], "more": max(0, beneath.count() - NAMED)}
    return render(request, "recycle_bin/restore.html", told | {"may_delete": may_delete_for_good(request.user)})


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a page for good before its time, after asking.

    Raises:
        PermissionDenied: the user may not.
        Http404: nothing that the user sees in the bin.
    """
    deleted = _deleted(request, pk)
    if not may_delete_for_good(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "recycle_bin/delete.html", {"deleted": deleted})
    title = deleted.title
    try:
        delete_for_good(deleted, request.user)
    except ProtectedError:
        messages.error(request, f"“{title}” is in use elsewhere and cannot be deleted.")
    else:
        messages.success(request, f"“{title}” is deleted for good.")
    return redirect("recycle_bin")


def _deleted(request: HttpRequest, pk: int) -> DeletedPage:
    if not page_permission_policy.user_has_any_permission(request.user, WRITERS):
        raise PermissionDenied
    return get_object_or_404(shown_to(request.user), pk=pk)
