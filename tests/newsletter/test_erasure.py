"""Erasing a person at Mailchimp, and signing up again meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest

from newsletter import delivery
from newsletter.gateway import contact_hash
from newsletter.models import Desired, OutboxEntry, Outcome, QueueState, Subscriber
from newsletter.states import State
from newsletter.wishes import want
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


@pytest.fixture
def erased(mailchimp: Sandbox) -> Subscriber:
    """What is left of a person who was erased here, and whom Mailchimp still has."""
    mailchimp.put_contact(EMAIL, "subscribed")
    left = Subscriber.objects.create(
        email="", email_key="erased:0123456789", state=State.ERASED, contact_hash=contact_hash(EMAIL)
    )
    want(left, Desired.ERASED)
    return left


def test_an_erasure_reaches_mailchimp_and_leaves_no_trace(
    mailchimp: Sandbox, erased: Subscriber, deliver: Deliver
) -> None:
    deliver()
    erased.refresh_from_db()
    assert mailchimp.contact(EMAIL) is None
    assert (erased.state, erased.contact_hash, erased.email) == (State.ERASED, "", "")
    assert OutboxEntry.objects.get().outcome == Outcome.DELIVERED
    assert [record.method for record in mailchimp.requests_for(EMAIL)] == ["POST"]


def test_somebody_whom_mailchimp_never_had_is_erased_too(
    mailchimp: Sandbox, erased: Subscriber, deliver: Deliver
) -> None:
    mailchimp.remove_contact(EMAIL)
    deliver()
    erased.refresh_from_db()
    assert (erased.contact_hash, OutboxEntry.objects.open().count()) == ("", 0)


def test_an_erasure_waits_out_an_outage(mailchimp: Sandbox, erased: Subscriber, deliver: Deliver) -> None:
    mailchimp.stop()
    deliver()
    erased.refresh_from_db()
    assert (erased.state, erased.contact_hash) == (State.ERASED, contact_hash(EMAIL))
    mailchimp.start()
    deliver()
    assert mailchimp.contact(EMAIL) is None


def test_an_erasure_whose_answer_was_lost_ends_too(mailchimp: Sandbox, erased: Subscriber, deliver: Deliver) -> None:
    mailchimp.fail("drop", times=1, path="delete-permanent", work_done=True)
    deliver()
    assert OutboxEntry.objects.open().count() == 1
    deliver()
    erased.refresh_from_db()
    assert (erased.contact_hash, OutboxEntry.objects.open().count()) == ("", 0)


def test_an_erasure_that_mailchimp_refuses_is_never_given_up(
    mailchimp: Sandbox, erased: Subscriber, deliver: Deliver
) -> None:
    mailchimp.fail("problem", path="delete-permanent", times=3, status=400, title="Invalid Action")
    for _ in range(4):
        deliver()
    erased.refresh_from_db()
    assert (mailchimp.contact(EMAIL), erased.state, erased.contact_hash) == (None, State.ERASED, "")


def test_a_missing_audience_is_not_taken_for_an_erasure(
    mailchimp: Sandbox, erased: Subscriber, deliver: Deliver
) -> None:
    mailchimp.audience_id = "0000000000"
    deliver()
    erased.refresh_from_db()
    assert QueueState.load().paused_since is not None
    assert erased.contact_hash == contact_hash(EMAIL)


@pytest.mark.parametrize("others", [0, 25])
def test_a_new_sign_up_waits_until_the_old_contact_is_erased(
    mailchimp: Sandbox, erased: Subscriber, sign_up_as: SignUpAs, deliver: Deliver, others: int, time_machine: Any
) -> None:
    """Else the erasure would take the new contact with it. In bulk (25 others) as well as alone."""
    mailchimp.fail("problem", path="delete-permanent", times=1, status=503)
    sign_up_as()
    for number in range(others):
        sign_up_as(f"person{number}@example.org")
    deliver()
    new = Subscriber.objects.get(email=EMAIL)
    assert new.state == State.WAITING
    assert "an earlier request" in new.reason
    assert not [record for record in mailchimp.requests_for(EMAIL) if record.method in ("GET", "PUT")]
    assert EMAIL not in str([record.body for record in mailchimp.requests])
    deliver()
    deliver()
    assert state_of() == State.REFUSED  # forgotten: only the hosted form takes them back
    assert "permanently deleted" in Subscriber.objects.get(email=EMAIL).reason
