"""Writing the sign-ups that come at the same time: together, in one short transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from newsletter.addresses import normalise
from newsletter.models import OptInMode, SignUpTrace, Subscriber
from newsletter.service import SignUp, opt_in_mode_now, sign_up, sign_up_newcomers
from newsletter.states import State
from newsletter.together import Together


@dataclass
class Arrival:
    """A sign-up on its way into the database.

    Attributes:
        trace: what the limits will look back on; not saved yet.
        is_held: whether it waits for an editor; known once it is written.
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
    ordered = sorted(group, key=_key)
    opt_in_mode = opt_in_mode_now()  # read before others have to wait
    with transaction.atomic():
        known = set(Subscriber.objects.filter(email_key__in=map(_key, group)).values_list("email_key", flat=True))
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
