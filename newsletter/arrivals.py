"""Writing the sign-ups that come at the same time: together, in one short transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from newsletter.addresses import normalise
from newsletter.limits import HOUR, repeated_too_often
from newsletter.models import OptInMode, SignUpTrace, Subscriber
from newsletter.service import SignUp, opt_in_mode_now, sign_up, sign_up_newcomers, still_stands, wake_worker_soon
from newsletter.states import State
from newsletter.together import Together


@dataclass
class Arrival:
    """A sign-up on its way into the database.

    Attributes:
        trace: what the limits will look back on; not saved yet.
        is_held: whether it waits for an editor; known once it is written. A repetition that is not written does not.
    """

    wish: SignUp
    trace: SignUpTrace
    is_held: bool = False


def write(group: Sequence[Arrival]) -> None:
    """Write sign-ups and their traces: all of them, or none.

    Raises:
        django.db.DatabaseError: they could not be written.
    """
    # In one order everywhere, so that two processes never wait for each other.
    ordered = sorted(_without_repetitions(group), key=_key)
    if not ordered:
        return
    opt_in_mode = opt_in_mode_now()  # read before others have to wait
    with transaction.atomic():
        known = set(Subscriber.objects.filter(email_key__in=map(_key, ordered)).values_list("email_key", flat=True))
        newcomers: list[Arrival] = []
        others: list[Arrival] = []
        for arrival in ordered:
            (others if _key(arrival) in known else newcomers).append(arrival)
            known.add(_key(arrival))
        added = _add([arrival.wish for arrival in newcomers], opt_in_mode)
        renewed = [sign_up(arrival.wish) for arrival in others]
        SignUpTrace.objects.bulk_create(arrival.trace for arrival in ordered)
        for arrival, subscriber in zip([*newcomers, *others], [*added, *renewed], strict=True):
            arrival.is_held = subscriber.state == State.HELD
    if not all(arrival.is_held for arrival in ordered):
        wake_worker_soon()


def _without_repetitions(group: Sequence[Arrival]) -> list[Arrival]:
    """Those that say anything new: the same was not written many times within the hour."""
    repeated = repeated_too_often([arrival.trace.address_hash for arrival in group])
    since = timezone.now() - HOUR
    return [
        arrival
        for arrival in group
        if arrival.trace.address_hash not in repeated or not still_stands(arrival.wish.email, since)
    ]


def _add(wishes: list[SignUp], opt_in_mode: OptInMode) -> list[Subscriber]:
    """Sign up people who are not known; one by one when another process was faster with one of them."""
    if not wishes:
        return []
    try:
        return sign_up_newcomers(wishes, opt_in_mode)
    except IntegrityError:
        return [sign_up(wish) for wish in wishes]


def _key(arrival: Arrival) -> str:
    return normalise(arrival.wish.email)


# When a newsletter or a conference sends many at once, those who come together share a transaction.
arrivals = Together(write)
