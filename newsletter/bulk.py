"""A backlog of new sign-ups, up to 500 in one call. Everything else goes one by one (`newsletter.sending`).

Only addresses that were never seen at Mailchimp are sent so: this call has no "status if new", so it could change
the status of a contact that is there. It is told to leave those alone; they, and whatever else it says nothing
certain about, are then delivered one by one.

Source: Mailchimp Marketing API, "Batch subscribe or unsubscribe".
"""

import secrets
from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.turns import write_turn
from newsletter import mirror, outcome, payload, queue
from newsletter.decisions import PENDING, SUBSCRIBED, state_of
from newsletter.errors import GatewayError, OperatorMustAct, Retryable, VisitorMustAct
from newsletter.gateway import Contact, Gateway, contact_hash
from newsletter.models import Desired, OutboxEntry, Outcome, Subscriber, Transition
from newsletter.models.outbox import OutboxQuerySet
from newsletter.sending import DELIVERY_SECONDS
from newsletter.states import Source, State

# Mailchimp takes at most 500. Below the minimum single calls are as good, and tell more.
BATCH_SIZE, MINIMUM = 500, 20
# So many are written down in one transaction, so that visitors who sign up meanwhile get their turn.
WRITE_SIZE = 50

# What became of an entry: the contact at Mailchimp, an error, or nothing certain.
Found = Contact | GatewayError | None

_FRESH = Q(
    desired=Desired.SUBSCRIBED,
    leaves_first=False,
    is_paced=False,
    subscriber__mailchimp_seen_at__isnull=True,
    subscriber__confirmation_asked_at__isnull=True,
)
_SUBSCRIBER_FIELDS = (
    *("state", "reason", "state_changed_at", "next_look_at", "confirmation_asked_at"),
    *("mailchimp_status", "mailchimp_id", "mailchimp_changed_at", "mailchimp_seen_at"),
)
_ENTRY_FIELDS = (
    *("due_at", "attempts", "is_paced", "error_class", "error"),
    *("outcome", "done_at", "lease_until", "lease_holder"),
)


def singles() -> OutboxQuerySet:
    """Entries that are due and cannot be delivered in bulk."""
    return OutboxEntry.objects.due().exclude(_FRESH)


def claim(size: int, lease: timedelta) -> list[OutboxEntry]:
    """Take up to `size` entries that can be delivered together; none when there are too few for that."""
    holder = secrets.token_hex(16)
    for _ in range(queue.CALL_SLOTS + 1):  # another worker may choose the same ones and be faster
        chosen = list(OutboxEntry.objects.due().filter(_FRESH).values_list("pk", flat=True)[:size])
        if len(chosen) < MINIMUM:
            return []
        free = OutboxEntry.objects.due().order_by().filter(pk__in=chosen)
        if free.update(lease_until=timezone.now() + lease, lease_holder=holder, attempts=F("attempts") + 1):
            mine = OutboxEntry.objects.filter(pk__in=chosen, lease_holder=holder).select_related("subscriber")
            return list(mine.prefetch_related("subscriber__consents", "subscriber__interests").order_by("pk"))
    return []


def deliver(batch: list[OutboxEntry], gateway: Gateway, counts: Counter[str]) -> GatewayError | None:
    """Deliver claimed entries in one call, and write down how each ended.

    Args:
        counts: of entries by what became of them; added to.

    Returns:
        The error of the call, if there was one; it is dealt with already.
    """
    error: GatewayError | None = None
    found: dict[int, Found] = {}
    try:
        with gateway.within(DELIVERY_SECONDS):
            found = _send(batch, gateway)
    except GatewayError as caught:
        error = caught
    except DatabaseError:
        raise  # the leases run out, and the entries are tried again
    except Exception as caught:
        error = outcome.our_fault(caught, entries=len(batch))
    if error is None:
        queue.note_success()
    elif isinstance(error, OperatorMustAct):
        queue.pause(error)
    if isinstance(error, OperatorMustAct) or (isinstance(error, Retryable) and error.is_outage):
        found = {entry.pk: error for entry in batch}
    refused = any(isinstance(what, VisitorMustAct) for what in found.values())
    hint = outcome.form_hint(gateway) if refused else ""
    for first in range(0, len(batch), WRITE_SIZE):
        with write_turn():
            counts += _write_down(batch[first : first + WRITE_SIZE], found, hint)
    return error


def _send(batch: list[OutboxEntry], gateway: Gateway) -> dict[int, Found]:
    """Make the call. Returns what became of each entry, by its key.

    Raises:
        GatewayError: the call as a whole failed.
    """
    status = PENDING if queue.confirmation_wanted(gateway) else SUBSCRIBED
    merge_tags = gateway.merge_tags()
    hashes = {entry.pk: contact_hash(entry.subscriber.email) for entry in batch}
    erasures = OutboxEntry.objects.open().filter(desired=Desired.ERASED)
    erasing = set(
        erasures.filter(subscriber__contact_hash__in=hashes.values()).values_list("subscriber__contact_hash", flat=True)
    )
    members = [
        payload.member(entry.subscriber, status, entry.requested_at, merge_tags)
        for entry in batch
        if hashes[entry.pk] not in erasing
    ]
    result = gateway.subscribe_many(members)
    return {pk: result.added.get(name) or result.errors.get(name) for pk, name in hashes.items()}


@transaction.atomic
def _write_down(batch: list[OutboxEntry], found: dict[int, Found], hint: str) -> Counter[str]:
    """Close, postpone or release the entries, with a few statements for all. Returns counts."""
    claimed = {entry.pk: entry for entry in batch}
    people = Subscriber.objects.select_for_update().order_by("pk")
    subscribers = people.in_bulk([entry.subscriber_id for entry in batch])
    mine = OutboxEntry.objects.open().filter(pk__in=claimed, lease_holder=batch[0].lease_holder).order_by("pk")
    current = [entry for entry in mine.select_for_update() if entry.subscriber_id in subscribers]
    counts, steps = Counter({outcome.TAKEN_OVER: len(batch) - len(current)}), []
    for entry in current:
        subscriber = subscribers[entry.subscriber_id]
        steps.append(_settle_one(entry, claimed[entry.pk], subscriber, found.get(entry.pk), hint))
        entry.lease_until, entry.lease_holder = None, ""
        counts[_word(entry, subscriber)] += 1
    Transition.objects.bulk_create(step for step in steps if step)
    _update_all([subscribers[entry.subscriber_id] for entry in current], _SUBSCRIBER_FIELDS)
    _update_all(current, _ENTRY_FIELDS)
    return +counts


def _update_all(rows: list[Any], fields: tuple[str, ...]) -> None:
    """Write fields of many rows, which are locked: as an upsert, since `bulk_update` takes ten times as long."""
    if rows:
        model = type(rows[0])._default_manager
        model.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def _settle_one(
    entry: OutboxEntry, claimed: OutboxEntry, subscriber: Subscriber, found: Found, hint: str
) -> Transition | None:
    """Bring one entry and its subscriber up to date, without saving. Returns the step in the history."""
    if isinstance(found, Contact):
        mirror.note_contact(subscriber, found)
        outcome.note_asked(subscriber, found, asked=found.status == PENDING)
        if entry.sequence == claimed.sequence:
            return _added(entry, subscriber, found)
    elif found and entry.desired == claimed.desired:
        if due_at := outcome.retry_at(entry, found):
            entry.due_at = due_at
            return _waiting(entry, subscriber, outcome.waiting_reason(found))
        return _refused(entry, subscriber, found, hint)
    # From now on it goes alone, and at once.
    subscriber.mailchimp_seen_at = subscriber.mailchimp_seen_at or timezone.now()
    entry.due_at, entry.attempts = max(entry.due_at, timezone.now()), 0
    return None


def _added(entry: OutboxEntry, subscriber: Subscriber, contact: Contact) -> Transition | None:
    state, reason = state_of(contact.status)
    entry.done_at, entry.outcome = timezone.now(), Outcome.DELIVERED
    entry.error_class = entry.error = ""
    awaited = state == State.AWAITING_CONFIRMATION
    subscriber.next_look_at = mirror.next_look(subscriber.signed_up_at, timezone.now()) if awaited else None
    return subscriber.step(state, Source.DELIVERY, reason)


def _refused(entry: OutboxEntry, subscriber: Subscriber, error: GatewayError, hint: str) -> Transition | None:
    entry.done_at, entry.outcome = timezone.now(), Outcome.REFUSED
    subscriber.next_look_at = None
    return subscriber.step(outcome.refused_state(error), Source.DELIVERY, error.reason + hint)


def _waiting(entry: OutboxEntry, subscriber: Subscriber, reason: str) -> Transition | None:
    if not outcome.shows_waiting(entry, subscriber):
        return None
    return subscriber.step(State.WAITING, Source.DELIVERY, reason)


def _word(entry: OutboxEntry, subscriber: Subscriber) -> str:
    """What to count an entry as."""
    if entry.done_at:
        return State(subscriber.state).label.lower()
    return "waiting" if entry.error_class else "sent alone"
