"""From the outbox to Mailchimp and back, over HTTP with the real client."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsletter import delivery
from newsletter.models import OutboxEntry, Outcome, QueueState, Subscriber, Transition
from newsletter.service import run_again
from newsletter.states import Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


def methods(mailchimp: Sandbox) -> list[str]:
    """The calls about our address so far."""
    return [record.method for record in mailchimp.requests_for(EMAIL)]


@pytest.mark.parametrize("double_opt_in", [True, False])
def test_a_new_contact(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, double_opt_in: bool) -> None:
    mailchimp.double_optin = double_opt_in
    sign_up_as(first_name="Ada", last_name="Lovelace")
    deliver()
    contact = mailchimp.contact(EMAIL)
    assert contact["status"] == ("pending" if double_opt_in else "subscribed")
    assert contact["email_address"] == EMAIL
    assert contact["merge_fields"]["FNAME"] == "Ada"
    assert contact["merge_fields"]["LNAME"] == "Lovelace"
    assert contact["language"] == "en"
    subscriber = Subscriber.objects.get()
    assert contact["timestamp_signup"][:19] == subscriber.signed_up_at.isoformat()[:19]
    assert subscriber.state == (State.AWAITING_CONFIRMATION if double_opt_in else State.SUBSCRIBED)
    assert subscriber.mailchimp_status == contact["status"]
    assert subscriber.mailchimp_id == contact["unique_email_id"]
    entry = OutboxEntry.objects.get()
    assert (entry.outcome, entry.attempts, entry.lease_holder) == (Outcome.DELIVERED, 1, "")
    assert entry.done_at is not None
    assert mailchimp.confirmation_mails(EMAIL) == (1 if double_opt_in else 0)
    steps = Transition.objects.values_list("from_state", "to_state", "source")
    assert list(steps) == [
        ("", State.WAITING, Source.FORM),
        (State.WAITING, subscriber.state, Source.DELIVERY),
    ]


@pytest.mark.parametrize("double_opt_in", [True, False])
@pytest.mark.parametrize(
    ("status", "status_after", "state"),
    [
        ("pending", "pending", State.AWAITING_CONFIRMATION),
        ("subscribed", "subscribed", State.SUBSCRIBED),
        ("unsubscribed", "pending", State.AWAITING_CONFIRMATION),
        ("cleaned", "cleaned", State.BOUNCED),
        ("archived", None, None),
        ("transactional", None, None),
    ],
)
def test_a_contact_that_is_there_already(
    mailchimp: Sandbox,
    sign_up_as: SignUpAs,
    deliver: Deliver,
    double_opt_in: bool,
    status: str,
    status_after: str | None,
    state: State | None,
) -> None:
    mailchimp.double_optin = double_opt_in
    mailchimp.put_contact(EMAIL, status)
    sign_up_as()
    deliver()
    wanted = ("pending", State.AWAITING_CONFIRMATION) if double_opt_in else ("subscribed", State.SUBSCRIBED)
    assert mailchimp.contact(EMAIL)["status"] == (status_after or wanted[0])
    assert state_of() == (state or wanted[1])
    assert OutboxEntry.objects.open().count() == 0


def test_a_live_subscriber_is_not_touched_by_a_strangers_form(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.put_contact(EMAIL, "subscribed", merge_fields={"FNAME": "Ada", "LNAME": "Lovelace"})
    sign_up_as(first_name="Somebody", last_name="Else")
    deliver()
    assert methods(mailchimp) == ["GET"]
    assert mailchimp.contact(EMAIL)["merge_fields"]["FNAME"] == "Ada"
    sign_up_as(first_name="Somebody", last_name="Else")
    subscriber = Subscriber.objects.get()
    assert subscriber.state == State.SUBSCRIBED  # still true while the new sign-up waits


def test_empty_names_of_a_live_subscriber_are_filled_in(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.put_contact(EMAIL, "subscribed", merge_fields={"FNAME": "Ada"})
    sign_up_as(first_name="Other", last_name="Lovelace")
    deliver()
    contact = mailchimp.contact(EMAIL)
    assert (contact["status"], contact["merge_fields"]["FNAME"], contact["merge_fields"]["LNAME"]) == (
        "subscribed",
        "Ada",
        "Lovelace",
    )


def test_someone_who_left_before_returns_only_by_confirming(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.double_optin = False
    mailchimp.put_contact(EMAIL, "subscribed")
    mailchimp.unsubscribe(EMAIL)
    sign_up_as()
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "pending"
    assert mailchimp.confirmation_mails(EMAIL) == 1


def test_someone_who_left_while_the_sign_up_waited_stays_away(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    sign_up_as()
    OutboxEntry.objects.update(requested_at=timezone.now() - timedelta(minutes=5))
    mailchimp.put_contact(EMAIL, "subscribed")
    mailchimp.unsubscribe(EMAIL)
    deliver()
    assert methods(mailchimp) == ["GET"]
    assert mailchimp.contact(EMAIL)["status"] == "unsubscribed"
    assert state_of() == State.UNSUBSCRIBED
    assert OutboxEntry.objects.get().outcome == Outcome.SETTLED
    assert run_again(Subscriber.objects.get(), user=None) is False


def test_where_mailchimp_may_not_subscribe_someone_it_is_asked_to_have_them_confirm(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.double_optin = False
    mailchimp.put_contact(EMAIL, "archived")
    mailchimp.fail("problem", method="PUT", times=1, status=400, title="Member In Compliance State")
    sign_up_as()
    deliver()
    assert methods(mailchimp) == ["GET", "PUT", "PUT", "POST"]  # the last one gives it its tags
    assert mailchimp.contact(EMAIL)["status"] == "pending"
    assert state_of() == State.AWAITING_CONFIRMATION


def test_an_archived_contact_who_had_left_is_refused(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.double_optin = False
    mailchimp.put_contact(EMAIL, "archived", status_before_archive="unsubscribed")
    sign_up_as()
    deliver()
    assert methods(mailchimp) == ["GET", "PUT", "PUT"]
    assert (mailchimp.contact(EMAIL)["status"], state_of()) == ("archived", State.REFUSED)


def test_a_contact_deleted_for_good_is_refused_with_the_way_back(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.put_contact(EMAIL, "subscribed")
    mailchimp.put_contact(EMAIL, "forgotten")
    sign_up_as()
    deliver()
    subscriber = Subscriber.objects.get()
    assert subscriber.state == State.REFUSED
    assert "permanently deleted" in subscriber.reason
    assert "http" in subscriber.reason  # the hosted form, which alone takes them back
    deliver()
    assert methods(mailchimp) == ["GET", "PUT"]  # no endless retry


@pytest.mark.parametrize(("special", "words"), [("complained", "complained"), ("fake", "not a real one")])
def test_an_address_that_mailchimp_does_not_take(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, special: str, words: str
) -> None:
    mailchimp.put_contact(EMAIL, special)
    sign_up_as()
    deliver()
    subscriber = Subscriber.objects.get()
    assert subscriber.state == State.REFUSED
    assert words in subscriber.reason
    assert "/subscribe" in subscriber.reason  # the hosted form
    assert OutboxEntry.objects.get().outcome == Outcome.REFUSED


def test_an_address_that_bounced_is_told_of_the_hosted_form(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.put_contact(EMAIL, "cleaned")
    sign_up_as()
    deliver()
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, OutboxEntry.objects.get().outcome) == (State.BOUNCED, Outcome.SETTLED)
    assert "/subscribe" in subscriber.reason


def test_a_required_field_in_the_audience_does_not_matter(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    mailchimp.require_merge_field("LNAME")
    sign_up_as()
    deliver()
    assert state_of() == State.AWAITING_CONFIRMATION


def test_the_setting_decides_about_double_opt_in(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, settings: Any
) -> None:
    settings.MAILCHIMP_DOUBLE_OPT_IN = "off"
    sign_up_as()
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "subscribed"


def test_the_audience_as_seen_is_kept_for_the_pages(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> None:
    mailchimp.double_optin = False
    sign_up_as()
    deliver()
    state = QueueState.load()
    assert (state.double_opt_in, state.audience_name) == (False, "Newsletter (stand-in)")


def test_signing_up_again_sends_no_second_confirmation(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    for email in (EMAIL, EMAIL.upper(), EMAIL):
        sign_up_as(email)
        deliver()
    assert Subscriber.objects.count() == 1
    assert len(mailchimp.contacts) == 1
    assert mailchimp.confirmation_mails(EMAIL) == 1
