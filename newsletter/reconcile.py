"""Comparing the mailing list here with the one at Mailchimp, in both directions.

Messages get lost: the site was away for longer than Mailchimp repeats them, or somebody deleted contacts for good,
which sends none. So what changed is read every hour, and everything when asked for and at the first connection.

Contacts come in the order of their last change, a thousand at a time, and each page starts where the one before ended:
not by counting, since a contact that changes meanwhile moves to the end and would let others slip through.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core import leases
from core.worker import stopping
from newsletter import queue, takeover
from newsletter.addresses import normalise
from newsletter.decisions import ARCHIVED
from newsletter.errors import GatewayError, OperatorMustAct
from newsletter.gateway import Gateway, gateway_from_settings
from newsletter.models import OutboxEntry, QueueState, Reconciliation, Subscriber
from newsletter.remote import Page, read_member, read_page
from newsletter.states import Source, State

EVERY = timedelta(hours=1)
# Clocks differ, Mailchimp counts whole seconds, and a change may show late: look so much further back.
OVERLAP = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
# One that broke off is gone on with for so long; afterwards it begins anew.
RESUMABLE = timedelta(hours=12)
# Of so few who were not seen each is read once more; of more, what was seen is believed.
FEW = 200
# Rows read or changed at once.
CHUNK = 100

# States that say that Mailchimp has the contact.
THERE = (State.SUBSCRIBED, State.AWAITING_CONFIRMATION, State.BOUNCED, State.UNSUBSCRIBED)

Progress = Callable[[Reconciliation], None]


class Broken(Exception):
    """It has to stop before the end; what is done is kept."""


def keep_up() -> None:
    """What the worker's clock runs: compare when an hour is over, go on with what broke off, begin the first one."""
    latest = Reconciliation.objects.first()
    is_over = latest is not None and latest.finished_at is not None
    is_recent = latest is not None and timezone.now() - latest.started_at < EVERY
    if QueueState.load().reconciled_until is None or not (is_over and is_recent):
        reconcile()


def reconcile(full: bool = False, progress: Progress = lambda run: None) -> Reconciliation | None:
    """Compare what changed since the last time, or everything, and write down what that changed here.

    One runs at a time. One that broke off is gone on with.

    Args:
        full: compare the whole audience; so does the first one in any case.
        progress: called after each page.

    Returns:
        How it went, `error` set when it could not end; None when Mailchimp is not connected, calls are
        paused, or another one runs.
    """
    try:
        gateway = gateway_from_settings()
    except OperatorMustAct as error:
        queue.pause(error)
        return None
    if gateway is None:
        return None
    with leases.hold("newsletter/reconcile", queue.SLOT_SECONDS) as turn, queue.call_slot() as slot:
        if turn is None or slot is None or queue.is_paused():
            return None
        run = _begin(full or QueueState.load().reconciled_until is None)
        error = ""
        try:
            _Comparison(run, gateway, (slot, queue.CallSlot(turn)), progress).compare()
            run.finished_at = timezone.now()
        except OperatorMustAct as caught:
            queue.pause(caught)
            error = caught.reason
        except (GatewayError, Broken) as caught:
            error = str(caught)
        run.error = error[:300]
        run.save()
    return run


def ask_for_full() -> None:
    """Have the worker compare the whole audience at its next turn."""
    QueueState.objects.get_or_create(pk=QueueState.PK)
    QueueState.objects.update(reconciled_until=None)
    Reconciliation.objects.filter(finished_at__isnull=True).update(
        finished_at=timezone.now(), error="A new one was asked for."
    )


def _begin(full: bool) -> Reconciliation:
    """The comparison to go on with, or a new one."""
    recent = timezone.now() - RESUMABLE
    latest = Reconciliation.objects.filter(started_at__gt=recent).first()
    extent = Reconciliation.Extent.FULL if full else Reconciliation.Extent.CHANGES
    if latest is not None and latest.finished_at is None and latest.extent in (extent, Reconciliation.Extent.FULL):
        return latest
    until = QueueState.load().reconciled_until
    since = until - OVERLAP if until and not full else None
    return Reconciliation.objects.create(extent=extent, since=since, cursor=since)


class _Comparison:
    """One comparison, or the rest of one."""

    def __init__(
        self, run: Reconciliation, gateway: Gateway, rights: tuple[queue.CallSlot, ...], progress: Progress
    ) -> None:
        self.run, self.gateway, self.rights, self.progress = run, gateway, rights, progress
        # Changes until then are taken over at the end; earlier when somebody's sign-up was just being delivered.
        self.until = run.started_at
        self.done: set[str] = set()

    def compare(self) -> None:
        """Do all of it.

        Raises:
            GatewayError: a call failed.
            Broken: the worker is to stop, or lost its turn.
        """
        if not self.run.at_archived:
            self._take_over_all("")
            self.run.cursor, self.run.offset, self.run.at_archived = self.run.since, 0, True
        self._take_over_all(ARCHIVED)
        is_full = self.run.extent == Reconciliation.Extent.FULL
        if is_full:
            self._settle_missing()
        self._send_again()
        QueueState.objects.get_or_create(pk=QueueState.PK)
        # A restored copy knows by now who has left, and may deliver.
        QueueState.objects.update(reconciled_until=self.until, **({"copied_at": None} if is_full else {}))

    def _check(self) -> None:
        if stopping.is_set() or not all(right.lasts() for right in self.rights):
            raise Broken("The worker was told to stop, or lost its turn. It goes on from there.")

    def _take_over_all(self, status: str) -> None:
        """Take over page after page."""
        page = None
        while page is None or not page.is_last:
            self._check()
            read_at = timezone.now()
            page = read_page(self.gateway, since=self.run.cursor, offset=self.run.offset, status=status)
            queue.note_success()
            self._take_over(page, read_at)
            self._move_on(page)
            self.run.error = ""
            self.run.save()
            self.progress(self.run)

    def _take_over(self, page: Page, read_at: datetime) -> None:
        """Take over a page, without those that the page before had already."""
        new = [member for member in page.members if normalise(member.email) not in self.done]
        tally = takeover.take_over(new, Source.RECONCILIATION, read_at)
        self.done = {normalise(member.email) for member in page.members}
        self.run.seen += len(new)
        self.run.imported += tally.imported
        self.run.changed += tally.changed
        for member in new:
            if normalise(member.email) in tally.in_hand and member.contact.changed_at:
                self.until = min(self.until, member.contact.changed_at)

    def _move_on(self, page: Page) -> None:
        """Let the next page begin a second before the last change of this one, or count where that is no progress."""
        last = page.last_changed_at
        if last is not None and (self.run.cursor is None or last - SECOND > self.run.cursor):
            self.run.cursor, self.run.offset = last - SECOND, 0
        else:
            self.run.offset += page.count

    # What is here and not there

    def _settle_missing(self) -> None:
        """Note who was not seen any more. They are never subscribed again."""
        rows = Subscriber.objects.filter(state__in=THERE, mailchimp_seen_at__lt=self.run.started_at)
        missing = rows.exclude(mailchimp_status="")
        few = missing.count() <= FEW
        for chunk in _chunks(missing):
            self._check()
            gone = [row for row in chunk if not few or self._is_gone(row)]
            self.run.missing += takeover.settle_missing(gone, Source.RECONCILIATION, self.run.started_at)
            self.run.save()

    def _is_gone(self, row: Subscriber) -> bool:
        """Read a contact that was not seen; what is there after all is taken over."""
        self._check()
        read_at = timezone.now()
        member = read_member(self.gateway, row.email)
        if member is not None:
            self.run.changed += takeover.take_over([member], Source.RECONCILIATION, read_at).changed
        return member is None

    def _send_again(self) -> None:
        """Give those who wait without an open entry one, with the time of their own sign-up."""
        entry = OutboxEntry.objects.open().filter(subscriber=OuterRef("pk"))
        now = timezone.now()
        for chunk in _chunks(Subscriber.objects.filter(~Exists(entry), state=State.WAITING)):
            entries = [OutboxEntry(subscriber=row, requested_at=row.signed_up_at, due_at=now) for row in chunk]
            # Somebody may sign up again this very moment: their own entry is the one that counts.
            self.run.sent_again += len(OutboxEntry.objects.bulk_create(entries, ignore_conflicts=True))


def _chunks(rows: QuerySet[Subscriber]) -> Iterator[list[Subscriber]]:
    """Rows in the order of their keys, some at a time; those that were dealt with may change meanwhile."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield chunk
