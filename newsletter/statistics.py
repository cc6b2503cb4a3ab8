"""Counts for the admin, from which no person can be told."""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from newsletter.models import Consent, DailyCount

log = logging.getLogger(__name__)

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# How far back days are counted that have no count yet.
WEEKS_KEPT_UP = 26


@dataclass(frozen=True)
class Week:
    """A week's sign-ups.

    Attributes:
        start: its Monday.
        count: how many forms were sent, also by people who were on the list.
    """

    start: date
    count: int


def count(kind: DailyCount.Kind, number: int = 1) -> None:
    """Raise today's count of something. A count that cannot be written is lost: it must not cost a sign-up.

    Call it outside the sign-up's transaction, which would keep the count's one row locked for others.
    """
    try:
        with transaction.atomic():
            today = DailyCount.objects.filter(day=_today(), kind=kind)
            if not today.update(count=F("count") + number):
                DailyCount.objects.get_or_create(day=_today(), kind=kind)
                today.update(count=F("count") + number)
    except DatabaseError as error:
        log.warning("Something could not be counted", extra={"kind": str(kind), "error": type(error).__name__})


def count_sign_ups() -> None:
    """Bring the daily numbers of sign-ups up to date, from the evidence of consent.

    The day that was counted last is counted again, since it may have gone on. Earlier ones stay as they are: erasing
    a person takes their evidence away and leaves the number.
    """
    today = _today()
    counted = DailyCount.objects.filter(kind=DailyCount.Kind.SIGN_UP).order_by("-day").first()
    day = max(counted.day, today - WEEKS_KEPT_UP * WEEK) if counted else today - WEEKS_KEPT_UP * WEEK
    while day <= today:
        number = Consent.objects.filter(given_at__gte=_midnight(day), given_at__lt=_midnight(day + DAY)).count()
        DailyCount.objects.update_or_create(day=day, kind=DailyCount.Kind.SIGN_UP, defaults={"count": number})
        day += DAY


def sign_ups_by_week(weeks: int = 12) -> list[Week]:
    """The sign-ups of the last weeks, oldest first; the last is the week that runs. Up to a minute old."""
    today = _today()
    first = today - timedelta(days=today.weekday()) - (weeks - 1) * WEEK
    starts = [first + number * WEEK for number in range(weeks)]
    totals = dict.fromkeys(starts, 0)
    days = DailyCount.objects.filter(kind=DailyCount.Kind.SIGN_UP, day__gte=first, day__lte=today)
    for day, number in days.values_list("day", "count"):
        totals[day - timedelta(days=day.weekday())] += number
    return [Week(start, totals[start]) for start in starts]


def totals(days: int = 7) -> dict[str, int]:
    """How often each kind of thing happened in the last days, today included; 0 when never."""
    since = _today() - (days - 1) * DAY
    rows = DailyCount.objects.filter(day__gte=since).order_by().values_list("kind").annotate(Sum("count"))
    return {str(kind): 0 for kind in DailyCount.Kind} | dict(rows)


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
