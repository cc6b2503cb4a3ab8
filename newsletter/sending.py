"""Carrying out one wish at Mailchimp: read, decide, write. Writes nothing here; every step can be repeated."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from core.worker import stopping
from newsletter import payload, queue
from newsletter.decisions import (
    LEFT_HERE,
    PENDING,
    SUBSCRIBED,
    Details,
    Erase,
    Postpone,
    Put,
    Settle,
    Standing,
    Unsubscribe,
    decide,
)
from newsletter.errors import VisitorMustAct
from newsletter.gateway import Contact, Gateway, contact_hash
from newsletter.models import Desired, OutboxEntry, Subscriber
from newsletter.states import State

# The calls of one delivery together; a worker that is told to stop waits for the one that is being made.
DELIVERY_SECONDS = 16.0
# One email a day that asks an address to confirm, so that nobody can be bombed with them.
CONFIRMATION_PAUSE = timedelta(days=1)
ERASURE_PAUSE = timedelta(minutes=1)

ASKED_LATELY = "The person was asked to confirm less than a day ago. The next time is a day after that."
STILL_ERASING = "Mailchimp is still being asked to finish an earlier request about this address."
ERASED = "Erased here and, for good, at Mailchimp."


class LeaseLost(Exception):
    """Another worker has the entry by now; what it finds is the truth."""


class Interrupted(Exception):
    """The worker has been told to stop; the entry goes back as it was."""


@dataclass(frozen=True)
class Verdict:
    """How a delivery ended: the contact as Mailchimp has it, the state to settle in, or a wait.

    Attributes:
        asked: whether this delivery had Mailchimp ask the person to confirm.
        wait_until: when to try again; then `reason` says why, in words.
    """

    contact: Contact | None
    settle: Settle | None = None
    asked: bool = False
    wait_until: datetime | None = None
    reason: str = ""


def send(entry: OutboxEntry, gateway: Gateway) -> Verdict:
    """Carry out the wish of an entry that this worker has in hand.

    Raises:
        GatewayError: a call failed.
        LeaseLost: another worker has the entry.
        Interrupted: the worker is to stop.
    """
    with gateway.within(DELIVERY_SECONDS):
        if entry.desired == Desired.ERASED:
            return _erase(entry.subscriber, gateway)
        if is_being_erased(entry.subscriber.email):
            return Verdict(None, wait_until=timezone.now() + ERASURE_PAUSE, reason=STILL_ERASING)
        return _Sending(entry, gateway).run()


def is_being_erased(email: str) -> bool:
    """Whether an earlier contact of this address has still to be deleted at Mailchimp."""
    erasures = OutboxEntry.objects.open().filter(desired=Desired.ERASED)
    return erasures.filter(subscriber__contact_hash=contact_hash(email)).exists()


def _erase(subscriber: Subscriber, gateway: Gateway) -> Verdict:
    if subscriber.contact_hash:  # empty: a worker was killed after the erasure
        gateway.erase(subscriber.contact_hash)
    return Verdict(None, Settle(State.ERASED, ERASED))


def standing_of(contact: Contact | None, requested_at: datetime) -> Standing:
    """How a contact stands, for a person who asked at that moment."""
    if contact is None:
        return Standing.NONE
    if contact.status == Standing.SUBSCRIBED:
        # The time of the sign-up goes with it, in whole seconds: by that we know our own doing again.
        is_ours = contact.signed_up_at == requested_at.replace(microsecond=0)
        return Standing.ADDED if is_ours else Standing.SUBSCRIBED
    if contact.status == Standing.UNSUBSCRIBED and contact.complained:
        return Standing.COMPLAINED
    known = {standing.value for standing in Standing} - {Standing.NONE, Standing.ADDED, Standing.COMPLAINED}
    return Standing(contact.status) if contact.status in known else Standing.UNKNOWN


def asked_lately(subscriber: Subscriber) -> bool:
    """Whether the person was asked to confirm less than a day ago."""
    asked_at = subscriber.confirmation_asked_at
    return asked_at is not None and timezone.now() - asked_at < CONFIRMATION_PAUSE


class _Sending:
    """The calls about one contact."""

    def __init__(self, entry: OutboxEntry, gateway: Gateway) -> None:
        self.entry, self.gateway = entry, gateway
        self.subscriber = entry.subscriber
        self.desired = Desired(entry.desired)
        self.hash = contact_hash(self.subscriber.email)
        self.asked_lately = asked_lately(self.subscriber)

    def run(self) -> Verdict:
        signs_up = self.desired == Desired.SUBSCRIBED
        double_opt_in = signs_up and queue.confirmation_wanted(self.gateway)
        contact = self.gateway.get_contact(self.hash)
        if contact is None and not signs_up:
            self.gateway.audience(fresh=True)  # a missing audience answers like a missing contact
        if self.entry.leaves_first and contact and contact.status in (SUBSCRIBED, PENDING):
            self._go_on()
            contact = self.gateway.unsubscribe(self.hash)
        changed_at = contact.changed_at if contact and not self.entry.leaves_first else None
        decision = decide(
            standing_of(contact, self.entry.requested_at),
            self.desired,
            double_opt_in=double_opt_in,
            left_since=changed_at is not None and changed_at > self.entry.requested_at,
            asked_lately=self.asked_lately,
        )
        match decision:
            case Settle():
                return Verdict(contact, decision)
            case Postpone():
                return self._postponed(contact)
            case Unsubscribe():
                return self._unsubscribe()
            case Put():
                return self._put(contact, decision)
            case Erase():
                return _erase(self.subscriber, self.gateway)

    def _unsubscribe(self) -> Verdict:
        self._go_on()
        return Verdict(self.gateway.unsubscribe(self.hash), Settle(State.UNSUBSCRIBED, LEFT_HERE))

    def _put(self, contact: Contact | None, decision: Put) -> Verdict:
        merge_tags = self.gateway.merge_tags()
        body = payload.contact_body(self.subscriber, contact, decision, self.entry.requested_at, merge_tags)
        if contact and decision.details == Details.FILL and "merge_fields" not in body:
            return Verdict(contact)  # a live subscriber, and nothing to add
        self._go_on()
        written = self._write(body)
        if written is None:
            return self._postponed(contact)
        if tags := payload.missing_tags(self.subscriber, written, decision.details):
            self._go_on()
            self.gateway.set_tags(self.hash, tags)
        was_pending = contact is not None and contact.status == PENDING
        return Verdict(written, asked=written.status == PENDING and not was_pending)

    def _write(self, body: dict) -> Contact | None:
        """Send the contact; where Mailchimp may not simply subscribe someone, have them confirm (None: not yet)."""
        try:
            return self.gateway.upsert(self.subscriber.email, body)
        except VisitorMustAct as error:
            if not (error.compliance and body.get("status") == SUBSCRIBED):
                raise
        if self.asked_lately:
            return None
        self._go_on()
        return self.gateway.upsert(self.subscriber.email, body | {"status": PENDING})

    def _postponed(self, contact: Contact | None) -> Verdict:
        asked_at = self.subscriber.confirmation_asked_at or timezone.now()
        return Verdict(contact, wait_until=asked_at + CONFIRMATION_PAUSE, reason=ASKED_LATELY)

    def _go_on(self) -> None:
        """Before a call that changes something: is the entry still ours, and is there time?"""
        if stopping.is_set():
            raise Interrupted
        if not OutboxEntry.objects.open().filter(pk=self.entry.pk, lease_holder=self.entry.lease_holder).exists():
            raise LeaseLost
