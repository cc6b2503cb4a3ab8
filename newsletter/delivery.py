"""Taking sign-ups from the outbox to Mailchimp: claim, read, decide, write, keep the truth.

Every step can be repeated. A worker that dies leaves its entry to the next one when the lease runs out, and
the next one begins by reading the contact, so nothing happens twice.
"""

import logging
import secrets
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from core.worker import stopping
from newsletter import mirror, queue
from newsletter.backoff import PACED_TRIES, wait_after
from newsletter.decisions import PENDING, SUBSCRIBED, Put, Settle, decide
from newsletter.errors import Bug, ErrorClass, GatewayError, OperatorMustAct, Retryable, VisitorMustAct
from newsletter.gateway import Contact, Gateway, contact_hash, gateway_from_settings
from newsletter.models import OutboxEntry, Outcome, Subscriber
from newsletter.states import Source, State

log = logging.getLogger(__name__)

LEASE_SECONDS = 60
# A run gives way after this time, so that a worker can stop and other jobs get their turn.
RUN_SECONDS = 25.0
# So many failures in a row, each of another entry, mean that Mailchimp as a whole is out of order.
OUTAGE_FAILURES = 3

NOT_CONNECTED = "Mailchimp is not connected: MAILCHIMP_API_KEY is not set."
BUSY = "Other workers are using all the calls that this site may make at once."
TRIED_AGAIN = "It is tried again without anyone's help."


class LeaseLost(Exception):
    """Another worker has the entry by now; what it finds is the truth."""


@dataclass
class Report:
    """What a run did: counts of entries by what became of them, and why it stopped early."""

    counts: Counter[str] = field(default_factory=Counter)
    stopped: str = ""


@dataclass(frozen=True)
class Verdict:
    """How a delivery ended: the contact as Mailchimp has it, or the state to settle in."""

    contact: Contact | None
    settle: Settle | None = None


def deliver_due(run_seconds: float = RUN_SECONDS) -> Report:
    """Deliver what is due, one after another, until nothing is left or the time is over.

    Args:
        run_seconds: no entry is begun after so many seconds.
    """
    report = Report()
    if not OutboxEntry.objects.due().exists() and not queue.probe_is_due():
        return report
    try:
        gateway = gateway_from_settings()
    except OperatorMustAct as error:
        queue.pause(error)
        report.stopped = error.reason
        return report
    if gateway is None:
        report.stopped = NOT_CONNECTED
        return report
    _drain(gateway, report, time.monotonic() + run_seconds)
    return report


def _drain(gateway: Gateway, report: Report, end: float) -> None:
    """Deliver one entry after another while holding a call slot."""
    failures = 0
    with queue.call_slot() as slot:
        if slot is None:
            report.stopped = BUSY
            return
        if not queue.may_deliver(gateway):
            report.stopped = "Deliveries are paused."
            return
        while time.monotonic() < end and not stopping.is_set() and slot.lasts():
            entry = claim()
            if entry is None:
                return
            error = deliver(entry, gateway, report)
            if isinstance(error, OperatorMustAct):
                report.stopped = error.reason
                return
            failures = failures + 1 if isinstance(error, Retryable) and error.is_outage else 0
            if failures and (failures == OUTAGE_FAILURES or getattr(error, "nothing_sent", False)):
                queue.note_outage()
            if failures == OUTAGE_FAILURES:
                report.stopped = error.reason if error else ""
                return


def claim() -> OutboxEntry | None:
    """Take the entry that is due longest, for a minute. Of several workers that want it, one gets it."""
    holder = secrets.token_hex(16)
    for pk in OutboxEntry.objects.due().values_list("pk", flat=True)[: queue.CALL_SLOTS + 1]:
        until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
        mine = OutboxEntry.objects.due().order_by().filter(pk=pk)
        if mine.update(lease_until=until, lease_holder=holder, attempts=F("attempts") + 1):
            return OutboxEntry.objects.select_related("subscriber").get(pk=pk)
    return None


def deliver(entry: OutboxEntry, gateway: Gateway, report: Report) -> GatewayError | None:
    """Deliver a claimed entry and write down how it ended.

    Returns:
        The error, if there was one; it is dealt with already.
    """
    error: GatewayError | None = None
    try:
        verdict = _send(entry, gateway)
    except LeaseLost:
        report.counts["taken over"] += 1
        return None
    except GatewayError as caught:
        error = caught
    except DatabaseError:
        raise  # the lease runs out, and the entry is tried again
    except Exception as caught:
        # The message may hold personal data; the place in the code does not.
        where = traceback.extract_tb(caught.__traceback__)[-1]
        log.error(
            "A delivery failed by a fault of ours",
            extra={"error": type(caught).__name__, "where": f"{where.name}:{where.lineno}", "entry": entry.pk},
        )
        error = Bug(f"This site could not deliver it ({type(caught).__name__}).")
    if error is None:
        queue.note_success()
        report.counts[_finish(entry, verdict)] += 1
    else:
        report.counts[_fail(entry, error, gateway)] += 1
    return error


def _send(entry: OutboxEntry, gateway: Gateway) -> Verdict:
    """Read the contact, decide, and write it when that is what to do.

    Raises:
        GatewayError: a call failed.
        LeaseLost: another worker has the entry.
    """
    subscriber = entry.subscriber
    double_opt_in = queue.confirmation_wanted(gateway)
    contact = gateway.get_contact(contact_hash(subscriber.email))
    decision = decide(
        contact.status if contact else None,
        double_opt_in=double_opt_in,
        changed_at=contact.changed_at if contact else None,
        signed_up_at=entry.requested_at,
    )
    if isinstance(decision, Settle):
        return Verdict(contact, decision)
    body = _body(subscriber, contact, decision, entry)
    if contact and decision.keep_names and "merge_fields" not in body:
        return Verdict(contact)  # a live subscriber, and nothing to add
    still_mine = OutboxEntry.objects.open().filter(pk=entry.pk, lease_holder=entry.lease_holder)
    if not still_mine.exists():
        raise LeaseLost
    return Verdict(_write(gateway, subscriber.email, body))


def _write(gateway: Gateway, email: str, body: dict[str, Any]) -> Contact:
    """Send the contact; where Mailchimp may not simply subscribe someone, have them confirm."""
    try:
        return gateway.upsert(email, body)
    except VisitorMustAct as error:
        if not (error.compliance and body.get("status") == SUBSCRIBED):
            raise
        return gateway.upsert(email, body | {"status": PENDING})


def _body(subscriber: Subscriber, contact: Contact | None, decision: Put, entry: OutboxEntry) -> dict[str, Any]:
    """The fields of the call. Only what the person gave: an empty name never overwrites one."""
    body: dict[str, Any] = {}
    if decision.status:
        body["status"] = decision.status
    if decision.status_if_new:
        body["status_if_new"] = decision.status_if_new
    if contact is None or decision.status:
        body["language"] = "en"
        body["timestamp_signup"] = entry.requested_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    known = contact.merge_fields if contact and decision.keep_names else {}
    names = {"FNAME": subscriber.first_name, "LNAME": subscriber.last_name}
    if fields := {tag: name for tag, name in names.items() if name and not known.get(tag)}:
        body["merge_fields"] = fields
    return body


def _finish(entry: OutboxEntry, verdict: Verdict) -> str:
    """Close the entry and settle the subscriber; an entry renewed meanwhile goes on. Returns what to count."""
    with transaction.atomic():
        locked = _lock(entry)
        if locked is None:
            return "taken over"
        current, subscriber = locked
        mirror.note_contact(subscriber, verdict.contact)
        if current.sequence != entry.sequence:
            current.due_at, current.attempts = timezone.now(), 0
            _release(current)
            subscriber.save()
            return "renewed"
        if verdict.settle:
            mirror.settle(subscriber, verdict.settle.state, Source.DELIVERY, verdict.settle.reason)
        elif verdict.contact:
            mirror.settle_as_seen(subscriber, verdict.contact, Source.DELIVERY)
        _close(current, Outcome.SETTLED if verdict.settle else Outcome.DELIVERED)
        return State(subscriber.state).label.lower()


def _fail(entry: OutboxEntry, error: GatewayError, gateway: Gateway) -> str:
    """Write down a failure by its class. Returns what to count."""
    if isinstance(error, OperatorMustAct):
        queue.pause(error)
    reason = _with_hint(error, gateway)
    with transaction.atomic():
        locked = _lock(entry)
        if locked is None:
            return "taken over"
        current, subscriber = locked
        current.error_class, current.error = error.error_class, error.reason
        if isinstance(error, OperatorMustAct):
            current.attempts = max(current.attempts - 1, 0)  # this try was not the entry's fault
            return _wait(current, subscriber, error.reason)
        if isinstance(error, Retryable):
            if error.rarely and not current.is_paced:
                current.attempts, current.is_paced = 1, True
            if not (error.rarely and current.attempts > PACED_TRIES):
                current.due_at = timezone.now() + wait_after(error, current.attempts)
                return _wait(current, subscriber, f"{error.reason} {TRIED_AGAIN}")
        is_bug = error.error_class == ErrorClass.BUG
        state, outcome = (State.NEEDS_ATTENTION, Outcome.FAILED) if is_bug else (State.REFUSED, Outcome.REFUSED)
        mirror.settle(subscriber, state, Source.DELIVERY, reason)
        _close(current, outcome)
        return state.label.lower()


def _wait(entry: OutboxEntry, subscriber: Subscriber, reason: str) -> str:
    """Leave the entry open for a later try. A live subscriber stays one: it is still true."""
    if subscriber.state != State.SUBSCRIBED:
        subscriber.settle(State.WAITING, Source.DELIVERY, reason)
    _release(entry)
    return "waiting"


def _lock(entry: OutboxEntry) -> tuple[OutboxEntry, Subscriber] | None:
    """Lock the rows in the order in which a sign-up does; None when the lease was lost."""
    subscriber = Subscriber.objects.select_for_update().get(pk=entry.subscriber_id)
    mine = OutboxEntry.objects.open().filter(pk=entry.pk, lease_holder=entry.lease_holder)
    current = mine.select_for_update().first()
    return (current, subscriber) if current else None


def _close(entry: OutboxEntry, outcome: Outcome) -> None:
    entry.done_at, entry.outcome = timezone.now(), outcome
    if outcome in (Outcome.DELIVERED, Outcome.SETTLED):
        entry.error_class = entry.error = ""
    _release(entry)


def _release(entry: OutboxEntry) -> None:
    entry.lease_until, entry.lease_holder = None, ""
    entry.save()


def _with_hint(error: GatewayError, gateway: Gateway) -> str:
    """Tell whoever looks after the list what the person can do, when only the person can."""
    if not isinstance(error, VisitorMustAct):
        return error.reason
    try:
        form_url = gateway.audience().form_url
    except GatewayError:
        form_url = ""
    return f"{error.reason} They can join by themselves on Mailchimp's form: {form_url}" if form_url else error.reason
