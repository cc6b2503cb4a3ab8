"""What a person wants of the mailing list, as the one open entry of the outbox."""

from datetime import datetime

from django.utils import timezone

from newsletter.models import Desired, OutboxEntry, Subscriber
from newsletter.states import State


def want(
    subscriber: Subscriber, desired: Desired, *, held: bool = False, not_before: datetime | None = None
) -> OutboxEntry:
    """Open an entry, or renew the open one so that a delivery under way knows that it is not the last.

    The newest wish replaces an older one, with the exceptions of `_replaced_by`. A sign-up that is repeated neither
    hurries nor releases: a held entry stays held, and one that waits for a later try keeps its time, since a robot
    can repeat it too. Other wishes come from the person or an editor and are due at once.

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
    before, entry.desired = Desired(entry.desired), _replaced_by(Desired(entry.desired), desired, subscriber)
    entry.sequence += 1
    if entry.desired == desired:
        entry.requested_at = now
    if not (before == entry.desired == Desired.SUBSCRIBED):
        entry.due_at, entry.held_at, entry.is_paced, entry.attempts = due, None, False, 0
    # Mailchimp may not know yet that they left: they return only by its confirmation, and must not just stay.
    left = before == Desired.UNSUBSCRIBED or entry.leaves_first
    entry.leaves_first = left and entry.desired == Desired.SUBSCRIBED
    entry.save()
    return entry


def _replaced_by(before: Desired, wanted: Desired, subscriber: Subscriber) -> Desired:
    """The wish that remains of an open one and a new one.

    New details do not undo a sign-up, a leaving or an erasure that is still on its way: a sign-up brings them
    along. A live subscriber's own details are not undone by somebody who types their address into the form.
    """
    is_live = subscriber.state == State.SUBSCRIBED
    if wanted == Desired.PROFILE and not (before == Desired.SUBSCRIBED and is_live):
        return before
    if wanted == Desired.SUBSCRIBED and before == Desired.PROFILE and is_live:
        return before
    return wanted
