"""The dates of programmes as a calendar file (iCalendar, RFC 5545), for readers to add to their own."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event

if TYPE_CHECKING:
    from programmes.models import ProgrammePage

A_DAY = datetime.timedelta(days=1)


def calendar_of(name: str, programmes: "Iterable[ProgrammePage]", request: HttpRequest) -> HttpResponse:
    """The dates of some programmes and the last days to apply to them, each as whole days.

    Args:
        name: what calendar programs call it.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.WAGTAIL_SITE_NAME}//Programmes//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{settings.WAGTAIL_SITE_NAME}: {name}")
    for programme in programmes:
        for event in _events(programme, request):
            calendar.add_component(event)
    answer = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="dates.ics"'
    return answer


def _events(programme: "ProgrammePage", request: HttpRequest) -> Iterator[Event]:
    for date in programme.calendar_dates:
        said = date.value
        yield _event(
            programme,
            request,
            f"{programme.title}: {said['title']}",
            said["starts_on"],
            said["ends_on"] or said["starts_on"],
            said["place"],
        )
    if programme.closing_date and programme.accepts_applications:
        title = f"{programme.title}: last day to apply"
        yield _event(programme, request, title, programme.closing_date, programme.closing_date)


def _event(
    programme: "ProgrammePage",
    request: HttpRequest,
    title: str,
    first: datetime.date,
    last: datetime.date,
    place: str = "",
) -> Event:
    address = programme.get_full_url(request) or settings.SITE_URL
    event = Event()
    event.add("summary", title)
    event.add("dtstart", first)
    event.add("dtend", last + A_DAY)  # the day after the last one (RFC 5545, 3.6.1)
    event.add("dtstamp", programme.last_published_at or timezone.now())
    # Lasting, so that a calendar that is read again replaces the event: the same title is the same event.
    event.add("uid", hashlib.sha256(f"{address} {title}".encode()).hexdigest()[:32])
    event.add("url", address)
    if place:
        event.add("location", place)
    return event
