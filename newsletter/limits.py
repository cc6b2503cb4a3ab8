"""Limits on sign-ups an hour. Over a limit a sign-up is held for an editor to look at, never thrown away.

Counted in the cache under keyed hashes, so that no address of anybody is stored. Without a shared cache each
web process counts for itself.
"""

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR = 3600


def over_limit(ip: str) -> bool:
    """Count a sign-up, and tell whether there are more this hour than the limits allow.

    Args:
        ip: the visitor's address; an IPv6 address counts with its /64 network, which is one household.
    """
    from_here = _count(_network(ip))
    from_anywhere = _count("everyone")
    return _exceeds(from_here, settings.SIGNUP_LIMIT_PER_IP) or _exceeds(from_anywhere, settings.SIGNUP_LIMIT_GLOBAL)


def _exceeds(count: int, limit: int) -> bool:
    """Compare with a limit, of which 0 means none."""
    return bool(limit) and count > limit


def _network(ip: str) -> str:
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _count(who: str) -> int:
    """Raise the counter of this hour; 0 when the cache is out of order, which must not stop a sign-up."""
    hour = int(time.time()) // HOUR
    key = f"newsletter:limit:{salted_hmac('newsletter.limits', f'{who} {hour}').hexdigest()}"
    cache.add(key, 0, timeout=HOUR)
    try:
        return cache.incr(key) or 0
    except ValueError:
        return 0
