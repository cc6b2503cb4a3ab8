"""Nobody can be bombed with confirmation emails: one an address a day, however often it is typed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsletter import delivery
from newsletter.models import OutboxEntry, Subscriber
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


def puts(mailchimp: Sandbox) -> int:
    return sum(record.method == "PUT" for record in mailchimp.requests_for(EMAIL))


@pytest.fixture
def asked(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> Subscriber:
    """Somebody who has just been asked to confirm."""
    sign_up_as()
    deliver()
    subscriber = Subscriber.objects.get()
    assert subscriber.confirmation_asked_at is not None
    assert timezone.now() - subscriber.confirmation_asked_at < timedelta(minutes=1)
    return subscriber


@pytest.mark.parametrize("status", ["unsubscribed", "archived", "transactional", "gone"])
def test_a_second_email_within_a_day_waits(
    mailchimp: Sandbox, asked: Subscriber, sign_up_as: SignUpAs, deliver: Deliver, status: str, time_machine: Any
) -> None:
    if status == "gone":
        mailchimp.remove_contact(EMAIL)
    else:
        mailchimp.put_contact(EMAIL, status, last_changed="2020-01-01T00:00:00+00:00")
    for _ in range(3):
        sign_up_as()
        deliver()
    assert puts(mailchimp) == 1
    subscriber, entry = Subscriber.objects.get(), OutboxEntry.objects.open().get()
    assert subscriber.state == State.WAITING
    assert "less than a day ago" in subscriber.reason
    assert entry.due_at == asked.confirmation_asked_at + timedelta(days=1)
    assert (entry.attempts, entry.error_class) == (0, "")
    time_machine.move_to(entry.due_at + timedelta(seconds=1))
    delivery.deliver_due()
    assert puts(mailchimp) == 2
    assert mailchimp.contact(EMAIL)["status"] == "pending"
    assert state_of() == State.AWAITING_CONFIRMATION
    assert Subscriber.objects.get().confirmation_asked_at > asked.confirmation_asked_at + timedelta(days=1)


def test_whoever_is_asked_already_does_not_wait(
    mailchimp: Sandbox, asked: Subscriber, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    """The same request again sends no email, and brings new names along."""
    sign_up_as(first_name="Ada")
    deliver()
    assert mailchimp.contact(EMAIL)["merge_fields"]["FNAME"] == "Ada"
    assert (mailchimp.confirmation_mails(EMAIL), OutboxEntry.objects.open().count()) == (1, 0)
    assert Subscriber.objects.get().confirmation_asked_at == asked.confirmation_asked_at


def test_whoever_need_not_confirm_does_not_wait(
    mailchimp: Sandbox, asked: Subscriber, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.double_optin = False
    from django.core.cache import cache

    cache.clear()
    mailchimp.remove_contact(EMAIL)
    sign_up_as()
    deliver()
    assert state_of() == State.SUBSCRIBED


def test_an_email_whose_answer_was_lost_counts_too(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> None:
    mailchimp.fail("drop", times=1, method="PUT", work_done=True)
    sign_up_as()
    deliver()
    assert Subscriber.objects.get().confirmation_asked_at is None  # nobody knows that it was sent
    deliver()
    assert Subscriber.objects.get().confirmation_asked_at is not None


def test_an_archived_contact_that_may_only_be_asked_waits_too(
    mailchimp: Sandbox, asked: Subscriber, sign_up_as: SignUpAs, deliver: Deliver, settings: Any
) -> None:
    """With single opt-in Mailchimp may refuse to subscribe somebody outright; asking them is an email again."""
    settings.MAILCHIMP_DOUBLE_OPT_IN = "off"
    mailchimp.put_contact(EMAIL, "archived", last_changed="2020-01-01T00:00:00+00:00")
    mailchimp.fail("problem", method="PUT", times=1, status=400, title="Member In Compliance State")
    sign_up_as()
    deliver()
    assert (mailchimp.contact(EMAIL)["status"], state_of()) == ("archived", State.WAITING)


@pytest.mark.parametrize("others", [0, 25])
def test_a_sign_up_in_bulk_counts_too(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, others: int) -> None:
    sign_up_as()
    for number in range(others):
        sign_up_as(f"person{number}@example.org")
    deliver()
    assert not Subscriber.objects.filter(confirmation_asked_at__isnull=True).exists()
