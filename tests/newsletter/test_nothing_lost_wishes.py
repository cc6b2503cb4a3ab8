"""Every sign-up that was answered with success ends as Mailchimp has it, or where a person can see it: wishes.

Each test is named after its line in the list of what the site is held to (A9, A11), in its own words.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsletter import delivery
from newsletter.models import Desired, OutboxEntry, Subscriber
from newsletter.states import Source, State
from newsletter.wishes import want
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


def address(number: int) -> str:
    return f"person{number}@example.org"


# --- A9: the same form again and again ---------------------------------------------------------------


@pytest.mark.parametrize("delivered_between", [True, False])
@pytest.mark.parametrize("others", [0, 25])
@pytest.mark.parametrize("times", [2, 10])
def test_a9_the_same_form_sent_again(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, times: int, others: int, delivered_between: bool
) -> None:
    """One subscriber, one row to deliver, one contact, one confirmation, in mixed case too."""
    for number in range(times):
        sign_up_as(EMAIL.upper() if number % 2 else EMAIL.lower(), first_name=f"Ada{number}")
        assert OutboxEntry.objects.open().count() == 1
        if delivered_between:
            deliver()
    for number in range(others):
        sign_up_as(address(number))
    deliver()
    assert Subscriber.objects.filter(email_key=EMAIL.lower()).count() == 1
    assert len(mailchimp.contacts) == others + 1
    assert mailchimp.confirmation_mails(EMAIL) == 1
    assert mailchimp.contact(EMAIL)["merge_fields"]["FNAME"] == f"Ada{times - 1}"
    assert OutboxEntry.objects.open().count() == 0


def test_a9_entries_that_were_claimed_twice_have_one_effect(
    mailchimp: Sandbox, sign_up_as: SignUpAs, time_machine: Any
) -> None:
    """A worker that was only slow goes on after another has taken over."""
    sign_up_as()
    gateway, report = delivery.gateway_from_settings(), delivery.Report()
    slow = delivery.claim()
    time_machine.move_to(timezone.now() + timedelta(seconds=61))
    quick = delivery.claim()
    assert slow and quick and gateway
    delivery.deliver(quick, gateway, report)
    delivery.deliver(slow, gateway, report)
    assert report.counts == {"awaiting confirmation": 1, "taken over": 1}
    assert mailchimp.confirmation_mails(EMAIL) == 1


# --- A11: unsubscribed while a sign-up was waiting ---------------------------------------------------


@pytest.mark.parametrize("double_opt_in", [True, False])
@pytest.mark.parametrize("others", [0, 25])
def test_a11_unsubscribed_while_a_sign_up_was_waiting(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, double_opt_in: bool, others: int
) -> None:
    mailchimp.double_optin = double_opt_in
    sign_up_as()
    for number in range(others):
        sign_up_as(address(number))
    OutboxEntry.objects.update(requested_at=timezone.now() - timedelta(minutes=5))
    mailchimp.put_contact(EMAIL, "subscribed")
    mailchimp.unsubscribe(EMAIL)
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "unsubscribed"
    assert mailchimp.confirmation_mails(EMAIL) == 0
    assert (state_of(), OutboxEntry.objects.open().count()) == (State.UNSUBSCRIBED, 0)


@pytest.mark.parametrize("double_opt_in", [True, False])
@pytest.mark.parametrize("others", [0, 25])
def test_a11_a_newer_sign_up_wins_only_by_confirmation(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, double_opt_in: bool, others: int
) -> None:
    mailchimp.double_optin = double_opt_in
    left_at = (timezone.now() - timedelta(minutes=5)).isoformat(timespec="seconds")
    mailchimp.put_contact(EMAIL, "unsubscribed", last_changed=left_at)
    sign_up_as()
    for number in range(others):
        sign_up_as(address(number))
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "pending"
    assert mailchimp.confirmation_mails(EMAIL) == 1
    assert state_of() == State.AWAITING_CONFIRMATION


@pytest.mark.parametrize("others", [0, 25])
def test_a11_leaving_on_this_site_while_a_sign_up_was_waiting(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, others: int
) -> None:
    mailchimp.put_contact(EMAIL, "subscribed")
    subscriber = sign_up_as()
    for number in range(others):
        sign_up_as(address(number))
    subscriber.settle(State.UNSUBSCRIBED, Source.PERSON, "Left on the website.")
    want(subscriber, Desired.UNSUBSCRIBED)
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "unsubscribed"
    assert state_of() == State.UNSUBSCRIBED
