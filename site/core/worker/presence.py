"""How the other processes know that a worker is alive: a lease that it keeps extending."""

import secrets
import socket
from datetime import timedelta

from django.utils import timezone

from core.models.lease import Lease

PREFIX = "worker/"
# A worker that has not been heard of for this long is taken for dead: its leases end, its tasks are run by
# others. Together with the time between two looks this keeps a recovery under 60 seconds.
LEASE_SECONDS = 30
BEAT_SECONDS = 10
# How long the trace of a worker that is gone is kept, for a person who wants to know what happened.
FORGET_AFTER = timedelta(days=1)


class Presence:
    """The identity of one worker process, kept alive by `beat`."""

    def __init__(self) -> None:
        self.worker_id = _new_id()

    def beat(self) -> None:
        """Say that this worker is alive, for the next LEASE_SECONDS."""
        until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
        Lease.objects.update_or_create(
            name=PREFIX + self.worker_id, defaults={"holder": self.worker_id, "expires_at": until}
        )

    def start_afresh(self) -> str:
        """Go on under another identity, so that what the old one left undone counts as left by the dead."""
        self.worker_id = _new_id()
        return self.worker_id

    def leave(self) -> None:
        """Say that this worker has ended in order."""
        Lease.objects.filter(name=PREFIX + self.worker_id).delete()


def living_workers() -> set[str]:
    """Give the ids of the workers that are alive."""
    alive = Lease.objects.filter(name__startswith=PREFIX, expires_at__gt=timezone.now())
    return {name.removeprefix(PREFIX) for name in alive.values_list("name", flat=True)}


def forget_the_dead() -> int:
    """Delete leases that nobody has taken for long: of workers that are gone, of jobs that are no more.

    Returns:
        How many.
    """
    return Lease.objects.filter(expires_at__lt=timezone.now() - FORGET_AFTER).delete()[0]


def _new_id() -> str:
    return f"{socket.gethostname()[:40]}-{secrets.token_hex(8)}"
