"""From the outbox to Mailchimp and back, over HTTP with the real client."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsletter import delivery, queue
from newsletter.looks import look_at_unconfirmed
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
    assert methods(mailchimp) == ["GET", "PUT", "PUT"]
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


@pytest.mark.parametrize(("special", "words"), [("complained", "left, mail bounced"), ("fake", "not a real one")])
def test_an_address_that_mailchimp_does_not_take(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, special: str, words: str
) -> None:
    mailchimp.put_contact(EMAIL, special)
    sign_up_as()
    deliver()
    subscriber = Subscriber.objects.get()
    assert subscriber.state == State.REFUSED
    assert words in subscriber.reason
    assert OutboxEntry.objects.get().outcome == Outcome.REFUSED


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


# --- Without Mailchimp -------------------------------------------------------------------------------


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
    real_body = delivery._body

    def broken(subscriber: Subscriber, *args: Any) -> Any:
        if subscriber.email == EMAIL:
            raise KeyError(subscriber.email)
        return real_body(subscriber, *args)

    monkeypatch.setattr(delivery, "_body", broken)
    sign_up_as("next@example.org")
    deliver()
    assert state_of() == State.NEEDS_ATTENTION
    assert "KeyError" in Subscriber.objects.get(email=EMAIL).reason
    assert state_of("next@example.org") == State.AWAITING_CONFIRMATION
    assert "A delivery failed" in caplog.text


# --- Pausing -----------------------------------------------------------------------------------------


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
    from newsletter.errors import OperatorMustAct

    queue.pause(OperatorMustAct("for a test"))
    delivery.deliver_due()
    assert QueueState.load().paused_since is not None  # no probe is due yet
    QueueState.objects.update(probe_at=timezone.now())
    delivery.deliver_due()
    assert QueueState.load().paused_since is None


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


# --- Leases ------------------------------------------------------------------------------------------


def test_an_entry_of_a_killed_worker_is_taken_over_after_a_minute(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, time_machine: Any
) -> None:
    sign_up_as()
    lost = delivery.claim()
    assert lost is not None
    assert delivery.claim() is None
    assert delivery.deliver_due().counts == {}
    assert Subscriber.objects.with_delivery().get().shown_state == "Being delivered"
    time_machine.move_to(timezone.now() + timedelta(seconds=61))
    assert delivery.deliver_due().counts == {"awaiting confirmation": 1}
    report = delivery.Report()
    delivery.deliver(lost, delivery.gateway_from_settings(), report)  # the dead one was only slow
    assert report.counts == {"taken over": 1}
    assert mailchimp.confirmation_mails(EMAIL) == 1


def test_a_sign_up_during_its_own_delivery_is_delivered_again(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, monkeypatch: Any
) -> None:
    sign_up_as()
    real_write = delivery._write

    def meanwhile(*args: Any) -> Any:
        answer = real_write(*args)
        monkeypatch.setattr(delivery, "_write", real_write)
        sign_up_as(first_name="Ada")
        return answer

    monkeypatch.setattr(delivery, "_write", meanwhile)
    report = deliver()
    assert report.counts == {"renewed": 1, "awaiting confirmation": 1}
    assert mailchimp.contact(EMAIL)["merge_fields"]["FNAME"] == "Ada"
    assert mailchimp.confirmation_mails(EMAIL) == 1
    assert OutboxEntry.objects.count() == 1


def test_at_most_four_calls_at_once(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> None:
    from contextlib import ExitStack

    sign_up_as()
    with ExitStack() as stack:
        slots = [stack.enter_context(queue.call_slot()) for _ in range(queue.CALL_SLOTS)]
        assert all(slots)
        assert len({slot.lease.name for slot in slots}) == 4
        assert deliver().stopped == delivery.BUSY
    assert deliver().counts == {"awaiting confirmation": 1}


def test_a_held_sign_up_is_not_sent_until_an_editor_releases_it(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    subscriber = sign_up_as(held=True)
    deliver()
    assert state_of() == State.HELD
    assert mailchimp.requests_for(EMAIL) == []
    sign_up_as()
    assert state_of() == State.HELD  # sent again, it stays held
    assert run_again(subscriber, user=None)
    deliver()
    assert state_of() == State.AWAITING_CONFIRMATION
