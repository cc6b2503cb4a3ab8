"""How long to wait before trying again."""

import random
from datetime import timedelta

from newsletter.errors import Retryable

# A call that timed out may still be running at Mailchimp, so its repetition waits a minute at least.
FIRST_SECONDS, LONGEST_SECONDS = 60.0, 3600.0
# Where no connection was made there is nothing to wait for, and a new try costs next to nothing.
UNSENT_FIRST_SECONDS, UNSENT_LONGEST_SECONDS = 5.0, 60.0
# "A lot of lists": each try makes it worse. After these the entry is given up.
PACED = (timedelta(minutes=5), timedelta(days=1), timedelta(days=2), timedelta(days=7))
PACED_TRIES = len(PACED)


def wait_after(error: Retryable, attempts: int) -> timedelta:
    """The wait after so many failed tries (1 or more): doubling, up to a limit, spread at random.

    The spread keeps entries that failed together from coming back together.
    """
    if error.rarely:
        return PACED[min(attempts, PACED_TRIES) - 1]
    first, longest = (
        (UNSENT_FIRST_SECONDS, UNSENT_LONGEST_SECONDS) if error.nothing_sent else (FIRST_SECONDS, LONGEST_SECONDS)
    )
    seconds = min(first * 2 ** min(attempts - 1, 20), longest)
    return timedelta(seconds=max(first, seconds * random.uniform(0.75, 1.25)))  # noqa: S311 - no secret
