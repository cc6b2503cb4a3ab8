"""What the site does with a sign-up: one transaction, no network."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from newsletter.addresses import normalise
from newsletter.models import Consent, Desired, Interest, OptInMode, OutboxEntry, Subscriber, Transition
from newsletter.models.consent import Wording
from newsletter.opt_in import confirmation_expected
from newsletter.states import Source, State
from newsletter.wishes import want

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignUp:
    """A valid sign-up.

    Attributes:
        email: an address that `newsletter.addresses.accepted` has passed.
        wording: the words that the person agreed to.
        page: path of the page with the form; may be empty.
        ip: the visitor's, when the site's policy is to keep it; else empty.
        interests: the topics that were ticked.
        held: why an editor has to look at it before it goes to Mailchimp; empty when nobody has to.
    """

    email: str
    wording: Wording
    first_name: str = ""
    last_name: str = ""
    page: str = ""
    language: str = "en"
    ip: str = ""
    interests: tuple[Interest, ...] = ()
    held: str = ""


def sign_up(wish: SignUp) -> Subscriber:
    """Write the subscriber, the consent and the outbox entry in one transaction; then wake the worker.

    The same form sent again, also at the same moment and in another case, adds evidence of consent and renews
    the one open entry.

    Raises:
        django.db.OperationalError: the database cannot be written; nothing was.
    """
    now, opt_in_mode = timezone.now(), opt_in_mode_now()
    with transaction.atomic():
        subscriber, is_new = Subscriber.objects.select_for_update().get_or_create(
            email_key=normalise(wish.email),
            defaults={"email": wish.email, "signed_up_at": now, "created_at": now},
        )
        _evidence(subscriber, wish, now, opt_in_mode).save()
        entry = want(subscriber, Desired.SUBSCRIBED, held=bool(wish.held) and subscriber.state != State.SUBSCRIBED)
        _update(subscriber, wish, entry, is_new=is_new)
        if not entry.held_at:
            transaction.on_commit(wake_worker_soon)
    return subscriber


def sign_up_newcomers(wishes: Sequence[SignUp], opt_in_mode: OptInMode) -> list[Subscriber]:
    """Do what `sign_up` does for people whose addresses are not known yet, with a few statements for all of them.

    Waking the worker is left to the caller.

    Returns:
        The subscribers, in the order of the wishes.

    Raises:
        django.db.IntegrityError: one of the addresses is known by now, or there twice; nothing was written.
        django.db.OperationalError: the database cannot be written; nothing was.
    """
    now = timezone.now()
    with transaction.atomic():
        subscribers = Subscriber.objects.bulk_create(_newcomer(wish, now) for wish in wishes)
        pairs = list(zip(subscribers, wishes, strict=True))
        Consent.objects.bulk_create(_evidence(subscriber, wish, now, opt_in_mode) for subscriber, wish in pairs)
        OutboxEntry.objects.bulk_create(
            OutboxEntry(subscriber=subscriber, requested_at=now, due_at=now, held_at=now if wish.held else None)
            for subscriber, wish in pairs
        )
        Transition.objects.bulk_create(
            Transition(
                subscriber=subscriber, at=now, to_state=subscriber.state, source=Source.FORM, reason=subscriber.reason
            )
            for subscriber in subscribers
        )
        for subscriber, wish in pairs:
            if wish.interests:
                subscriber.interests.set(wish.interests)
    return subscribers


def _newcomer(wish: SignUp, now: datetime) -> Subscriber:
    return Subscriber(
        email=wish.email,
        email_key=normalise(wish.email),
        first_name=wish.first_name,
        last_name=wish.last_name,
        state=State.HELD if wish.held else State.WAITING,
        reason=wish.held,
        state_changed_at=now,
        signed_up_at=now,
        created_at=now,
        source_page=wish.page,
        basis=wish.wording.basis,
        wording_version=wish.wording.version,
    )


def _evidence(subscriber: Subscriber, wish: SignUp, now: datetime, opt_in_mode: OptInMode) -> Consent:
    """What proves the sign-up, not saved yet."""
    return Consent(
        subscriber=subscriber,
        email=wish.email,
        wording=wish.wording.text,
        wording_version=wish.wording.version,
        given_at=now,
        page_path=wish.page,
        language=wish.language,
        basis=wish.wording.basis,
        interests="; ".join(interest.label for interest in wish.interests)[:1000],
        ip=wish.ip or None,
        opt_in_mode=opt_in_mode,
    )


def opt_in_mode_now() -> OptInMode:
    """Whether those who sign up now will be asked to confirm."""
    return OptInMode.DOUBLE if confirmation_expected() else OptInMode.SINGLE


def _update(subscriber: Subscriber, wish: SignUp, entry: OutboxEntry, *, is_new: bool) -> None:
    """Bring the subscriber's row up to date and say where it stands now.

    Anyone can type anyone's address, so a live subscriber keeps their names, their topics and their state: it is
    still true.
    """
    is_live = subscriber.state == State.SUBSCRIBED
    if not is_live:
        subscriber.email = wish.email
    for field in ("first_name", "last_name"):
        if getattr(wish, field) and not (is_live and getattr(subscriber, field)):
            setattr(subscriber, field, getattr(wish, field))
    subscriber.signed_up_at = entry.requested_at
    subscriber.source_page = wish.page
    subscriber.basis, subscriber.wording_version = wish.wording.basis, wish.wording.version
    if wish.interests and not is_live:
        subscriber.interests.set(wish.interests)
    if is_new:
        subscriber.state = ""  # so that the history begins with this step
    if is_live:
        subscriber.save()
    elif entry.held_at:
        subscriber.settle(State.HELD, Source.FORM, wish.held or subscriber.reason)
    else:
        subscriber.settle(State.WAITING, Source.FORM, entry.error if entry.error_class else "")


# States that only the person can leave, by signing up again.
LEFT = (State.UNSUBSCRIBED, State.ERASED)


def still_stands(email: str, since: datetime) -> bool:
    """Whether an address has signed up since a moment and has not left since, so that doing it again adds nothing."""
    known = Subscriber.objects.filter(email_key=normalise(email), signed_up_at__gt=since)
    return known.exclude(state__in=LEFT).exists()


def may_run_again(subscriber: Subscriber) -> bool:
    """Whether an editor may have this sign-up delivered again: never for someone who left."""
    return subscriber.state not in LEFT


@transaction.atomic
def run_again(subscriber: Subscriber, user: Any) -> bool:
    """Deliver the latest sign-up again, or release it when it is held. Returns False for someone who left.

    It keeps the time of the person's own sign-up, so whatever they did at Mailchimp since then is newer and wins.

    Args:
        user: the editor who asks for it.
    """
    current = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if not may_run_again(current):
        return False
    entry = OutboxEntry.objects.open().filter(subscriber=current).first()
    if entry is None:
        OutboxEntry.objects.create(subscriber=current, requested_at=current.signed_up_at)
    else:
        _let_go(entry)
    if current.state != State.SUBSCRIBED:
        current.settle(State.WAITING, Source.EDITOR, "An editor asked for it to be sent.", user=user)
    transaction.on_commit(wake_worker_soon)
    return True


@transaction.atomic
def release(subscriber: Subscriber, reason: str) -> bool:
    """Let a held sign-up go, by a rule. Returns False when it is held no more.

    Args:
        reason: which rule, in words.
    """
    current = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    entry = OutboxEntry.objects.open().filter(subscriber=current, held_at__isnull=False).first()
    if entry is None or current.state != State.HELD:
        return False
    _let_go(entry)
    current.settle(State.WAITING, Source.FORM, reason)
    transaction.on_commit(wake_worker_soon)
    return True


def _let_go(entry: OutboxEntry) -> None:
    """Make an entry due now, whatever kept it."""
    entry.due_at, entry.held_at, entry.is_paced = timezone.now(), None, False
    entry.save(update_fields=["due_at", "held_at", "is_paced"])


def wake_worker_soon() -> None:
    """Ask for a delivery now; belongs after the transaction.

    The clock delivers soon in any case, so a failure here costs only seconds.
    """
    from newsletter.tasks import wake_worker

    try:
        wake_worker()
    except DatabaseError as error:
        log.warning("The worker could not be woken", extra={"error": type(error).__name__})
