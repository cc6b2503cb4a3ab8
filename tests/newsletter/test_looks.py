"""Asking Mailchimp whether people have confirmed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter import delivery
from newsletter.looks import look_at_unconfirmed
from newsletter.models import QueueState, Subscriber, Transition
from newsletter.states import Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


def test_a_confirmation_is_seen_at_the_next_look(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> None:
    sign_up_as()
    deliver()
    assert look_at_unconfirmed() == 0  # not due yet
    soon = Subscriber.objects.get().next_look_at - timezone.now()
    assert timedelta(0) < soon <= timedelta(minutes=1)
    mailchimp.confirm(EMAIL)
    Subscriber.objects.update(next_look_at=timezone.now())
    assert look_at_unconfirmed() == 1
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.reason, subscriber.next_look_at) == (State.SUBSCRIBED, "", None)
    assert Transition.objects.last().source == Source.RECONCILIATION


def test_a_request_that_ran_out_is_said_to_be_unconfirmed(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    sign_up_as()
    deliver()
    mailchimp.reset()
    Subscriber.objects.update(next_look_at=timezone.now())
    look_at_unconfirmed()
    subscriber = Subscriber.objects.get()
    assert subscriber.state == State.UNSUBSCRIBED
    assert "Did not confirm" in subscriber.reason


def test_a_missing_audience_is_not_taken_for_missing_contacts(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    sign_up_as()
    deliver()
    mailchimp.audience_id = "0000000000"
    Subscriber.objects.update(next_look_at=timezone.now())
    look_at_unconfirmed()
    assert state_of() == State.AWAITING_CONFIRMATION
    assert "MAILCHIMP_AUDIENCE_ID" in QueueState.load().paused_reason


def test_one_contact_that_cannot_be_read_does_not_stop_the_others(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    sign_up_as("first@example.org")
    sign_up_as()
    deliver()
    mailchimp.confirm(EMAIL)
    mailchimp.fail("html", email="first@example.org")
    now = timezone.now()
    Subscriber.objects.filter(email="first@example.org").update(next_look_at=now - timedelta(hours=1))
    Subscriber.objects.filter(email=EMAIL).update(next_look_at=now)
    look_at_unconfirmed()
    assert state_of() == State.SUBSCRIBED
    assert Subscriber.objects.get(email="first@example.org").next_look_at > now + timedelta(minutes=4)


def test_looks_grow_rarer_with_age(mailchimp: Sandbox) -> None:
    from newsletter.mirror import next_look

    now = timezone.now()
    ages = [timedelta(minutes=1), timedelta(minutes=30), timedelta(hours=5), timedelta(days=3), timedelta(days=30)]
    pauses = [next_look(now - age, now) - now for age in ages]
    assert pauses == sorted(set(pauses))
    assert pauses[0] <= timedelta(minutes=1)
    assert pauses[-1] >= timedelta(days=1)
