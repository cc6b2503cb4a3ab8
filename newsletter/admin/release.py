"""Letting held sign-ups go, many at once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsletter.models import OutboxEntry, Subscriber, Transition
from newsletter.service import wake_worker_soon
from newsletter.states import Source, State

BATCH = 500
REASON = "An editor released it."


def held(until: datetime) -> QuerySet[Subscriber]:
    """The people whose sign-up was held until some time and still is."""
    entries = OutboxEntry.objects.open().filter(held_at__lte=until)
    return Subscriber.objects.filter(state=State.HELD, pk__in=entries.values("subscriber_id"))


def release_all(user: Any, until: datetime) -> int:
    """Release what was held until some time; what came later waits for the next look. Returns how many.

    In batches, each a transaction, so that sign-ups are not kept waiting meanwhile.
    """
    released = 0
    while batch := _release_some(user, until):
        released += batch
    return released


@transaction.atomic
def _release_some(user: Any, until: datetime) -> int:
    now = timezone.now()
    keys = list(held(until).select_for_update().order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    # `run_again` for many: the wish keeps the time of the person's own sign-up.
    OutboxEntry.objects.open().filter(subscriber__in=keys).update(due_at=now, held_at=None, is_paced=False)
    Subscriber.objects.filter(pk__in=keys).update(state=State.WAITING, reason=REASON, state_changed_at=now)
    steps = [
        Transition(
            subscriber_id=key,
            at=now,
            from_state=State.HELD,
            to_state=State.WAITING,
            source=Source.EDITOR,
            reason=REASON,
            user=user,
        )
        for key in keys
    ]
    Transition.objects.bulk_create(steps)
    transaction.on_commit(wake_worker_soon)
    return len(keys)
