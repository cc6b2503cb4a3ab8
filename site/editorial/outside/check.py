"""Which addresses elsewhere are asked for when, and what is made of the answers."""

import random
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.worker import stopping
from editorial.models import ExternalAddress, PageLink
from editorial.outside.fetch import failure_of

AGAIN, AFTER_A_FAILURE = timedelta(days=7), timedelta(days=1)
# Seconds between two questions to the same host. Hosts are asked one after the other, never at once.
PAUSE = 5.0
# How many addresses one run of the job looks at, and for how long it asks.
BATCH, RUN = 200, timedelta(minutes=4)


def check_due() -> int:
    """Ask for addresses that are due, unless the site wants no such calls. Returns how many were asked for."""
    if not settings.CHECK_EXTERNAL_LINKS:
        return 0
    now, asked = timezone.now(), 0
    last: dict[str, float] = {}
    for address in in_turns(due()[: min(BATCH, left_today())]):
        wait = last.get(address.host, 0.0) + PAUSE - time.monotonic()
        if stopping.wait(max(wait, 0.0)) or timezone.now() > now + RUN:
            break
        record(address, failure_of(address.address))
        last[address.host] = time.monotonic()
        asked += 1
    return asked


def left_today() -> int:
    """How many addresses may still be asked for within these 24 hours."""
    asked = ExternalAddress.objects.filter(checked_at__gt=timezone.now() - timedelta(days=1)).count()
    return max(settings.EXTERNAL_LINKS_A_DAY - asked, 0)


def due() -> QuerySet[ExternalAddress]:
    """What is to be asked for, the longest overdue first: addresses that a live page or a setting links to."""
    links = PageLink.objects.filter(external=OuterRef("pk"))
    is_met = Exists(links.filter(page__live=True)) | Exists(links.exclude(setting=""))
    return ExternalAddress.objects.filter(is_met, due_at__lte=timezone.now()).order_by("due_at", "pk")


def in_turns(addresses: Iterable[ExternalAddress]) -> list[ExternalAddress]:
    """One address of each host, then a second one of each, and so on."""
    seen: Counter[str] = Counter()
    turns = []
    for address in addresses:
        turns.append((seen[address.host], address))
        seen[address.host] += 1
    return [address for _, address in sorted(turns, key=lambda turn: turn[0])]


def record(address: ExternalAddress, failure: str) -> None:
    """Keep how an address answered. It is broken when it has failed on two days, with no good answer in between.

    Args:
        failure: why there is no page to be had; empty when there is one.
    """
    now, was_broken = timezone.now(), address.is_broken
    today = timezone.localdate(now)
    address.checked_at, address.outcome = now, failure[:255]
    if failure:
        address.is_broken = was_broken or (address.failed_on is not None and address.failed_on < today)
        address.failed_on = address.failed_on or today
    else:
        address.is_broken, address.failed_on = False, None
    wait = AFTER_A_FAILURE if failure and not address.is_broken else AGAIN
    # Spread, so that what was found on one day is not always asked for on one day.
    address.due_at = now + wait + timedelta(minutes=random.randrange(6 * 60))  # noqa: S311
    with transaction.atomic():
        address.save(update_fields=["checked_at", "outcome", "is_broken", "failed_on", "due_at"])
        if address.is_broken != was_broken:
            fault = PageLink.Fault.ELSEWHERE if address.is_broken else ""
            PageLink.objects.filter(external=address).update(fault=fault, ignored_at=None, ignored_by=None)


def forget_unused() -> int:
    """Delete addresses that no page links to any more. Returns how many."""
    links = PageLink.objects.filter(external=OuterRef("pk"))
    return ExternalAddress.objects.filter(~Exists(links)).delete()[0]
