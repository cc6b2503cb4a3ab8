"""Mailchimp away, slow or confused: nothing is lost, and it is tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsletter import delivery
from newsletter.models import OutboxEntry, QueueState, Subscriber
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


def test_without_a_key_sign_ups_wait_and_are_delivered_once_there_is_one(
    sign_up_as: SignUpAs, deliver: Deliver, settings: Any
) -> None:
    sign_up_as()
    assert deliver().stopped == delivery.NOT_CONNECTED
    entry = OutboxEntry.objects.open().get()
    assert (entry.attempts, entry.error, state_of()) == (0, "", State.WAITING)
    with Sandbox() as mailchimp:
        settings.MAILCHIMP_API_KEY = mailchimp.api_key
        settings.MAILCHIMP_AUDIENCE_ID = mailchimp.audience_id
        settings.MAILCHIMP_BASE_URL = mailchimp.base_url
        deliver()
        assert state_of() == State.AWAITING_CONFIRMATION


def test_an_outage_keeps_sign_ups_and_delivers_them_when_it_ends(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.stop()
    for n in range(5):
        sign_up_as(f"person{n}@example.org")
    report = deliver()
    assert report.counts == {"waiting": 3}  # three in a row are enough to know
    assert "cannot be reached" in report.stopped
    tried = Subscriber.objects.filter(reason__contains="cannot be reached")
    assert tried.count() == 3
    assert all("tried again" in subscriber.reason for subscriber in tried)
    assert QueueState.load().outage_since is not None
    waits = [entry.due_at - timezone.now() for entry in OutboxEntry.objects.filter(attempts=1)]
    assert all(timedelta(seconds=4) < wait < timedelta(seconds=7) for wait in waits)
    mailchimp.start()
    report = delivery.deliver_due()  # the two that were not tried are due; their success wakes the others
    assert report.counts == {"awaiting confirmation": 5}
    assert len(mailchimp.contacts) == 5
    assert QueueState.load().outage_since is None


def test_waits_double_up_to_an_hour() -> None:
    from newsletter.backoff import wait_after
    from newsletter.errors import Retryable

    for unsent, first, longest in ((False, 60, 3600), (True, 5, 60)):
        error = Retryable("", nothing_sent=unsent)
        for attempts in range(1, 40):
            plain = min(first * 2 ** (attempts - 1), longest)
            waits = {wait_after(error, attempts).total_seconds() for _ in range(20)}
            assert len(waits) > 1  # spread at random
            assert all(max(first, plain * 0.75) <= wait <= plain * 1.25 for wait in waits)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("empty", {"status": 429}),
        ("bare", {"status": 403}),
        ("html", {"status": 502}),
        ("html", {"status": 200}),
        ("akamai", {}),
        ("truncated", {}),
        ("cut", {}),
        ("huge", {}),
        ("reset", {}),
        ("drop", {}),
        ("redirect", {}),
        ("problem", {"status": 500}),
        ("problem", {"status": 429, "title": "Too Many Requests"}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_passing_fault_is_tried_again(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, kind: str, options: dict[str, Any], method: str
) -> None:
    fault = mailchimp.fail(kind, times=1, method=method, path="/members/", **options)
    sign_up_as()
    deliver()
    assert fault.hits == 1
    entry = OutboxEntry.objects.open().get()
    assert (entry.error_class, entry.attempts, entry.lease_until) == ("retry", 1, None)
    assert timedelta(seconds=55) < entry.due_at - timezone.now() < timedelta(seconds=80)
    assert state_of() == State.WAITING
    deliver()
    assert state_of() == State.AWAITING_CONFIRMATION
    assert mailchimp.confirmation_mails(EMAIL) == 1


def test_an_answer_lost_after_the_work_was_done_has_no_double_effect(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.fail("drop", times=1, method="PUT", work_done=True)
    sign_up_as()
    deliver()
    assert (state_of(), mailchimp.contact(EMAIL)["status"]) == (State.WAITING, "pending")
    deliver()
    assert state_of() == State.AWAITING_CONFIRMATION
    assert mailchimp.confirmation_mails(EMAIL) == 1
