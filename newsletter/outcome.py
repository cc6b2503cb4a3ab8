"""Writing down how the delivery of one entry ended, in one transaction each."""

import logging
import traceback
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from newsletter import mirror, queue
from newsletter.backoff import PACED_TRIES, wait_after
from newsletter.decisions import LEFT_HERE, PENDING, Settle
from newsletter.errors import Bug, ErrorClass, GatewayError, OperatorMustAct, Retryable, VisitorMustAct
from newsletter.gateway import Contact, Gateway
from newsletter.models import Desired, OutboxEntry, Outcome, Subscriber
from newsletter.sending import Verdict
from newsletter.states import Source, State

log = logging.getLogger(__name__)

TRIED_AGAIN = "It is tried again without anyone's help."
TAKEN_OVER = "taken over"
# What must not be given up, whatever Mailchimp says: the person has left, or must be forgotten.
NEVER_GIVEN_UP = (Desired.UNSUBSCRIBED, Desired.ERASED)


def finish(entry: OutboxEntry, verdict: Verdict, gateway: Gateway) -> str:
    """Close the entry and settle the subscriber; one renewed meanwhile goes on. Returns what to count."""
    settle = verdict.settle
    hint = form_hint(gateway) if settle and settle.only_form else ""
    with transaction.atomic():
        locked = lock(entry)
        if locked is None:
            return TAKEN_OVER
        current, subscriber = locked
        _note(subscriber, verdict, entry)
        if current.sequence != entry.sequence:
            return renew(current, subscriber)
        if verdict.wait_until:
            return _postpone(current, subscriber, verdict.wait_until, verdict.reason)
        if settle:
            _settle(subscriber, settle, hint)
        elif verdict.contact:
            mirror.settle_as_seen(subscriber, verdict.contact, Source.DELIVERY)
        close(current, outcome_of(settle, entry))
        return State(subscriber.state).label.lower()


def outcome_of(settle: Settle | None, entry: OutboxEntry) -> Outcome:
    """How an entry ended that caused no error."""
    if settle is None or entry.desired == Desired.ERASED:
        return Outcome.DELIVERED
    return Outcome.REFUSED if settle.state == State.REFUSED else Outcome.SETTLED


def note_asked(subscriber: Subscriber, contact: Contact, *, asked: bool) -> None:
    """Remember when the person was asked to confirm, also when the worker that had them asked was killed."""
    if asked:
        subscriber.confirmation_asked_at = timezone.now()
    elif contact.status == PENDING and subscriber.confirmation_asked_at is None:
        subscriber.confirmation_asked_at = contact.changed_at or timezone.now()


def fail(entry: OutboxEntry, error: GatewayError, gateway: Gateway) -> str:
    """Write down a failure by its class. Returns what to count."""
    if isinstance(error, OperatorMustAct):
        queue.pause(error)
    hint = form_hint(gateway) if isinstance(error, VisitorMustAct) else ""
    with transaction.atomic():
        locked = lock(entry)
        if locked is None:
            return TAKEN_OVER
        current, subscriber = locked
        if current.desired != entry.desired:
            return renew(current, subscriber)  # what failed is not what the person wants by now
        if due_at := retry_at(current, error):
            current.due_at = due_at
            _wait(current, subscriber, waiting_reason(error))
            return "waiting"
        if current.desired == Desired.PROFILE:
            # Where they stand is as true as before; what could not be sent is said beside it.
            subscriber.settle(State(subscriber.state), Source.DELIVERY, f"New details were not sent: {error.reason}")
        else:
            mirror.settle(subscriber, refused_state(error), Source.DELIVERY, error.reason + hint)
        close(current, Outcome.FAILED if error.error_class == ErrorClass.BUG else Outcome.REFUSED)
        return State(subscriber.state).label.lower()


def interrupt(entry: OutboxEntry) -> None:
    """Put an entry back as it was: the worker is to stop."""
    with transaction.atomic():
        locked = lock(entry)
        if locked:
            current, _ = locked
            current.attempts = max(current.attempts - 1, 0)
            release(current)


def our_fault(caught: Exception, **where: Any) -> Bug:
    """Log an exception that is a fault of this site, and make it one that an editor can read."""
    # The message may hold personal data; the place in the code does not.
    place = traceback.extract_tb(caught.__traceback__)[-1]
    extra = {"error": type(caught).__name__, "where": f"{place.name}:{place.lineno}"} | where
    log.error("A delivery failed by a fault of ours", extra=extra)
    return Bug(f"This site could not deliver it ({type(caught).__name__}).")


def retry_at(entry: OutboxEntry, error: GatewayError) -> datetime | None:
    """When to try again after an error, which is noted in the entry; None when it is over. The caller saves."""
    entry.error_class, entry.error = error.error_class, error.reason
    now = timezone.now()
    if isinstance(error, OperatorMustAct):
        entry.attempts = max(entry.attempts - 1, 0)  # this try was not the entry's fault
        return entry.due_at
    if isinstance(error, Retryable):
        if error.rarely and not entry.is_paced:
            entry.attempts, entry.is_paced = 1, True
        if not (error.rarely and entry.attempts > PACED_TRIES):
            return now + wait_after(error, entry.attempts)
    if entry.desired in NEVER_GIVEN_UP:
        return now + wait_after(Retryable(""), entry.attempts)
    return None


def waiting_reason(error: GatewayError) -> str:
    """Why an entry waits, in words."""
    return f"{error.reason} {TRIED_AGAIN}" if isinstance(error, Retryable) else error.reason


def shows_waiting(entry: OutboxEntry, subscriber: Subscriber) -> bool:
    """Whether "waiting" says it best. A live subscriber stays one, and who left has left: it is still true."""
    return entry.desired == Desired.SUBSCRIBED and subscriber.state != State.SUBSCRIBED


def refused_state(error: GatewayError) -> State:
    """The final state after an error that no repetition mends."""
    return State.NEEDS_ATTENTION if error.error_class == ErrorClass.BUG else State.REFUSED


def lock(entry: OutboxEntry) -> tuple[OutboxEntry, Subscriber] | None:
    """Lock the rows in the order in which a sign-up does; None when the lease was lost."""
    subscriber = Subscriber.objects.select_for_update().filter(pk=entry.subscriber_id).first()
    mine = OutboxEntry.objects.open().filter(pk=entry.pk, lease_holder=entry.lease_holder)
    current = mine.select_for_update().first()
    return (current, subscriber) if current and subscriber else None


def close(entry: OutboxEntry, outcome: Outcome) -> None:
    """End an entry. Saves it."""
    entry.done_at, entry.outcome = timezone.now(), outcome
    if outcome in (Outcome.DELIVERED, Outcome.SETTLED):
        entry.error_class = entry.error = ""
    release(entry)


def release(entry: OutboxEntry) -> None:
    """Give the lease back. Saves the entry."""
    entry.lease_until, entry.lease_holder = None, ""
    entry.save()


def renew(entry: OutboxEntry, subscriber: Subscriber) -> str:
    """The person asked again while this was delivered: it goes on with the new wish. Saves both."""
    entry.due_at, entry.attempts = max(entry.due_at, timezone.now()), 0
    release(entry)
    subscriber.save()
    return "renewed"


def form_hint(gateway: Gateway) -> str:
    """What the person can do when only the person can; empty when Mailchimp's form is not known."""
    try:
        form_url = gateway.audience().form_url
    except GatewayError:
        return ""
    return f" They can join by themselves on Mailchimp's form: {form_url}" if form_url else ""


def _note(subscriber: Subscriber, verdict: Verdict, entry: OutboxEntry) -> None:
    """Write down what Mailchimp said. The caller saves."""
    if entry.desired == Desired.ERASED:
        subscriber.contact_hash = ""
        return
    if verdict.contact or verdict.settle:
        mirror.note_contact(subscriber, verdict.contact)
    if verdict.contact:
        note_asked(subscriber, verdict.contact, asked=verdict.asked)


def _settle(subscriber: Subscriber, settle: Settle, hint: str) -> None:
    """Settle in a state. Why somebody left, as they told this site, stays the reason."""
    keeps_reason = settle.reason == LEFT_HERE and subscriber.state == State.UNSUBSCRIBED and subscriber.reason
    reason = subscriber.reason if keeps_reason else settle.reason + hint
    mirror.settle(subscriber, settle.state, Source.DELIVERY, reason)


def _postpone(entry: OutboxEntry, subscriber: Subscriber, until: datetime, reason: str) -> str:
    """Leave the entry open until a moment, through nobody's fault."""
    entry.due_at, entry.attempts = until, max(entry.attempts - 1, 0)
    entry.error_class = entry.error = ""
    _wait(entry, subscriber, reason)
    return "postponed"


def _wait(entry: OutboxEntry, subscriber: Subscriber, reason: str) -> None:
    """Leave the entry open for a later try."""
    if shows_waiting(entry, subscriber):
        subscriber.settle(State.WAITING, Source.DELIVERY, reason)
    else:
        subscriber.save()
    release(entry)
