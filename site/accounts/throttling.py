"""Limits on tries at signing in (django-axes) and on requests for a new password."""

import ipaddress
from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import PasswordResetTrace
from core.middleware import address_of

# An office shares a network, so that many times as many failures are borne from one network as for one name from it.
OFFICE = 5

# Requests for a new password within an hour: for one email address, and from one network.
RESETS_OF_ADDRESS = 3
RESETS_OF_NETWORK = 20
HOUR = timedelta(hours=1)


def network_of(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address, or the /64 network of an IPv6 address, which is one household."""
    address = address_of(request.META.get("REMOTE_ADDR", ""))
    if address is None:
        return "0.0.0.0"  # noqa: S104 - not a place to listen at: a request over a Unix socket
    return str(ipaddress.ip_network((address, 64), strict=False)[0]) if address.version == 6 else str(address)


class LoginThrottle(AxesDatabaseHandler):
    """Counts failures from one network with less weight than those for one name from it."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """The number that is compared with AXES_FAILURE_LIMIT."""
        of_name, of_network = (
            attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
            for attempts in self.get_user_attempts(request, credentials)  # in the order of AXES_LOCKOUT_PARAMETERS
        )
        return max(of_name, of_network // OFFICE)


def too_many(request: HttpRequest, *args: Any) -> HttpResponse:
    """Say that there were too many tries (429), the same whether the name or address exists or not."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    answer = render(request, "accounts/too_many.html", {"minutes": seconds // 60}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def trace_reset(request: HttpRequest, email: str) -> PasswordResetTrace:
    """Note that somebody asks for a new password."""
    return PasswordResetTrace.objects.create(
        network_hash=_hash(network_of(request)), address_hash=_hash(email.strip().casefold())
    )


def may_send(trace: PasswordResetTrace) -> bool:
    """Whether this hour has seen few enough requests for this address that a message may go there."""
    return _of_this_hour(address_hash=trace.address_hash) <= RESETS_OF_ADDRESS


def asks_too_often(request: HttpRequest) -> bool:
    """Whether a network has asked for as many new passwords this hour as it may."""
    return _of_this_hour(network_hash=_hash(network_of(request))) >= RESETS_OF_NETWORK


def _of_this_hour(**which: str) -> int:
    return PasswordResetTrace.objects.filter(asked_at__gt=timezone.now() - HOUR, **which).count()


def _hash(value: str) -> str:
    return salted_hmac("accounts.password_reset", value, algorithm="sha256").hexdigest()  # ty: ignore[unknown-argument]
