"""What a person wants of the mailing list, as the one open entry of the outbox."""

from datetime import datetime

from django.utils import timezone

from newsletter.models import Desired, OutboxEntry, Subscriber


def want(
    subscriber: Subscriber, desired: Desired, *, held: bool = False, not_before: datetime | None = None
) -> OutboxEntry:
    """Open an entry, or renew the open one so that a delivery under way knows that it is not the last.

    The newest wish replaces an older one. A sign-up that is repeated neither hurries nor releases: a held entry
    stays held, and one that waits for a later try keeps its time, since a robot can repeat it too. Other wishes
    come from the person or an editor and are due at once.

    Call it in a transaction that has locked the subscriber.

    Args:
        held: keep a new sign-up for an editor to look at.
        not_before: when it is due; default now.
    """
    now = timezone.now()
    due = not_before or now
    entry = OutboxEntry.objects.open().filter(subscriber=subscriber).first()
    if entry is None:
        return OutboxEntry.objects.create(
            subscriber=subscriber, desired=desired, requested_at=now, due_at=due, held_at=now if held else None
        )
    entry.sequence += 1
    entry.requested_at = now
    if not (desired == entry.desired == Desired.SUBSCRIBED):
        entry.due_at, entry.held_at, entry.is_paced, entry.attempts = due, None, False, 0
    entry.desired = desired
    entry.save()
    return entry
