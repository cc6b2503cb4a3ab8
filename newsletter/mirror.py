"""Keeping a subscriber's row equal to what Mailchimp says of the contact."""

from datetime import datetime, timedelta

from django.utils import timezone

from newsletter.decisions import state_of
from newsletter.gateway import Contact
from newsletter.models import Subscriber
from newsletter.states import Source, State

# How often to ask whether somebody has confirmed, by how long ago they signed up: soon after it is likely.
LOOKS = (
    (timedelta(minutes=15), timedelta(seconds=20)),
    (timedelta(hours=1), timedelta(minutes=1)),
    (timedelta(days=1), timedelta(minutes=15)),
    (timedelta(days=7), timedelta(hours=2)),
)
SELDOM = timedelta(days=1)


def next_look(signed_up_at: datetime, now: datetime) -> datetime:
    """When to ask Mailchimp next whether somebody has confirmed."""
    age = now - signed_up_at
    return now + next((pause for limit, pause in LOOKS if age < limit), SELDOM)


def note_contact(subscriber: Subscriber, contact: Contact | None) -> None:
    """Write down what Mailchimp says, without judging it. The caller saves."""
    subscriber.mailchimp_seen_at = timezone.now()
    subscriber.mailchimp_status = contact.status[:20] if contact else ""
    if contact and contact.mailchimp_id:
        subscriber.mailchimp_id = contact.mailchimp_id
    if contact and contact.changed_at:
        subscriber.mailchimp_changed_at = contact.changed_at


def note_names(subscriber: Subscriber, contact: Contact) -> None:
    """Take over the names that Mailchimp has: the person or an editor wrote them there. The caller saves.

    An empty one there empties none here. Not for a subscriber with an open entry, whose names are on the way there.
    """
    for field, tag in (("first_name", "FNAME"), ("last_name", "LNAME")):
        name = contact.merge_fields.get(tag)
        if isinstance(name, str) and name.strip():
            longest = Subscriber._meta.get_field(field).max_length
            setattr(subscriber, field, name.replace("\0", "").strip()[:longest])


def settle_as_seen(subscriber: Subscriber, contact: Contact, source: Source) -> None:
    """Bring the subscriber into the state that the contact has at Mailchimp. Saves the row."""
    note_contact(subscriber, contact)
    state, reason = state_of(contact.status)
    settle(subscriber, state, source, reason)


def settle(subscriber: Subscriber, state: State, source: Source, reason: str) -> None:
    """Settle the subscriber, and plan the next look when a confirmation is awaited. Saves the row."""
    awaited = state == State.AWAITING_CONFIRMATION
    subscriber.next_look_at = next_look(subscriber.signed_up_at, timezone.now()) if awaited else None
    subscriber.settle(state, source, reason)
