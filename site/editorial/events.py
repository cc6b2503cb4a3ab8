"""What happens to pages on which day: they go live, expire, or are due for review."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Revision, get_default_page_content_type

from core.reports import may_write, pages_of
from editorial.models import PageAudit

# How many events of a kind are shown at most. More than a handful a day is nobody's plan.
MOST = 1000


class Kind(models.TextChoices):
    """What happens, in words for editors."""

    GOES_LIVE = "goes-live", "Goes live"
    EXPIRES = "expires", "Expires"
    REVIEW = "review", "Review by"


@dataclass(frozen=True)
class Event:
    """Something that happens to a page.

    Attributes:
        title: of the page's latest draft, so it is only for people who may write the page.
        at: the moment, in London time; None for what has a day only.
    """

    kind: Kind
    page: int
    title: str
    day: datetime.date
    at: datetime.datetime | None = None

    @property
    def in_order(self) -> tuple[Any, ...]:
        """What events are sorted by: those of a whole day come first."""
        return (self.day, self.at is not None, self.at or self.day, self.title)


def events(user: Any, first: datetime.date, last: datetime.date) -> list[Event]:
    """What happens from one day to another, both included, to the pages that a person may write, in order.

    The days are London's. Takes four queries.
    """
    found = [*_going_live(user, first, last), *_expiring(user, first, last), *_for_review(user, first, last)]
    return sorted(found, key=lambda event: event.in_order)


def _going_live(user: Any, first: datetime.date, last: datetime.date) -> Iterator[Event]:
    begin, end = _moments(first, last)
    scheduled = _scheduled().filter(approved_go_live_at__gte=begin, approved_go_live_at__lt=end)
    moments = dict(scheduled.order_by("approved_go_live_at").values_list("object_id", "approved_go_live_at")[:MOST])
    for pk, title in pages_of(user).filter(pk__in=moments).values_list("pk", "draft_title"):
        yield _at(Kind.GOES_LIVE, pk, title, moments[str(pk)])


def _expiring(user: Any, first: datetime.date, last: datetime.date) -> Iterator[Event]:
    begin, end = _moments(first, last)
    # A page that is not live yet expires too when it is to go live before; others have expired, or never will.
    to_go_live = [int(pk) for pk in _scheduled().values_list("object_id", flat=True)[:MOST]]
    pages = pages_of(user).filter(Q(live=True) | Q(pk__in=to_go_live), expire_at__gte=begin, expire_at__lt=end)
    for pk, title, moment in pages.order_by("expire_at").values_list("pk", "draft_title", "expire_at")[:MOST]:
        yield _at(Kind.EXPIRES, pk, title, moment)


def _for_review(user: Any, first: datetime.date, last: datetime.date) -> Iterator[Event]:
    audits = PageAudit.objects.filter(may_write(user, "page__"), page__live=True, review_by__range=(first, last))
    for pk, title, day in audits.order_by("review_by").values_list("page", "page__draft_title", "review_by")[:MOST]:
        yield Event(Kind.REVIEW, pk, title, day)


def _scheduled() -> models.QuerySet[Revision]:
    kind = get_default_page_content_type()
    return Revision.objects.filter(base_content_type=kind, approved_go_live_at__isnull=False)


def _at(kind: Kind, pk: int, title: str, moment: datetime.datetime) -> Event:
    here = timezone.localtime(moment)
    return Event(kind, pk, title, here.date(), here)


def _moments(first: datetime.date, last: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """When the first day begins, and when the last one ends, in London."""
    midnight = datetime.time()
    after = last + datetime.timedelta(days=1)
    return (
        timezone.make_aware(datetime.datetime.combine(first, midnight)),
        timezone.make_aware(datetime.datetime.combine(after, midnight)),
    )
