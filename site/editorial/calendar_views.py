"""The calendar in the admin: a month of what goes live, expires or is due for review, and the link to it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.permissions import page_permission_policy

from core.reports import WRITERS
from editorial.events import Kind, events
from editorial.feed import link_of, make_link, remove_link
from editorial.month import WEEKDAYS, Month, rows


def _require_writer(user: Any) -> None:
    if not page_permission_policy.user_has_any_permission(user, WRITERS):
        raise PermissionDenied


@require_safe
def month_view(request: HttpRequest) -> HttpResponse:
    """A month, `?month=2026-11`; this one when that cannot be read."""
    _require_writer(request.user)
    today = timezone.localdate()
    month = Month.read(request.GET.get("month", "")) or Month.of(today)
    first, last = month.weeks[0][0], month.weeks[-1][-1]
    found = events(request.user, first, last)
    context = {
        "month": month,
        "previous": month.moved(-1),
        "next": month.moved(1),
        "this_month": Month.of(today),
        "weekdays": WEEKDAYS,
        "weeks": rows(month, found, today),
        "is_empty": not found,
        "kinds": Kind,
        "link": link_of(request.user),
        "breadcrumbs_items": [{"url": "", "label": "Calendar"}],
        "page_title": "Calendar",
        "header_icon": "calendar",
    }
    return TemplateResponse(request, "editorial/calendar.html", context)


@require_POST
def link_view(request: HttpRequest) -> HttpResponse:
    """Make the link to one's calendar, make it anew, or remove it (`do=remove`)."""
    _require_writer(request.user)
    if request.POST.get("do") == "remove":
        remove_link(request.user)
        messages.success(request, "The link is removed. Calendars that used it get nothing more.")
    else:
        make_link(request.user)
        messages.success(request, "Here is your link. If you had one before, it no longer works.")
    return redirect("editorial-calendar")
