"""Letting go by rule of what the limits held: a rush of people, once it is over. A flood of robots stays held."""

import functools
import time

from django.utils import timezone

from core.worker import stopping
from newsletter.limits import DAY, HOUR, TOO_MANY, network_seen, rush_is_over
from newsletter.models import Subscriber
from newsletter.service import release
from newsletter.states import State

RUSH_IS_OVER = "It was held because many sign-ups came at once. The rush is over, and was no flood."
# A run gives way after so many seconds; the next one goes on.
RUN_SECONDS = 25.0


def release_held() -> int:
    """Let go what was held for being one of too many, an hour to a day ago. Returns how many.

    Only when the network it came from, and all together, are back within their limits and brought no more than
    `limits.RUSH` times as many all day. What came too fast, or in a flood, is left to the editors.
    """
    now, end = timezone.now(), time.monotonic() + RUN_SECONDS
    held = Subscriber.objects.filter(state=State.HELD, signed_up_at__gt=now - DAY, signed_up_at__lte=now - HOUR)
    is_over = functools.cache(rush_is_over)  # most come from few networks
    released = 0
    for subscriber in held.filter(reason__in=TOO_MANY).order_by("signed_up_at"):
        if stopping.is_set() or time.monotonic() > end:
            break
        network = network_seen(subscriber.email)
        if network and is_over(network):
            released += release(subscriber, RUSH_IS_OVER)
    return released
