"""Limits on sign-ups an hour. Over a limit a sign-up is held, never thrown away.

Counted in the database, so they hold over all processes, with or without a shared cache. What is counted are
traces under keyed hashes: no address of anybody can be read from them, and they are deleted after a day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import timezone

from core.networks import network_of
from newsletter.addresses import normalise
from newsletter.hashes import keyed_hash
from newsletter.models import SignUpTrace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A rush of people (a conference behind one address) is over when an hour brought no more than the limit, and it was
# one when the whole day brought no more than so many times the limit; a flood of robots brings more.
RUSH = 3

# One form that was sent within two seconds is no evidence: browsers fill in forms by themselves. So many from one
# network within an hour are.
QUICK_ONES = 10

_LET_GO = "It is let go when the rush is over; release it sooner when it looks like a person's."
MANY_FROM_NETWORK = f"Many sign-ups came from one network within an hour. {_LET_GO}"
MANY_FROM_ALL = f"Many sign-ups came within an hour. {_LET_GO}"
QUICK_FROM_NETWORK = (
    "Many forms came from one network that were sent within two seconds, as robots do. "
    "Release it when it looks like a person's."
)
TOO_MANY = (MANY_FROM_NETWORK, MANY_FROM_ALL)


def reason_to_hold(ip: str, *, is_quick: bool = False) -> str:
    """Why a sign-up that comes now has to be held; empty when the limits allow it.

    Args:
        ip: the visitor's address; an IPv6 address counts with its /64 network, which is one household.
        is_quick: whether the form was sent sooner than people read and type as a rule.
    """
    since = timezone.now() - HOUR
    if is_quick and _reached(_of_network(network_hash(ip)).filter(is_quick=True), QUICK_ONES, since):
        return QUICK_FROM_NETWORK
    if _reached(_of_network(network_hash(ip)), settings.SIGNUP_LIMIT_PER_IP, since):
        return MANY_FROM_NETWORK
    if _reached(SignUpTrace.objects.all(), settings.SIGNUP_LIMIT_GLOBAL, since):
        return MANY_FROM_ALL
    return ""


def repeated_too_often(address_hashes: Sequence[str]) -> set[str]:
    """Of email addresses, as `address_hash` gives them, those that signed up within the hour as often as is written."""
    limit = settings.SIGNUP_LIMIT_PER_ADDRESS
    if not limit:
        return set()
    traces = SignUpTrace.objects.filter(address_hash__in=address_hashes, at__gt=timezone.now() - HOUR).order_by()
    often = traces.values("address_hash").annotate(times=Count("pk")).filter(times__gte=limit)
    return set(often.values_list("address_hash", flat=True))


def network_seen(email: str) -> str:
    """The hash of the network that an address was signed up from last; empty when that was more than a day ago."""
    of_address = SignUpTrace.objects.filter(address_hash=address_hash(email), at__gt=timezone.now() - DAY)
    return of_address.order_by("-at").values_list("network_hash", flat=True).first() or ""


def rush_is_over(network: str) -> bool:
    """Whether a sign-up that was held for being one of too many can be let go: see RUSH.

    Args:
        network: as `network_seen` gives it.
    """
    now = timezone.now()
    counted = (
        (_of_network(network), settings.SIGNUP_LIMIT_PER_IP),
        (SignUpTrace.objects.all(), settings.SIGNUP_LIMIT_GLOBAL),
    )
    return not any(
        _reached(traces, limit + 1, now - HOUR) or _reached(traces, limit * RUSH + 1, now - DAY)
        for traces, limit in counted
        if limit
    )


def trace(ip: str, email: str, *, is_quick: bool = False) -> SignUpTrace:
    """That a form was sent, not saved yet. Belongs into the transaction of the sign-up."""
    return SignUpTrace(network_hash=network_hash(ip), address_hash=address_hash(email), is_quick=is_quick)


def network_hash(ip: str) -> str:
    """What stands for the visitor's network in traces."""
    return keyed_hash("newsletter.limits.network", network_of(ip))


def address_hash(email: str) -> str:
    """What stands for an email address in traces."""
    return keyed_hash("newsletter.limits.address", normalise(email))


def _of_network(hashed: str) -> QuerySet[SignUpTrace]:
    return SignUpTrace.objects.filter(network_hash=hashed)


def _reached(traces: QuerySet[SignUpTrace], limit: int, since: datetime) -> bool:
    """Whether there are at least so many traces since a moment; a limit of 0 is none.

    The index gives the newest first, so this steps over `limit` of its entries at most, however many there are.
    """
    if not limit:
        return False
    nth = traces.filter(at__gt=since).order_by("-at").values_list("at", flat=True)[limit - 1 : limit]
    return bool(nth)
