"""Sharing drafts in the admin: the links of a page, a new one, and the end of one or all."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Page

from drafts.forms import RevokeForm, ShareForm
from drafts.jobs import KEPT_AFTER_ITS_END
from drafts.models import SharedDraft, may_share


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the links of a page, and make one.

    Raises:
        PermissionDenied: the user may not edit the page.
    """
    page = _page(request, page_id)
    form = ShareForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        SharedDraft.share(page, request.user, form.lifetime)
        log(instance=page, action="drafts.share", user=request.user)
        messages.success(
            request, "The link is ready: copy it from the list and send it to whoever should read the draft."
        )
        return redirect("drafts_share", page.pk)
    return render(request, "drafts/share.html", {"form": form, "days_kept": KEPT_AFTER_ITS_END.days} | _told_of(page))


@require_POST
def revoke(request: HttpRequest, page_id: int) -> HttpResponse:
    """End one link of a page (`link`, its key in the database), or all when none is named.

    Raises:
        PermissionDenied: the user may not edit the page.
        Http404: what is named is no key.
    """
    page = _page(request, page_id)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        raise Http404
    links = SharedDraft.working().filter(page=page)
    if named := form.cleaned_data["link"]:
        links = links.filter(pk=named)
    ended = links.update(revoked_at=timezone.now())
    if ended:
        log(instance=page, action="drafts.revoke", user=request.user)
        messages.success(request, "The link no longer works." if ended == 1 else f"{ended} links no longer work.")
    else:
        messages.warning(request, "It had ended already.")
    return redirect("drafts_share", page.pk)


def _page(request: HttpRequest, page_id: int) -> Page:
    page = get_object_or_404(Page, pk=page_id)
    if not may_share(request.user, page):
        raise PermissionDenied
    return page


def _told_of(page: Page) -> dict[str, Any]:
    links = SharedDraft.objects.filter(page=page).defer("content").select_related("shared_by", "page")
    now = timezone.now()
    return {
        "page": page.specific_deferred,
        "links": links,
        "now": now,
        "some_work": any(link.revoked_at is None and link.expires_at > now for link in links),
    }
