"""Leases: a named right that one process holds at a time, over all processes and machines.

    with leases.hold("reconcile", seconds=60) as lease:
        if lease is not None:
            ...

The rows are in the database, so nothing more has to run, and every lease ends by itself, so a holder
that is killed blocks the others for at most the seconds it asked for. Times are those of the machines:
they must agree to within a few seconds (NTP), as machines that share a database do.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models.lease import Lease


@dataclass(frozen=True)
class HeldLease:
    """Proof of having taken a lease. Its token lets nobody else extend it or give it back."""

    name: str
    holder: str

    def extend(self, seconds: float) -> bool:
        """Hold it for so many seconds from now. Returns False when it was lost in the meantime."""
        return self.keep_until(timezone.now() + timedelta(seconds=seconds))

    def keep_until(self, moment: datetime) -> bool:
        """Hold it until a moment, sooner or later than now agreed. Returns False when it was lost."""
        mine = Lease.objects.filter(name=self.name, holder=self.holder)
        return mine.update(expires_at=moment) == 1

    def release(self) -> None:
        """Give it back. Does nothing when it was lost."""
        Lease.objects.filter(name=self.name, holder=self.holder).delete()


def acquire(name: str, seconds: float) -> HeldLease | None:
    """Take a lease for so many seconds. Returns None when somebody holds it, without waiting."""
    now = timezone.now()
    lease = HeldLease(name, secrets.token_hex(16))
    until = now + timedelta(seconds=seconds)
    # A plain read first: on SQLite even an UPDATE of no row waits for the write lock.
    known = Lease.objects.filter(name=name).values_list("expires_at", flat=True).first()
    if known is None:
        return lease if _insert(lease, until) else None
    if known > now:
        return None
    # The condition is checked again by the statement itself: of several takers one changes the row.
    taken = Lease.objects.filter(name=name, expires_at__lte=now).update(holder=lease.holder, expires_at=until)
    return lease if taken else None


def _insert(lease: HeldLease, until: datetime) -> bool:
    """Write the first row of a name. Returns False when another process was first."""
    try:
        with transaction.atomic():
            Lease.objects.create(name=lease.name, holder=lease.holder, expires_at=until)
    except IntegrityError:
        return False
    return True


@contextmanager
def hold(name: str, seconds: float) -> Iterator[HeldLease | None]:
    """Take a lease for the length of a `with` block; gives None when somebody else holds it."""
    lease = acquire(name, seconds)
    try:
        yield lease
    finally:
        if lease is not None:
            lease.release()


def is_held(prefix: str) -> bool:
    """Tell whether any lease whose name begins with a prefix is held now."""
    return Lease.objects.filter(name__startswith=prefix, expires_at__gt=timezone.now()).exists()
