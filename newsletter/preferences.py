"""What people on the mailing list may do by themselves: change their names and topics, and leave.

They come by a signed link in a mail. The link is the authority: whoever has it may do this, and no more.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from newsletter.models import Desired, Interest, OutboxEntry, Subscriber
from newsletter.service import LEFT, wake_worker_soon
from newsletter.states import Source, State
from newsletter.wishes import want

LEFT_HERE = "Left on the preference page."
# States in which Mailchimp has the contact.
AT_MAILCHIMP = (State.SUBSCRIBED, State.AWAITING_CONFIRMATION)


def preferences_url(subscriber: Subscriber) -> str:
    """The address of a person's own page, for mails to them. It holds no address and does not expire."""
    return settings.SITE_URL + reverse("newsletter:preferences", args=[_signer().sign(str(subscriber.pk))])


def subscriber_of(token: str) -> Subscriber | None:
    """Whose page a link leads to; None for a link that nobody signed, or of a person who is gone."""
    try:
        pk = int(_signer().unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Subscriber.objects.exclude(state=State.ERASED).filter(pk=pk).first()


def masked(email: str) -> str:
    """Enough of an address for its owner to know it by: `a…@e….org`."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain[:1]}….{domain.rpartition('.')[2]}"


@transaction.atomic
def save_profile(subscriber: Subscriber, first_name: str, last_name: str, interests: Iterable[Interest]) -> None:
    """Keep a person's names and topics, and pass them on. Does nothing for someone who left, or without a change."""
    current = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    topics = set(interests)
    before = (current.first_name, current.last_name, set(current.interests.all()))
    if current.state in LEFT or before == (first_name, last_name, topics):
        return
    current.first_name, current.last_name = first_name, last_name
    current.save(update_fields=["first_name", "last_name"])
    current.interests.set(topics)
    if current.state in AT_MAILCHIMP:
        want(current, Desired.PROFILE)
        transaction.on_commit(wake_worker_soon)
    else:
        _renew(current)


@transaction.atomic
def leave(subscriber: Subscriber, source: Source = Source.PERSON, reason: str = LEFT_HERE) -> None:
    """Take a person off the mailing list, here at once and at Mailchimp as soon as it can be told.

    Args:
        reason: how they left, in words.
    """
    current = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if current.state in LEFT:
        return
    want(current, Desired.UNSUBSCRIBED)
    current.next_look_at = None
    current.settle(State.UNSUBSCRIBED, source, reason)
    transaction.on_commit(wake_worker_soon)


def _renew(subscriber: Subscriber) -> None:
    """Let a sign-up that is still on its way take the profile along, also when a worker has it in hand."""
    entry = OutboxEntry.objects.open().select_for_update().filter(subscriber=subscriber).first()
    if entry is not None:
        entry.sequence += 1
        entry.save(update_fields=["sequence"])


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt="newsletter.preferences")
