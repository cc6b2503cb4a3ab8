"""The calendar as an iCalendar file (RFC 5545) by a secret link, for the calendar programs of people who edit."""

from datetime import UTC, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar
from icalendar import Event as CalendarEvent
from wagtail.permissions import page_permission_policy

from core.reports import WRITERS
from editorial.events import Event, events
from editorial.models import CalendarLink, new_nonce
from editorial.reports import edit_url

SALT = "editorial.calendar"
PAST, FUTURE = timedelta(days=31), timedelta(days=366)


def link_of(user: Any) -> str:
    """The whole address of a person's calendar; empty when they have made no link. Whoever has it may read it."""
    link = CalendarLink.objects.filter(user=user).first()
    # In the query, which the access log leaves out.
    return f"{settings.SITE_URL}{reverse('calendar-feed')}?key={Signer(salt=SALT).sign(link.nonce)}" if link else ""


def make_link(user: Any) -> None:
    """Make a person's link anew. The one before ends."""
    CalendarLink.objects.update_or_create(user=user, defaults={"nonce": new_nonce(), "made_at": timezone.now()})


def remove_link(user: Any) -> None:
    """End a person's link."""
    CalendarLink.objects.filter(user=user).delete()


def _user_of(key: str) -> Any:
    """Whose calendar a key opens.

    Raises:
        Http404: nobody's: it is wrong or has ended, or the account is closed or may no longer write pages.
    """
    try:
        nonce = Signer(salt=SALT).unsign(key)
    except BadSignature:
        raise Http404 from None
    link = CalendarLink.objects.filter(nonce=nonce).select_related("user").first()
    if link is None or not may_see_calendar(link.user):
        raise Http404
    return link.user


def may_see_calendar(user: Any) -> bool:
    """Whether a person uses the admin and writes pages."""
    is_editor = user.is_active and user.has_perm("wagtailadmin.access_admin")
    return is_editor and page_permission_policy.user_has_any_permission(user, WRITERS)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The events of the last month and the next year that the owner of the link may see, as their rights are now."""
    user = _user_of(request.GET.get("key", ""))
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.WAGTAIL_SITE_NAME}//Editors//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{settings.WAGTAIL_SITE_NAME}: pages")
    calendar.add("x-published-ttl", "PT1H")
    today = timezone.localdate()
    for event in events(user, today - PAST, today + FUTURE):
        calendar.add_component(_component(event))
    answer = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="pages.ics"'
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _component(event: Event) -> CalendarEvent:
    made = CalendarEvent()
    made.add("summary", f"{event.kind.label}: {event.title}")
    made.add("dtstamp", timezone.now())
    # Lasting, so that a calendar that is read again moves the event instead of adding a second one.
    made.add("uid", f"{event.kind}-{event.page}@{settings.ALLOWED_HOSTS[0]}")
    made.add("url", f"{settings.SITE_URL}{edit_url(event.page)}")
    if event.at is None:
        made.add("dtstart", event.day)
        made.add("dtend", event.day + timedelta(days=1))
    else:
        made.add("dtstart", event.at.astimezone(UTC))
        made.add("duration", timedelta(minutes=15))
    made.add("transp", "TRANSPARENT")  # nobody is busy because a page goes live
    return made
