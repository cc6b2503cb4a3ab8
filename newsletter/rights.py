"""A person's rights over their data (UK GDPR Art. 15, 17 and 20): find, export, erase."""

import re
from typing import Any
from urllib.parse import unquote, unquote_plus

from django.db import transaction
from django.db.models import CharField, Model, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from wagtail.models import ModelLogEntry

from newsletter.addresses import normalise
from newsletter.hashes import erased_keys
from newsletter.models import Consent, Desired, OutboxEntry, Subscriber, Transition, WebhookEvent
from newsletter.service import wake_worker_soon
from newsletter.states import Source, State
from newsletter.wishes import want

ERASED_REASON = "Erased here. Mailchimp is told to erase the contact for good."
NOT_INCLUDED = (
    "Traces of forms that were sent in the last day are kept under keyed hashes, from which nobody can be told, to "
    "limit robots. Whether emails were opened is known to Mailchimp only."
)


def find(email: str) -> Subscriber | None:
    """The person with an address, in whatever case it is typed; None when there is none, or they are erased."""
    return Subscriber.objects.exclude(state=State.ERASED).filter(email_key=normalise(email)).first()


def export_person(subscriber: Subscriber) -> dict[str, Any]:
    """Everything that is held on a person, ready for JSON: times in ISO 8601, in UTC."""
    return {
        "exported_at": timezone.now().isoformat(),
        "subscriber": _fields(subscriber, leave_out=("interests",)),
        "topics": [topic.label for topic in subscriber.interests.all()],
        "consents": [_fields(consent) for consent in _records(Consent, subscriber)],
        "history": [_fields(step, leave_out=("user",)) for step in _records(Transition, subscriber)],
        "outbox": [
            _fields(entry, leave_out=("lease_holder", "lease_until")) for entry in _records(OutboxEntry, subscriber)
        ],
        "messages_from_mailchimp": [_fields(event, leave_out=("fingerprint",)) for event in events_about(subscriber)],
        "not_included": NOT_INCLUDED,
    }


def _records(model: type[Model], subscriber: Subscriber) -> QuerySet[Any]:
    """A person's records of one kind, in the order in which they were written."""
    return model._default_manager.filter(subscriber=subscriber).order_by("pk")


def _fields(record: Model, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """A record's fields and what they hold."""
    fields = [field for field in record._meta.concrete_fields if field.name not in ("subscriber", *leave_out)]
    values = {field.name: getattr(record, field.attname) for field in fields}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


@transaction.atomic
def erase(subscriber: Subscriber, source: Source, user: Any = None) -> None:
    """Erase a person: here now, at Mailchimp as soon as it can be told. Does nothing when it was done before.

    What stays is a row without personal data. It holds a keyed hash of the address, so that an import cannot bring
    the person back, and until Mailchimp has erased the contact also Mailchimp's name of it. They themselves can sign
    up again, which makes a new row.

    Args:
        source: who asked for it, such as the editor on a person's behalf.
        user: the editor who does it.
    """
    from newsletter.gateway import contact_hash  # here, so that web processes do not load Mailchimp's client

    current = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if current.state == State.ERASED:
        return
    key, hashed = erased_keys(current.email)[0], contact_hash(current.email)
    in_hand = OutboxEntry.objects.open().filter(subscriber=current, lease_until__gt=timezone.now()).first()
    _delete_records(current)
    _retire_older_suppressions(current.email)
    _blank(current)
    current.email_key, current.contact_hash = key, hashed
    # Not while a worker may be writing the contact: what it writes must be erased too.
    want(current, Desired.ERASED, not_before=in_hand.lease_until if in_hand else None)
    current.settle(State.ERASED, source, ERASED_REASON, user=user)
    transaction.on_commit(wake_worker_soon)


def _delete_records(subscriber: Subscriber) -> None:
    """Delete for good what belongs to a person, evidence and history included."""
    WebhookEvent.objects.filter(pk__in=[event.pk for event in events_about(subscriber)]).delete()
    Consent.objects.filter(subscriber=subscriber).erase()
    Transition.objects.filter(subscriber=subscriber).erase()
    OutboxEntry.objects.filter(subscriber=subscriber).delete()
    subscriber.interests.clear()
    # That editors looked or acted stays in Wagtail's own log, without a name.
    ModelLogEntry.objects.for_instance(subscriber).update(label=f"Subscriber {subscriber.pk}", data={})


def _blank(subscriber: Subscriber) -> None:
    """Empty every field to what a new row has; the times become the time of the erasure."""
    kept = ("id", "email_key", "state", "contact_hash")
    empty = Subscriber()
    for field in Subscriber._meta.concrete_fields:
        if field.name not in kept:
            setattr(subscriber, field.attname, getattr(empty, field.attname))


def _retire_older_suppressions(email: str) -> None:
    """Make room for the hash when somebody who was erased, and came back, is erased again: the new row takes over."""
    older = Subscriber.objects.filter(email_key__in=erased_keys(email))
    older.update(email_key=Concat("email_key", Value("."), Cast("pk", CharField())))


def events_about(subscriber: Subscriber) -> list[WebhookEvent]:
    """Messages from Mailchimp that mention a person's address, in whatever way it was encoded."""
    email = normalise(subscriber.email)
    if not email:
        return []
    # The part before the @ as the database can find it; which of these it is about is seen when decoded.
    rough = re.split(r"[^a-z0-9]", email, maxsplit=1)[0]
    found: QuerySet[WebhookEvent] = WebhookEvent.objects.filter(body__icontains=rough).order_by("pk")
    whole = re.compile(rf"(?<![\w.+'%-]){re.escape(email)}(?![\w.-])", re.IGNORECASE)
    return [
        event
        for event in found.iterator(chunk_size=500)
        if whole.search(unquote(event.body)) or whole.search(unquote_plus(event.body)) or whole.search(event.body)
    ]
