"""Taking wishes from the outbox to Mailchimp: claim, send, write down; one by one, or a backlog in bulk.

Every step can be repeated. A worker that dies leaves its entry to the next one when the lease runs out, and
the next one begins by reading the contact, so nothing happens twice.
"""

import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from core.worker import stopping
from newsletter import bulk, outcome, queue
from newsletter.errors import GatewayError, OperatorMustAct, Retryable
from newsletter.gateway import Gateway, gateway_from_settings
from newsletter.models import OutboxEntry
from newsletter.models.outbox import OutboxQuerySet
from newsletter.sending import Interrupted, LeaseLost, send

# Longer than a delivery may take, and short enough that what a killed worker had in hand goes on within a minute.
LEASE_SECONDS = 35
# A run gives way after this time, so that a worker can stop and other jobs get their turn.
RUN_SECONDS = 25.0
# So many failures in a row, each of another entry, mean that Mailchimp as a whole is out of order.
OUTAGE_FAILURES = 3
# After each call in bulk so many others get their turn, so that a backlog does not keep them waiting.
SINGLES_BETWEEN = 2
# Time for the next call in bulk to fill while many people sign up: many small calls would cost visitors the processor.
GATHER_SECONDS = 1.0

NOT_CONNECTED = "Mailchimp is not connected: MAILCHIMP_API_KEY is not set."
BUSY = "Other workers are using all the calls that this site may make at once."


@dataclass
class Report:
    """What a run did: counts of entries by what became of them, and why it stopped early."""

    counts: Counter[str] = field(default_factory=Counter)
    stopped: str = ""


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
    with queue.call_slot() as slot:
        if why := queue.held_as_copy():
            report.stopped = why
        elif slot is None:
            report.stopped = BUSY
        elif not queue.may_deliver(gateway):
            report.stopped = "Deliveries are paused."
        else:
            _Run(gateway, slot, report, time.monotonic() + run_seconds).drain()
    return report


class _Run:
    """One run, while it holds a call slot."""

    def __init__(self, gateway: Gateway, slot: queue.CallSlot, report: Report, end: float) -> None:
        self.gateway, self.slot, self.report, self.end = gateway, slot, report, end
        self.failures = 0
        self.batch_size = bulk.BATCH_SIZE
        # While it did not work when last tried, single entries are enough to find out when it does.
        self.in_order = self.may_batch = queue.is_in_order()

    def drain(self) -> None:
        """Deliver until nothing is due, the time is over, or it is clear that it does not work now."""
        while self._goes_on():
            if self.may_batch and (sent := self._deliver_batch()):
                for _ in range(SINGLES_BETWEEN):
                    if not (self._goes_on() and self._deliver_one(bulk.singles())):
                        break
                if sent < self.batch_size:
                    stopping.wait(GATHER_SECONDS)
            elif not (self._goes_on() and self._deliver_one(OutboxEntry.objects.due())):
                return

    def _goes_on(self) -> bool:
        in_time = time.monotonic() < self.end and not stopping.is_set()
        return in_time and not self.report.stopped and self.slot.lasts()

    def _deliver_batch(self) -> int:
        """Deliver many at once. Returns how many; none when there are too few for that."""
        batch = bulk.claim(self.batch_size, timedelta(seconds=LEASE_SECONDS))
        if batch:
            self._note(bulk.deliver(batch, self.gateway, self.report.counts))
        return len(batch)

    def _deliver_one(self, due: OutboxQuerySet) -> bool:
        """Deliver one of these. Returns False when there is none."""
        entry = claim(due)
        if entry is None:
            return False
        self._note(deliver(entry, self.gateway, self.report))
        return True

    def _note(self, error: GatewayError | None) -> None:
        """Learn from how a delivery ended."""
        if isinstance(error, OperatorMustAct):
            self.report.stopped = error.reason
            return
        if isinstance(error, Retryable) and error.is_outage:
            self.failures += 1
            self.batch_size = max(self.batch_size // 2, bulk.MINIMUM)  # what took too long may be too much
            if self.failures == OUTAGE_FAILURES or error.nothing_sent:
                queue.note_outage()
                self.in_order = self.may_batch = False
            if self.failures == OUTAGE_FAILURES:
                self.report.stopped = error.reason
            return
        self.failures = 0
        if not self.in_order:
            self.in_order = self.may_batch = True


def claim(due: OutboxQuerySet | None = None) -> OutboxEntry | None:
    """Take the entry that is due longest, for a minute. Of several workers that want it, one gets it.

    Args:
        due: to choose from; default: all that are due.
    """
    holder = secrets.token_hex(16)
    due = OutboxEntry.objects.due() if due is None else due
    for pk in due.values_list("pk", flat=True)[: queue.CALL_SLOTS + 1]:
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
        verdict = send(entry, gateway)
    except LeaseLost:
        report.counts[outcome.TAKEN_OVER] += 1
        return None
    except Interrupted:
        outcome.interrupt(entry)
        report.counts["put back"] += 1
        return None
    except GatewayError as caught:
        error = caught
    except DatabaseError:
        raise  # the lease runs out, and the entry is tried again
    except Exception as caught:
        error = outcome.our_fault(caught, entry=entry.pk)
    if error is None:
        queue.note_success()
        report.counts[outcome.finish(entry, verdict, gateway)] += 1
    else:
        report.counts[outcome.fail(entry, error, gateway)] += 1
    return error
