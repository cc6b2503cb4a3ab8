"""How many forms one network may send in an hour. The count is kept in the cache alone, under a keyed hash that ends
with the hour: nothing of it is ever written down, and no address can be read from it.
"""

import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from core.networks import network_of

AN_HOUR = 60 * 60
# Many people may sit behind one address, such as those of a council.
FROM_A_NETWORK = 60


def is_one_too_many(ip: str) -> bool:
    """Count a form that comes now, and say whether its network has sent more than it may within this hour.

    Without a cache that works nobody is turned away.
    """
    hour = int(time.time()) // AN_HOUR
    digest = salted_hmac(f"feedback.limits.{hour}", network_of(ip), algorithm="sha256")  # ty: ignore[unknown-argument]
    key = f"feedback:{digest.hexdigest()[:32]}"
    cache.add(key, 0, AN_HOUR)
    try:
        return (cache.incr(key) or 0) > FROM_A_NETWORK
    except ValueError:  # it was dropped meanwhile
        return False
