"""Messages from Mailchimp: whatever comes, in whatever order, the state here ends as Mailchimp's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter import delivery, inbox
from newsletter.models import OutboxEntry, Outcome, Subscriber, Transition, WebhookEvent
from newsletter.rights import erase
from newsletter.states import Origin, Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of
from tests.newsletter.messages import act, bodies, send

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


def test_an_unsubscription_is_mirrored(hook: Sandbox, subscribed: Subscriber) -> None:
    hook.unsubscribe(EMAIL)
    send(bodies(hook))
    assert act() == {inbox.CHANGED: 1}
    assert state_of() == State.UNSUBSCRIBED
    assert Transition.objects.last().source == Source.WEBHOOK
    event = WebhookEvent.objects.get()
    assert event.done_at is not None
    assert event.outcome == "Looked at the contact: changed here."
    assert act() == {}


def test_a_bounce_a_complaint_and_an_archiving_are_mirrored(hook: Sandbox) -> None:
    people = {"bounced@example.org": "clean", "cross@example.org": "complain", "archived@example.org": "archive"}
    for email, action in people.items():
        hook.put_contact(email, "subscribed")
        Subscriber.objects.create(email=email, email_key=email, state=State.SUBSCRIBED)
        getattr(hook, action)(email)
    send(bodies(hook))
    assert act()[inbox.CHANGED] == 3
    assert [state_of(email) for email in people] == [State.BOUNCED, State.UNSUBSCRIBED, State.UNSUBSCRIBED]


def test_a_confirmation_is_mirrored_at_once(hook: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> None:
    sign_up_as()
    deliver()
    hook.confirm(EMAIL)
    send(bodies(hook))
    act()
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.next_look_at) == (State.SUBSCRIBED, None)


def test_changed_names_are_taken_over(hook: Sandbox, subscribed: Subscriber) -> None:
    hook.change_profile(EMAIL, FNAME="Augusta Ada", LNAME="King")
    send(bodies(hook))
    act()
    subscribed.refresh_from_db()
    assert (subscribed.first_name, subscribed.last_name) == ("Augusta Ada", "King")
    hook.change_profile(EMAIL, FNAME="", LNAME="")
    send(bodies(hook)[1:])
    act()
    subscribed.refresh_from_db()
    assert subscribed.first_name == "Augusta Ada"  # an empty name there empties none here


def test_someone_who_never_used_our_form_is_known_from_then_on(hook: Sandbox) -> None:
    hook.put_contact("hosted@example.org", "pending", merge_fields={"FNAME": "Hosted"})
    hook.confirm("hosted@example.org")
    send(bodies(hook))
    assert act() == {inbox.IMPORTED: 1}
    subscriber = Subscriber.objects.get()
    assert (subscriber.origin, subscriber.state, subscriber.first_name) == (
        Origin.MAILCHIMP,
        State.SUBSCRIBED,
        "Hosted",
    )
    assert Transition.objects.get().from_state == ""


def test_an_erased_person_is_not_brought_back(hook: Sandbox, subscribed: Subscriber) -> None:
    erase(subscribed, source=Source.EDITOR)
    hook.change_profile(EMAIL, FNAME="Ada")
    send(bodies(hook))
    assert act() == {inbox.ERASED: 1}
    assert [row.state for row in Subscriber.objects.all()] == [State.ERASED]
    assert WebhookEvent.objects.count() == 0
    assert not Subscriber.objects.filter(email__icontains="lovelace").exists()


def test_a_contact_deleted_for_good_is_no_longer_there(hook: Sandbox, subscribed: Subscriber) -> None:
    body, _ = hook.webhook_request("unsubscribe", EMAIL, action="delete")
    hook.remove_contact(EMAIL)
    send([body])
    act()
    subscribed.refresh_from_db()
    assert (subscribed.state, subscribed.reason) == (State.UNSUBSCRIBED, "No longer at Mailchimp.")
    assert subscribed.mailchimp_status == ""


# --- Changed addresses -------------------------------------------------------------------------------


def test_a_changed_address_keeps_its_row(hook: Sandbox, subscribed: Subscriber) -> None:
    hook.change_address(EMAIL, "Countess@example.org")
    send(bodies(hook))
    assert act() == {inbox.RENAMED: 1}
    row = Subscriber.objects.get()
    assert (row.pk, row.email, row.email_key) == (subscribed.pk, "Countess@example.org", "countess@example.org")
    assert row.state == State.SUBSCRIBED
    assert "address was changed" in Transition.objects.last().reason


def test_a_changed_address_that_is_known_already_mends_both_rows(hook: Sandbox, subscribed: Subscriber) -> None:
    other = Subscriber.objects.create(email="b@example.org", email_key="b@example.org", state=State.UNSUBSCRIBED)
    hook.change_address(EMAIL, "b@example.org")
    send(bodies(hook))
    act()
    subscribed.refresh_from_db()
    other.refresh_from_db()
    assert (subscribed.state, other.state) == (State.UNSUBSCRIBED, State.SUBSCRIBED)


def test_a_forged_change_of_address_changes_nothing(hook: Sandbox, subscribed: Subscriber) -> None:
    send([b"type=upemail&fired_at=2026-01-01 00:00:00&data[list_id]=" + hook.audience_id.encode()
          + b"&data[old_email]=" + EMAIL.encode() + b"&data[new_email]=thief@example.org"])  # fmt: skip
    act()
    row = Subscriber.objects.get()
    assert (row.email, row.state) == (EMAIL, State.SUBSCRIBED)


def test_a_new_sign_up_with_the_old_address_keeps_its_row(
    hook: Sandbox, subscribed: Subscriber, sign_up_as: SignUpAs
) -> None:
    hook.change_address(EMAIL, "b@example.org")
    sign_up_as()
    OutboxEntry.objects.open().update(requested_at=timezone.now() + timedelta(seconds=2))
    send(bodies(hook))
    act()
    assert state_of() == State.WAITING  # the live state was true of the address that has gone
    assert Subscriber.objects.get(email_key="b@example.org").origin == Origin.MAILCHIMP


# --- Order, repetition, forgery (quality A 10, A 11) --------------------------------------------------


def test_messages_out_of_order_and_replayed_end_in_mailchimps_state(hook: Sandbox, subscribed: Subscriber) -> None:
    hook.unsubscribe(EMAIL)
    hook.sign_up(EMAIL)
    hook.change_profile(EMAIL, FNAME="Ada")
    hook.clean(EMAIL)
    every = bodies(hook)
    for order in (every, every[::-1], every[1:] + every[:1]):
        send(order)
        act()
        assert state_of() == State.BOUNCED
    assert WebhookEvent.objects.filter(done_at__isnull=True).count() == 0


def test_a_forged_unsubscription_changes_nothing(hook: Sandbox, subscribed: Subscriber) -> None:
    send([hook.webhook_request("unsubscribe", EMAIL)[0], hook.webhook_request("cleaned", EMAIL)[0]])
    assert act() == {inbox.SAME: 1}
    assert state_of() == State.SUBSCRIBED


def test_a_message_about_another_audience_changes_nothing(hook: Sandbox, subscribed: Subscriber) -> None:
    body, _ = hook.webhook_request("unsubscribe", EMAIL)
    hook.unsubscribe(EMAIL)
    send([body.replace(hook.audience_id.encode(), b"0000000000")])
    act()
    assert state_of() == State.SUBSCRIBED


def test_a_message_before_our_own_call_has_returned_waits_for_it(
    hook: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    sign_up_as()
    entry = delivery.claim()
    hook.put_contact(EMAIL, "pending")  # what our call did; its answer is still on the way
    hook.confirm(EMAIL)
    send(bodies(hook))
    act()
    assert state_of() == State.WAITING
    event = WebhookEvent.objects.get()
    assert event.done_at is None
    assert timedelta(seconds=2) < event.due_at - timezone.now() <= timedelta(seconds=5)
    OutboxEntry.objects.filter(pk=entry.pk).update(lease_until=None, lease_holder="")
    deliver()
    act()
    assert state_of() == State.SUBSCRIBED
    assert OutboxEntry.objects.open().count() == 0


def test_unsubscribed_while_a_sign_up_waits_cancels_it(
    hook: Sandbox, subscribed: Subscriber, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    sign_up_as()
    OutboxEntry.objects.open().update(requested_at=timezone.now() - timedelta(minutes=5))
    hook.unsubscribe(EMAIL)
    send(bodies(hook))
    act()
    assert state_of() == State.UNSUBSCRIBED
    assert OutboxEntry.objects.open().count() == 0
    assert OutboxEntry.objects.filter(outcome=Outcome.SETTLED).count() == 1
    deliver()
    assert hook.contact(EMAIL)["status"] == "unsubscribed"


def test_a_sign_up_newer_than_the_unsubscription_goes_on_and_asks_to_confirm(
    hook: Sandbox, subscribed: Subscriber, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    hook.unsubscribe(EMAIL)
    sign_up_as()
    OutboxEntry.objects.open().update(requested_at=timezone.now() + timedelta(seconds=2))
    send(bodies(hook))
    act()
    assert state_of() == State.WAITING
    assert OutboxEntry.objects.open().count() == 1
    deliver()
    assert (hook.contact(EMAIL)["status"], state_of()) == ("pending", State.AWAITING_CONFIRMATION)
