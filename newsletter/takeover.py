"""Taking over what Mailchimp says of contacts, many at a time: what messages and comparisons have in common.

The state here becomes Mailchimp's, with two exceptions. A sign-up that waits and is newer than the contact's last
change stays: its delivery decides, by the same rule (`newsletter.decisions`). And who left or was erased here stays so
while Mailchimp is still to be told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone

from newsletter import mirror, outcome
from newsletter.addresses import MAX_LENGTH, normalise
from newsletter.decisions import ARCHIVED, PENDING, SUBSCRIBED, TRANSACTIONAL, Settle, decide, state_of
from newsletter.gateway import Contact
from newsletter.hashes import erased_keys
from newsletter.models import Desired, OutboxEntry, Subscriber, Transition
from newsletter.remote import Member
from newsletter.sending import standing_of
from newsletter.states import Origin, Source, State

# Rows a transaction: enough to be quick, few enough that a sign-up does not wait long for the lock.
CHUNK = 100
# Contacts that are of no interest when they are not known here: they are not on the list and never asked us to be.
NOT_ON_THE_LIST = (ARCHIVED, TRANSACTIONAL)
# These states say why a sign-up failed, which stays true as long as nothing changes at Mailchimp.
SAID_BETTER = (State.REFUSED, State.NEEDS_ATTENTION)
GONE = "No longer at Mailchimp."


@dataclass
class Tally:
    """What was taken over.

    Attributes:
        changed: rows here whose state, address or name changed.
        imported: contacts that were not known here.
        erased: contacts that were erased here and so were left out.
        in_hand: addresses whose entry a worker has in hand, in normal form: to be looked at again soon.
    """

    changed: int = 0
    imported: int = 0
    erased: int = 0
    in_hand: set[str] = field(default_factory=set)


def take_over(members: Iterable[Member], source: Source, read_at: datetime) -> Tally:
    """Bring the rows here up to what Mailchimp said of these contacts, and import those not known.

    Args:
        read_at: when the call to Mailchimp began.
    """
    by_key = {normalise(member.email): member for member in members if _can_be_kept(member.email)}
    tally = Tally()
    for keys in _chunks(by_key, CHUNK):
        known = Subscriber.objects.in_bulk(keys, field_name="email_key")
        entries = _open_entries(known.values())
        same = [key for key, row in known.items() if row.pk not in entries and is_same(row, by_key[key])]
        seen = timezone.now()
        Subscriber.objects.filter(email_key__in=same, mailchimp_seen_at__lt=seen).update(mailchimp_seen_at=seen)
        if different := known.keys() - set(same):
            _change([by_key[key] for key in keys if key in different], source, read_at, tally)
        if unknown := [by_key[key] for key in keys if key not in known]:
            _import(unknown, source, tally)
    return tally


def is_same(row: Subscriber, member: Member) -> bool:
    """Whether a row says already what Mailchimp says, apart from the time of the last look."""
    if row.mailchimp_seen_at is None:
        return False
    copy = Subscriber(first_name=row.first_name, last_name=row.last_name)
    mirror.note_names(copy, member.contact)
    return (
        row.mailchimp_status == member.contact.status
        and (row.state == state_of(member.contact.status)[0] or row.state in SAID_BETTER)
        and row.mailchimp_changed_at == member.contact.changed_at
        and (copy.first_name, copy.last_name) == (row.first_name, row.last_name)
    )


@transaction.atomic
def _change(members: Sequence[Member], source: Source, read_at: datetime, tally: Tally) -> None:
    """Change rows that are here, under a lock."""
    by_key = {normalise(member.email): member for member in members}
    rows = list(Subscriber.objects.select_for_update().filter(email_key__in=by_key))
    entries = _open_entries(rows, lock=True)
    for row in rows:
        entry = entries.get(row.pk)
        if is_in_hand(entry):
            tally.in_hand.add(row.email_key)
        elif not is_stale(row, by_key[row.email_key].contact, read_at):
            tally.changed += apply(row, entry, by_key[row.email_key].contact, source)


def apply(row: Subscriber, entry: OutboxEntry | None, contact: Contact | None, source: Source) -> bool:
    """Bring a locked row, whose entry no worker has in hand, up to what Mailchimp says. Saves it.

    Args:
        entry: the row's open entry.
        contact: None when Mailchimp does not have it.

    Returns:
        Whether anything that people see changed.
    """
    before = (row.state, row.reason, row.first_name, row.last_name)
    stays = row.state in SAID_BETTER and contact is not None and contact.status == row.mailchimp_status
    mirror.note_contact(row, contact)
    if contact and entry is None:
        mirror.note_names(row, contact)
    if entry is not None and entry.desired == Desired.SUBSCRIBED:
        _meet_sign_up(row, entry, contact, source)
    elif entry is not None and entry.desired in outcome.NEVER_GIVEN_UP and _is_live(contact):
        row.save()  # it is not yet known there that the person left
    elif contact and not stays:
        mirror.settle_as_seen(row, contact, source)
    elif row.state in (State.SUBSCRIBED, State.AWAITING_CONFIRMATION, State.BOUNCED, State.UNSUBSCRIBED):
        mirror.settle(row, State.UNSUBSCRIBED, source, GONE)
    else:
        row.save()
    return before != (row.state, row.reason, row.first_name, row.last_name)


def _meet_sign_up(row: Subscriber, entry: OutboxEntry, contact: Contact | None, source: Source) -> None:
    """A sign-up waits: it ends where its delivery would end without a call, else it goes on."""
    changed_at = contact.changed_at if contact and not entry.leaves_first else None
    decision = decide(
        standing_of(contact, entry.requested_at),
        Desired.SUBSCRIBED,
        double_opt_in=True,
        left_since=changed_at is not None and changed_at > entry.requested_at,
        asked_lately=False,
    )
    if isinstance(decision, Settle):
        mirror.settle(row, decision.state, source, decision.reason)
        outcome.close(entry, outcome.outcome_of(decision, entry))
    elif row.state == State.SUBSCRIBED and not (contact and contact.status == SUBSCRIBED):
        mirror.settle(row, State.WAITING, source, "Not on the list any more; the newer sign-up is being delivered.")
    else:
        row.save()


def settle_missing(rows: Sequence[Subscriber], source: Source, before: datetime) -> int:
    """Note that Mailchimp does not have these people any more. Returns how many rows changed.

    Args:
        before: rows that were seen at Mailchimp after this moment are left alone.
    """
    changed = 0
    with transaction.atomic():
        locked = list(Subscriber.objects.select_for_update().filter(pk__in=[row.pk for row in rows]))
        entries = _open_entries(locked, lock=True)
        for row in locked:
            seen_since = row.mailchimp_seen_at is not None and row.mailchimp_seen_at > before
            if not seen_since and not is_in_hand(entries.get(row.pk)):
                changed += apply(row, entries.get(row.pk), None, source)
    return changed


def rename(old: str, member: Member, source: Source) -> bool:
    """Give the row of an old address the new one. Returns False when there is nothing to do so with.

    Not when the new address is known here, or was erased; nor when the person signed up again with the old one after
    the change.
    """
    key = normalise(member.email)
    taken = Subscriber.objects.filter(email_key__in=[key, *erased_keys(member.email)])
    with transaction.atomic():
        row = Subscriber.objects.select_for_update().filter(email_key=normalise(old)).first()
        if row is None or not _can_be_kept(member.email) or taken.exists():
            return False
        entry = _open_entries([row], lock=True).get(row.pk)
        changed_at = member.contact.changed_at
        if entry and changed_at and entry.requested_at > changed_at:
            return False
        row.email, row.email_key = member.email, key
        row.save(update_fields=["email", "email_key"])
        reason = "The address was changed at Mailchimp."
        Transition(subscriber=row, from_state=row.state, to_state=row.state, source=source, reason=reason).save()
        apply(row, entry, member.contact, source)
    return True


def _import(members: Sequence[Member], source: Source, tally: Tally) -> None:
    """Make rows for contacts that are not known here, unless they were erased."""
    keys = {normalise(member.email): erased_keys(member.email) for member in members}
    every = [erased for erased_of_one in keys.values() for erased in erased_of_one]
    erased = set(Subscriber.objects.filter(email_key__in=every).values_list("email_key", flat=True))
    wanted = [member for member in members if member.contact.status not in NOT_ON_THE_LIST]
    allowed = [member for member in wanted if not erased.intersection(keys[normalise(member.email)])]
    tally.erased += len(wanted) - len(allowed)
    now = timezone.now()
    rows = [_row(member, now) for member in allowed]
    with transaction.atomic():
        Subscriber.objects.bulk_create(rows, ignore_conflicts=True)  # somebody may sign up this very moment
        ours = Subscriber.objects.filter(email_key__in=[row.email_key for row in rows])
        made = ours.filter(origin=Origin.MAILCHIMP, created_at=now)
        steps = [Transition(subscriber=row, to_state=row.state, source=source, reason=row.reason) for row in made]
        Transition.objects.bulk_create(steps)
    tally.imported += len(steps)


def _row(member: Member, now: datetime) -> Subscriber:
    """A new row for a contact; one that is pending there is looked at again."""
    contact = member.contact
    state, reason = state_of(contact.status)
    row = Subscriber(
        email=member.email,
        email_key=normalise(member.email),
        state=state,
        reason=reason,
        signed_up_at=member.joined_at or contact.changed_at or now,
        created_at=now,
        origin=Origin.MAILCHIMP,
    )
    mirror.note_contact(row, contact)
    mirror.note_names(row, contact)
    if contact.status == PENDING:
        row.next_look_at = mirror.next_look(row.signed_up_at, now)
    return row


def is_in_hand(entry: OutboxEntry | None) -> bool:
    """Whether a worker is delivering an entry at this moment: what it writes down is the truth, and later."""
    return entry is not None and entry.lease_until is not None and entry.lease_until > timezone.now()


def is_stale(row: Subscriber, contact: Contact, read_at: datetime) -> bool:
    """Whether somebody has read the contact after this reading began, and saw a later change."""
    if row.mailchimp_seen_at is None or row.mailchimp_changed_at is None or contact.changed_at is None:
        return False
    return row.mailchimp_seen_at > read_at and row.mailchimp_changed_at > contact.changed_at


def _is_live(contact: Contact | None) -> bool:
    return contact is not None and contact.status in (SUBSCRIBED, PENDING)


def _open_entries(rows: Iterable[Subscriber], *, lock: bool = False) -> dict[int, OutboxEntry]:
    """The open entries of rows, by the rows' keys."""
    entries = OutboxEntry.objects.open().filter(subscriber__in=[row.pk for row in rows])
    return {entry.subscriber_id: entry for entry in (entries.select_for_update() if lock else entries)}


def _can_be_kept(email: str) -> bool:
    return bool(email) and len(email) <= MAX_LENGTH and "\0" not in email


def _chunks(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(keys)
    while chunk := list(islice(rest, size)):
        yield chunk
