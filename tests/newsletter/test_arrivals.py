"""Sign-ups that come at the same time are written together, with what each alone would have left."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from newsletter import arrivals
from newsletter.arrivals import Arrival
from newsletter.limits import trace
from newsletter.models import Consent, OutboxEntry, SignUpTrace, Subscriber, Transition
from newsletter.models.consent import FALLBACK_WORDING
from newsletter.service import SignUp, sign_up
from newsletter.states import State

pytestmark = pytest.mark.django_db
ADDRESS = "192.0.2.1"


def arrival(email: str, **fields: Any) -> Arrival:
    return Arrival(SignUp(email=email, wording=FALLBACK_WORDING, **fields), trace(ADDRESS, email))


def rows_of(email: str) -> list[dict[str, Any]]:
    """What is written down about a person, without keys and moments."""
    subscriber = Subscriber.objects.get(email_key=email)
    rows = [subscriber, *subscriber.consents.all(), *subscriber.outbox.all(), *subscriber.transitions.all()]
    moments = ("at", "due_at", "email", "email_key")
    return [
        {
            field.name: getattr(row, field.name)
            for field in row._meta.concrete_fields
            if not (field.name.endswith(("_at", "id")) or field.name in (*moments, "subscriber"))
        }
        for row in rows
    ]


@pytest.mark.parametrize("held", ["", "Many came."])
def test_a_group_leaves_what_single_sign_ups_leave(held: str) -> None:
    details: dict[str, Any] = {"first_name": "Ada", "page": "/about/", "ip": "192.0.2.7", "held": held}
    sign_up(SignUp(email="alone@example.org", wording=FALLBACK_WORDING, **details))
    group = [arrival("one@example.org", **details), arrival("two@example.org", **details)]
    arrivals.write(group)
    assert rows_of("one@example.org") == rows_of("two@example.org") == rows_of("alone@example.org")
    assert [each.is_held for each in group] == [bool(held)] * 2
    assert SignUpTrace.objects.count() == 2


def test_the_same_address_twice_in_a_group_is_one_person() -> None:
    arrivals.write([arrival("Ada@example.org"), arrival("ada@EXAMPLE.org"), arrival("other@example.org")])
    assert Subscriber.objects.count() == OutboxEntry.objects.count() == 2
    assert Consent.objects.filter(subscriber__email_key="ada@example.org").count() == 2
    assert OutboxEntry.objects.get(subscriber__email_key="ada@example.org").sequence == 2


def test_known_and_new_addresses_come_together() -> None:
    known = sign_up(SignUp(email="known@example.org", wording=FALLBACK_WORDING))
    known.settle(State.SUBSCRIBED, "delivery")
    group = [arrival("new@example.org", held="Many came."), arrival("known@example.org", held="Many came.")]
    arrivals.write(group)
    states = dict(Subscriber.objects.values_list("email", "state"))
    assert states == {"known@example.org": State.SUBSCRIBED, "new@example.org": State.HELD}
    assert [each.is_held for each in group] == [True, False]


def test_another_process_that_is_faster_with_an_address_does_no_harm(monkeypatch: Any) -> None:
    real = arrivals.sign_up_newcomers

    def late(*wishes: Any) -> list[Subscriber]:
        sign_up(SignUp(email="ada@example.org", wording=FALLBACK_WORDING))
        return real(*wishes)

    monkeypatch.setattr(arrivals, "sign_up_newcomers", late)
    arrivals.write([arrival("ada@example.org"), arrival("other@example.org")])
    assert Subscriber.objects.count() == 2
    assert Transition.objects.count() == 2


def test_a_group_is_written_whole_or_not_at_all(monkeypatch: Any) -> None:
    def fails(*args: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(SignUpTrace.objects, "bulk_create", fails)
    with pytest.raises(IntegrityError):
        arrivals.write([arrival("one@example.org"), arrival("two@example.org")])
    assert not Subscriber.objects.exists()


def test_a_large_group_takes_as_few_statements_as_a_small_one() -> None:
    arrivals.write([arrival("first@example.org")])  # asks for a delivery, which the next ones find asked for
    with CaptureQueriesContext(connection) as of_two:
        arrivals.write([arrival(f"small{n}@example.org") for n in range(2)])
    with CaptureQueriesContext(connection) as of_twenty:
        arrivals.write([arrival(f"large{n}@example.org") for n in range(20)])
    assert len(of_twenty) == len(of_two) <= 14
