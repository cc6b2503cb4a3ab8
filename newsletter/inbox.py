"""Acting on the messages that `newsletter.webhook` stored: the contact is re-read, and what Mailchimp says is mirrored.

Messages only say whom to look at. So it does not matter in what order they come, whether they come twice, or whether
somebody else wrote them: the state here ends as Mailchimp's.
"""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from core import leases
from core.worker import stopping
from newsletter import queue, takeover
from newsletter.addresses import normalise
from newsletter.backoff import wait_after
from newsletter.delivery import OUTAGE_FAILURES, RUN_SECONDS
from newsletter.errors import GatewayError, OperatorMustAct, Retryable
from newsletter.gateway import Gateway, gateway_from_settings
from newsletter.hashes import erased_keys
from newsletter.models import Subscriber, WebhookEvent
from newsletter.remote import Member, read_member, read_page
from newsletter.states import Source
from newsletter.webhook import addresses_in

log = logging.getLogger(__name__)

# So many messages are looked at together; several about one person cost one call.
BATCH = 1000
# With more people than this, lists of what changed lately cost fewer calls than reading one after another.
MANY_PEOPLE = 20
MOST_PAGES = 10
# How long before its arrival here a change may have been made: Mailchimp repeats a message for 75 minutes.
LATE = timedelta(minutes=90)
# How soon to come back when a worker is delivering the person's sign-up at this moment.
IN_HAND_SECONDS = 5
# A failure that repeating does not mend is given up after so many tries; the hourly comparison is there too.
MOST_TRIES = 5

LOOKED = "Looked at the contact: {}."
CHANGED, SAME, IMPORTED = "changed here", "nothing to change", "new here"
ERASED, UNKNOWN, RENAMED = "erased here, so not taken back", "known neither here nor there", "address changed here"


class InHand(Exception):
    """A worker is delivering an entry of this person: come back in some seconds."""


@dataclass
class Person:
    """The messages about one person.

    Attributes:
        email: the address; of a changed one the new one.
        old_emails: addresses that the person had before.
    """

    email: str
    old_emails: set[str] = field(default_factory=set)
    events: list[WebhookEvent] = field(default_factory=list)


def act_on_messages(run_seconds: float = RUN_SECONDS) -> Counter[str]:
    """Act on the messages that are due, until none is left or the time is over. Returns what became of people.

    Args:
        run_seconds: nothing is begun after so many seconds.
    """
    counts: Counter[str] = Counter()
    if not _due().exists():
        return counts
    try:
        gateway = gateway_from_settings()
        if gateway is None:
            return counts
        with leases.hold("newsletter/inbox", queue.SLOT_SECONDS) as turn, queue.call_slot() as slot:
            if turn is not None and slot is not None and not queue.is_paused():
                _Run(gateway, slot, queue.CallSlot(turn), time.monotonic() + run_seconds, counts).drain()
    except OperatorMustAct as error:
        queue.pause(error)
    return counts


def _due() -> QuerySet[WebhookEvent]:
    return WebhookEvent.objects.filter(done_at__isnull=True, due_at__lte=timezone.now()).order_by("due_at", "pk")


class _Run:
    """One run, while it holds a call slot and the right to act on messages, which one worker has at a time."""

    def __init__(
        self, gateway: Gateway, slot: queue.CallSlot, turn: queue.CallSlot, end: float, counts: Counter[str]
    ) -> None:
        self.gateway, self.slot, self.turn, self.end, self.counts = gateway, slot, turn, end, counts
        self.failures = 0

    def drain(self) -> None:
        """Act on what is due.

        Raises:
            OperatorMustAct: no call can succeed.
        """
        while self._goes_on() and (events := list(_due()[:BATCH])):
            people = by_person(events)
            if len(people) > MANY_PEOPLE:
                people = self._take_over_lists(people)
            for person in people:
                if not self._goes_on():
                    return
                self._look_at(person)

    def _goes_on(self) -> bool:
        in_time = time.monotonic() < self.end and not stopping.is_set() and self.failures < OUTAGE_FAILURES
        return in_time and self.slot.lasts() and self.turn.lasts()

    def _take_over_lists(self, people: list[Person]) -> list[Person]:
        """Read what changed lately, the newest first, until everybody was seen. Returns who has still to be read."""
        left = {normalise(person.email): person for person in people if not person.old_emails}
        others = [person for person in people if person.old_emails]
        since = min(event.received_at for person in people for event in person.events) - LATE
        offset = 0
        try:
            for _ in range(MOST_PAGES):
                if not (left and self._goes_on()):
                    break
                read_at = timezone.now()
                page = read_page(self.gateway, since=since, offset=offset, newest_first=True)
                self._take_over_page(page.members, left, read_at)
                offset += page.count
                if page.is_last:
                    break
        except OperatorMustAct:
            raise
        except GatewayError:
            self.failures += 1
        return [*left.values(), *others]

    def _take_over_page(self, members: list[Member], left: dict[str, Person], read_at: datetime) -> None:
        """Take over those of a page whom messages are about, and take them off the list of who is left."""
        found = [member for member in members if normalise(member.email) in left]
        tally = takeover.take_over(found, Source.WEBHOOK, read_at)
        queue.note_success()
        seen = {normalise(member.email) for member in found} - tally.in_hand
        self.counts[CHANGED] += tally.changed
        self.counts[IMPORTED] += tally.imported
        self.counts[ERASED] += tally.erased
        self.counts[SAME] += len(seen) - tally.changed - tally.imported - tally.erased
        done = [event for key in seen for event in left.pop(key).events]
        _close(done, "Looked at the contact, with others.")

    def _look_at(self, person: Person) -> None:
        """Act on the messages about one person, and write down how that ended."""
        try:
            what = look_at(person, self.gateway)
        except InHand:
            _put_off(person.events, timedelta(seconds=IN_HAND_SECONDS))
            return
        except OperatorMustAct:
            raise
        except GatewayError as error:
            self.failures += isinstance(error, Retryable)
            _note_failure(person.events, error)
            return
        self.failures = 0
        queue.note_success()
        self.counts[what] += 1
        if what == ERASED:  # nothing about the person is kept
            WebhookEvent.objects.filter(pk__in=[event.pk for event in person.events]).delete()
        else:
            _close(person.events, LOOKED.format(what))


def look_at(person: Person, gateway: Gateway) -> str:
    """Read a person's contact and bring the rows here up to it. Returns what that came to.

    Raises:
        GatewayError: Mailchimp could not be read; nothing was changed.
        InHand: a worker is delivering an entry of this person.
    """
    read_at = timezone.now()
    member = _read(person.email, gateway)
    former = {old: _read(old, gateway) for old in sorted(person.old_emails)}
    results = []
    for old, contact in former.items():
        if _is_in_hand(old):
            raise InHand
        if contact is None and member is not None and takeover.rename(old, member, Source.WEBHOOK):
            results.append(RENAMED)
        else:
            results.append(_mirror(old, contact, read_at))
    results.append(_mirror(person.email, member, read_at))
    return next((what for what in (RENAMED, CHANGED, IMPORTED, ERASED) if what in results), results[-1])


def _read(email: str, gateway: Gateway) -> Member | None:
    member = read_member(gateway, email)
    if member is None:
        gateway.audience(fresh=True)  # a missing audience answers like a missing contact; then this raises
    return member


def _mirror(email: str, member: Member | None, read_at: datetime) -> str:
    """Bring the row of one address up to its contact. Returns what that came to."""
    if member is not None:
        tally = takeover.take_over([member], Source.WEBHOOK, read_at)
        if tally.in_hand:
            raise InHand
        changes = ((CHANGED, tally.changed), (IMPORTED, tally.imported), (ERASED, tally.erased))
        return next((what for what, number in changes if number), SAME)
    row = Subscriber.objects.filter(email_key=normalise(email)).first()
    if row is None:
        is_erased = Subscriber.objects.filter(email_key__in=erased_keys(email)).exists()
        return ERASED if is_erased else UNKNOWN
    if _is_in_hand(email):
        raise InHand
    return CHANGED if takeover.settle_missing([row], Source.WEBHOOK, read_at) else SAME


def _is_in_hand(email: str) -> bool:
    row = Subscriber.objects.filter(email_key=normalise(email)).first()
    return row is not None and takeover.is_in_hand(row.outbox.open().first())  # ty: ignore[missing-attribute]


def by_person(events: Iterable[WebhookEvent]) -> list[Person]:
    """Put together the messages about one person, in the order of their first."""
    people: dict[str, Person] = {}
    for event in events:
        *old, email = addresses_in(json.loads(event.body))
        person = people.setdefault(normalise(email), Person(email))
        person.old_emails.update(old)
        person.events.append(event)
    return list(people.values())


def _close(events: Sequence[WebhookEvent], outcome: str) -> None:
    """End messages. Others that came meanwhile stay: they may be about something newer."""
    keys = [event.pk for event in events]
    WebhookEvent.objects.filter(pk__in=keys).update(done_at=timezone.now(), outcome=outcome, attempts=F("attempts") + 1)


def _put_off(events: Sequence[WebhookEvent], wait: timedelta) -> None:
    keys = [event.pk for event in events]
    WebhookEvent.objects.filter(pk__in=keys).update(due_at=timezone.now() + wait)


def _note_failure(events: Sequence[WebhookEvent], error: GatewayError) -> None:
    """Plan the next try, or give up what no repetition mends."""
    keys = [event.pk for event in events]
    tries = max(event.attempts for event in events) + 1
    WebhookEvent.objects.filter(pk__in=keys).update(attempts=tries, outcome=error.reason[:200])
    if not isinstance(error, Retryable) and tries >= MOST_TRIES:
        log.error("A message from Mailchimp was given up", extra={"reason": error.reason})
        WebhookEvent.objects.filter(pk__in=keys).update(done_at=timezone.now())
        return
    _put_off(events, wait_after(error if isinstance(error, Retryable) else Retryable(""), tries))
