"""Errors that no repetition mends: a state with its reason, or a pause of the whole queue."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from newsletter import delivery, payload, queue
from newsletter.errors import OperatorMustAct
from newsletter.inbox import act_on_messages
from newsletter.looks import look_at_unconfirmed
from newsletter.models import OutboxEntry, QueueState, Subscriber, WebhookEvent
from newsletter.reconcile import reconcile
from newsletter.service import run_again
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ({"title": "Member In Compliance State"}, State.REFUSED),
        ({"title": "Forgotten Email Not Subscribed"}, State.REFUSED),
        ({"title": "Invalid Resource", "detail": f"{EMAIL} looks fake or invalid, please enter a real"}, State.REFUSED),
        (
            {"title": "Invalid Resource", "detail": "The resource submitted could not be validated."},
            State.NEEDS_ATTENTION,
        ),
        ({"title": "JSON Parse Exception"}, State.NEEDS_ATTENTION),
    ],
)
def test_a_lasting_error_ends_in_a_state_with_its_reason(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, options: dict[str, Any], state: State
) -> None:
    sign_up_as()
    sign_up_as("next@example.org")
    mailchimp.fail("problem", method="PUT", email=EMAIL, **{"status": 400} | options)
    deliver()
    subscriber = Subscriber.objects.get(email=EMAIL)
    assert subscriber.state == state
    assert subscriber.reason
    assert "@" not in subscriber.reason
    assert OutboxEntry.objects.open().count() == 0
    assert state_of("next@example.org") == State.AWAITING_CONFIRMATION  # not blocked
    mailchimp.clear_faults()
    assert run_again(subscriber, user=None)
    deliver()
    assert state_of() == State.AWAITING_CONFIRMATION


def test_too_many_lists_is_tried_rarely_and_then_given_up(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.put_contact(EMAIL, "too_many_lists")
    sign_up_as()
    waits = []
    for _ in range(4):
        deliver()
        waits.append(OutboxEntry.objects.get().due_at - timezone.now())
    assert [round(wait.total_seconds() / 60) for wait in waits] == [5, 24 * 60, 48 * 60, 7 * 24 * 60]
    deliver()
    assert state_of() == State.REFUSED
    assert OutboxEntry.objects.open().count() == 0


def test_a_fault_of_ours_is_seen_and_blocks_nobody(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, monkeypatch: Any, caplog: Any
) -> None:
    sign_up_as()
    real_body = payload.contact_body

    def broken(subscriber: Subscriber, *args: Any) -> Any:
        if subscriber.email == EMAIL:
            raise KeyError(subscriber.email)
        return real_body(subscriber, *args)

    monkeypatch.setattr(payload, "contact_body", broken)
    sign_up_as("next@example.org")
    deliver()
    assert state_of() == State.NEEDS_ATTENTION
    assert "KeyError" in Subscriber.objects.get(email=EMAIL).reason
    assert state_of("next@example.org") == State.AWAITING_CONFIRMATION
    assert "A delivery failed" in caplog.text


def test_a_revoked_key_pauses_the_queue_once_and_a_new_one_resumes_it(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, settings: Any, caplog: Any
) -> None:
    for n in range(3):
        sign_up_as(f"person{n}@example.org")
    mailchimp.api_key = "f" * 32 + "-us99"
    for _ in range(3):
        deliver()
    state = QueueState.load()
    assert state.paused_since is not None
    assert "API key" in state.paused_reason
    assert caplog.text.count("are paused") == 1
    assert not OutboxEntry.objects.filter(attempts__gt=0).exists()  # no attempts burnt
    calls = len(mailchimp.requests)
    deliver()
    assert len(mailchimp.requests) == calls  # not even a call before the next probe
    settings.MAILCHIMP_API_KEY = mailchimp.api_key
    QueueState.objects.update(probe_at=timezone.now())
    deliver()
    assert QueueState.load().paused_since is None
    assert Subscriber.objects.filter(state=State.AWAITING_CONFIRMATION).count() == 3


def test_a_right_that_is_missing_only_for_writing_does_not_flap(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, caplog: Any
) -> None:
    """The probe reads, and succeeds; the pause must end with a delivery, not with the probe."""
    mailchimp.fail("problem", method="PUT", status=403, title="Forbidden")
    sign_up_as()
    for _ in range(4):
        deliver()
        assert QueueState.load().paused_since is not None
        QueueState.objects.update(probe_at=timezone.now())
    assert caplog.text.count("are paused") == 1
    mailchimp.clear_faults()
    deliver()
    assert QueueState.load().paused_since is None
    assert state_of() == State.AWAITING_CONFIRMATION


def test_a_pause_ends_by_itself_when_nothing_waits(mailchimp: Sandbox) -> None:
    queue.pause(OperatorMustAct("for a test"))
    delivery.deliver_due()
    assert QueueState.load().paused_since is not None  # no probe is due yet
    QueueState.objects.update(probe_at=timezone.now())
    delivery.deliver_due()
    assert QueueState.load().paused_since is None


@pytest.mark.parametrize("other", [look_at_unconfirmed, act_on_messages, reconcile])
def test_only_a_delivery_takes_the_probe_of_a_pause(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, other: Callable[[], object]
) -> None:
    """Anything else would use the probe up without ending the pause, and sign-ups would wait another minute."""
    sign_up_as("waits.to.confirm@example.org")
    deliver()
    Subscriber.objects.update(next_look_at=timezone.now())
    WebhookEvent.objects.create(fingerprint="any", kind="subscribe", body="type=subscribe&data[email]=any@example.org")
    queue.pause(OperatorMustAct("for a test"))
    QueueState.objects.update(probe_at=timezone.now())
    sign_up_as()
    calls = len(mailchimp.requests)
    other()
    assert len(mailchimp.requests) == calls
    deliver()
    assert QueueState.load().paused_since is None
    assert state_of() == State.AWAITING_CONFIRMATION


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("MAILCHIMP_API_KEY", "nonsense", "MAILCHIMP_API_KEY"),
        ("MAILCHIMP_AUDIENCE_ID", "", "MAILCHIMP_AUDIENCE_ID"),
        ("MAILCHIMP_AUDIENCE_ID", "0000000000", "MAILCHIMP_AUDIENCE_ID"),
        ("MAILCHIMP_BASE_URL", "ftp://127.0.0.1", "MAILCHIMP_BASE_URL"),
        ("MAILCHIMP_BASE_URL", "127.0.0.1:1", "MAILCHIMP_BASE_URL"),
    ],
)
def test_wrong_settings_pause_the_queue_and_say_which(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, settings: Any, name: str, value: str, word: str
) -> None:
    setattr(settings, name, value)
    sign_up_as()
    report = deliver()
    assert word in report.stopped
    assert word in QueueState.load().paused_reason
    assert OutboxEntry.objects.open().get().attempts == 0
