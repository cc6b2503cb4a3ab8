"""Asking Mailchimp whether those who were asked to confirm have done so."""

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.worker import stopping
from newsletter import mirror, queue
from newsletter.delivery import OUTAGE_FAILURES, RUN_SECONDS
from newsletter.errors import GatewayError, OperatorMustAct
from newsletter.gateway import Gateway, contact_hash, gateway_from_settings
from newsletter.models import Subscriber
from newsletter.states import Source, State

# At most so many contacts a run, so that deliveries come first.
LOOKS_A_RUN = 60
AFTER_FAILURE = timedelta(minutes=5)
NEVER_CONFIRMED = "Did not confirm, or was removed at Mailchimp: it does not have the contact any more."


def look_at_unconfirmed(run_seconds: float = RUN_SECONDS) -> int:
    """Re-read contacts that await confirmation and are due for a look. Returns how many were read.

    Args:
        run_seconds: no look is begun after so many seconds.
    """
    due = Subscriber.objects.filter(next_look_at__lte=timezone.now()).order_by("next_look_at")
    waiting = list(due[:LOOKS_A_RUN])
    if not waiting:
        return 0
    try:
        gateway = gateway_from_settings()
        with queue.call_slot() as slot:
            if gateway is None or slot is None or queue.is_paused():
                return 0
            return _look_at_each(waiting, gateway, slot, time.monotonic() + run_seconds)
    except OperatorMustAct as error:
        queue.pause(error)
        return 0


def _look_at_each(waiting: list[Subscriber], gateway: Gateway, slot: queue.CallSlot, end: float) -> int:
    """Look at one after another; one that fails goes to the end of the line.

    Raises:
        OperatorMustAct: no call can succeed.
    """
    looked = failures = 0
    for subscriber in waiting:
        if failures == OUTAGE_FAILURES or time.monotonic() > end or stopping.is_set():
            break
        if not slot.lasts():
            break
        try:
            look(subscriber, gateway)
            looked += 1
        except OperatorMustAct:
            raise
        except GatewayError:
            failures += 1
            Subscriber.objects.filter(pk=subscriber.pk).update(next_look_at=timezone.now() + AFTER_FAILURE)
    return looked


def look(subscriber: Subscriber, gateway: Gateway) -> None:
    """Read one contact and bring the subscriber up to date.

    Raises:
        GatewayError: Mailchimp could not be read; nothing was changed.
    """
    contact = gateway.get_contact(contact_hash(subscriber.email))
    if contact is None:
        # A missing audience answers like a missing contact. This raises when it is the audience.
        gateway.audience(fresh=True)
    with transaction.atomic():
        current = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        if current.state != State.AWAITING_CONFIRMATION:  # signed up again meanwhile: a delivery will tell
            current.next_look_at = None
            current.save(update_fields=["next_look_at"])
        elif contact is not None:
            mirror.settle_as_seen(current, contact, Source.RECONCILIATION)
        else:
            mirror.note_contact(current, None)
            mirror.settle(current, State.UNSUBSCRIBED, Source.RECONCILIATION, NEVER_CONFIRMED)
