"""A backlog in bulk: few calls, each answer matched to its row, and single calls for whatever is not certain."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsletter import bulk, delivery
from newsletter.models import OutboxEntry, Outcome, QueueState, Subscriber, Transition
from newsletter.states import Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]
LEASE = timedelta(seconds=60)


def address(number: int) -> str:
    return f"person{number}@example.org"


@pytest.fixture
def backlog(mailchimp: Sandbox, sign_up_as: SignUpAs) -> list[Subscriber]:
    return [sign_up_as(address(number), first_name=f"Ada{number}") for number in range(30)]


def batches(mailchimp: Sandbox) -> list[int]:
    """How many contacts each call in bulk carried."""
    return [len(record.body["members"]) for record in mailchimp.requests if "members" in (record.body or {})]


def single_calls(mailchimp: Sandbox) -> int:
    return sum("/members/" in record.path for record in mailchimp.requests)


@pytest.mark.parametrize("double_opt_in", [True, False])
def test_a_backlog_goes_in_one_call(
    mailchimp: Sandbox, backlog: list[Subscriber], deliver: Deliver, double_opt_in: bool
) -> None:
    mailchimp.double_optin = double_opt_in
    report = deliver()
    state = State.AWAITING_CONFIRMATION if double_opt_in else State.SUBSCRIBED
    assert report.counts == {state.label.lower(): 30}
    assert (batches(mailchimp), single_calls(mailchimp)) == ([30], 0)
    for subscriber in Subscriber.objects.all():
        contact = mailchimp.contact(subscriber.email)
        assert contact["status"] == subscriber.mailchimp_status == ("pending" if double_opt_in else "subscribed")
        assert contact["merge_fields"]["FNAME"] == subscriber.first_name
        assert contact["unique_email_id"] == subscriber.mailchimp_id
        assert contact["timestamp_signup"][:19] == subscriber.signed_up_at.isoformat()[:19]
        assert contact["language"] == "en"
        assert subscriber.state == state
        assert subscriber.mailchimp_seen_at is not None
        assert (subscriber.next_look_at is not None) is double_opt_in
        assert mailchimp.confirmation_mails(subscriber.email) == (1 if double_opt_in else 0)
    entries = OutboxEntry.objects.all()
    assert {(e.outcome, e.attempts, e.lease_holder, e.lease_until, e.error) for e in entries} == {
        (Outcome.DELIVERED, 1, "", None, "")
    }
    assert all(entry.done_at for entry in entries)
    steps = Transition.objects.filter(subscriber=backlog[7]).values_list("from_state", "to_state", "source")
    assert list(steps) == [("", State.WAITING, Source.FORM), (State.WAITING, state, Source.DELIVERY)]


def test_those_who_come_during_a_rush_are_gathered(
    mailchimp: Sandbox,
    backlog: list[Subscriber],
    sign_up_as: SignUpAs,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between two calls time is left in which the next one fills, instead of many small calls."""
    to_come = iter(range(100, 125))

    def more_come(seconds: float) -> bool:
        for number in to_come:
            sign_up_as(address(number))
        return False

    monkeypatch.setattr(delivery.stopping, "wait", more_come)
    deliver()
    assert (batches(mailchimp), single_calls(mailchimp)) == ([30, 25], 0)


def test_few_sign_ups_go_one_by_one(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> None:
    for number in range(bulk.MINIMUM - 1):
        sign_up_as(address(number))
    deliver()
    assert batches(mailchimp) == []
    assert len(mailchimp.contacts) == bulk.MINIMUM - 1


def test_contacts_that_are_there_already_are_delivered_one_by_one(
    mailchimp: Sandbox, backlog: list[Subscriber], deliver: Deliver
) -> None:
    """In bulk their status would be overwritten: a live subscriber demoted, one who left brought back."""
    mailchimp.put_contact(address(1), "subscribed", merge_fields={"FNAME": "Real", "LNAME": "Person"})
    mailchimp.put_contact(address(2), "unsubscribed", last_changed="2020-01-01T00:00:00+00:00")
    mailchimp.put_contact(address(3), "cleaned")
    mailchimp.put_contact(address(4), "complained", last_changed="2020-01-01T00:00:00+00:00")
    report = deliver()
    assert report.counts["sent alone"] == 4
    assert batches(mailchimp) == [30]  # and not again
    assert mailchimp.contact(address(1))["status"] == "subscribed"
    assert mailchimp.contact(address(1))["merge_fields"]["FNAME"] == "Real"
    assert (state_of(address(1)), state_of(address(2))) == (State.SUBSCRIBED, State.AWAITING_CONFIRMATION)
    assert mailchimp.confirmation_mails(address(2)) == 1
    assert (state_of(address(3)), state_of(address(4))) == (State.BOUNCED, State.REFUSED)
    assert OutboxEntry.objects.open().count() == 0


def test_refused_contacts_end_with_their_reason_and_block_nobody(
    mailchimp: Sandbox, backlog: list[Subscriber], deliver: Deliver
) -> None:
    mailchimp.put_contact(address(1), "fake")
    mailchimp.put_contact(address(2), "too_many_lists")
    mailchimp.put_contact(address(3), "forgotten")
    deliver()
    fake, forgotten = Subscriber.objects.get(email=address(1)), Subscriber.objects.get(email=address(3))
    assert (fake.state, forgotten.state) == (State.REFUSED, State.REFUSED)
    assert "not a real one" in fake.reason
    assert "permanently deleted" in forgotten.reason
    assert "/subscribe" in forgotten.reason
    assert OutboxEntry.objects.get(subscriber=fake).outcome == Outcome.REFUSED
    paced = OutboxEntry.objects.open().get()
    assert (paced.subscriber.email, paced.is_paced) == (address(2), True)
    assert timedelta(minutes=4) < paced.due_at - timezone.now() < timedelta(minutes=6)
    assert Subscriber.objects.filter(state=State.AWAITING_CONFIRMATION).count() == 27
    assert single_calls(mailchimp) == 0


def test_an_answer_that_leaves_somebody_out_is_completed_one_by_one(
    mailchimp: Sandbox, backlog: list[Subscriber], deliver: Deliver, monkeypatch: Any
) -> None:
    from newsletter.gateway import Gateway

    real = Gateway.subscribe_many

    def forgetful(*args: Any) -> Any:
        result = real(*args)
        result.added.pop(next(iter(result.added)))
        return result

    monkeypatch.setattr(Gateway, "subscribe_many", forgetful)
    report = deliver()
    assert report.counts["sent alone"] == 1
    assert Subscriber.objects.filter(state=State.AWAITING_CONFIRMATION).count() == 30
    assert {mailchimp.confirmation_mails(address(number)) for number in range(30)} == {1}


@pytest.mark.parametrize(
    ("kind", "options"), [("html", {}), ("truncated", {}), ("cut", {}), ("empty", {}), ("bare", {})]
)
def test_a_failed_call_is_tried_again_in_bulk(
    mailchimp: Sandbox, backlog: list[Subscriber], deliver: Deliver, kind: str, options: dict[str, Any]
) -> None:
    mailchimp.fail(kind, times=1, method="POST", **options)
    report = deliver()
    assert report.counts == {"waiting": 30}
    entries = OutboxEntry.objects.open()
    assert {(entry.attempts, entry.error_class, entry.lease_until) for entry in entries} == {(1, "retry", None)}
    waits = {(entry.due_at - timezone.now()).total_seconds() for entry in entries}
    assert len(waits) == 30  # spread, so that they do not come back together
    assert all(50 < wait < 80 for wait in waits)
    assert all("tried again" in reason for reason in Subscriber.objects.values_list("reason", flat=True))
    deliver()
    assert (batches(mailchimp), single_calls(mailchimp)) == ([30, 30], 0)
    assert Subscriber.objects.filter(state=State.AWAITING_CONFIRMATION).count() == 30


@pytest.mark.parametrize("double_opt_in", [True, False])
def test_an_answer_that_was_lost_after_the_work_was_done_has_no_double_effect(
    mailchimp: Sandbox, backlog: list[Subscriber], deliver: Deliver, double_opt_in: bool
) -> None:
    mailchimp.double_optin = double_opt_in
    mailchimp.fail("drop", times=1, method="POST", work_done=True)
    deliver()
    deliver()
    state = State.AWAITING_CONFIRMATION if double_opt_in else State.SUBSCRIBED
    assert Subscriber.objects.filter(state=state).count() == 30
    assert {mailchimp.confirmation_mails(address(number)) for number in range(30)} == {int(double_opt_in)}
    assert {contact["merge_fields"]["FNAME"] for contact in mailchimp.contacts} == {f"Ada{n}" for n in range(30)}


def test_what_fails_halves_the_next_call(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, monkeypatch: Any
) -> None:
    monkeypatch.setattr(bulk, "BATCH_SIZE", 80)
    for number in range(120):
        sign_up_as(address(number))
    mailchimp.fail("drop", times=2, method="POST")
    deliver()
    assert batches(mailchimp) == [80, 40]  # nothing is left that is due


def test_a_call_refused_as_a_whole_is_made_one_by_one(
    mailchimp: Sandbox, backlog: list[Subscriber], deliver: Deliver
) -> None:
    mailchimp.fail("problem", times=1, method="POST", status=400, title="Invalid Resource")
    report = deliver()
    assert report.counts == {"sent alone": 30, "awaiting confirmation": 30}
    assert batches(mailchimp) == [30]


def test_a_fault_of_ours_stops_at_the_one_it_is_about(
    mailchimp: Sandbox, backlog: list[Subscriber], deliver: Deliver, monkeypatch: Any
) -> None:
    from newsletter import payload

    real = payload.merge_fields

    def broken(subscriber: Subscriber, *args: Any) -> Any:
        if subscriber.email == address(5):
            raise KeyError(subscriber.email)
        return real(subscriber, *args)

    monkeypatch.setattr(payload, "merge_fields", broken)
    deliver()
    assert state_of(address(5)) == State.NEEDS_ATTENTION
    assert Subscriber.objects.filter(state=State.AWAITING_CONFIRMATION).count() == 29


def test_a_revoked_key_pauses_and_burns_no_attempts(
    mailchimp: Sandbox, backlog: list[Subscriber], deliver: Deliver
) -> None:
    mailchimp.fail("problem", method="POST", title="API Key Invalid")
    deliver()
    assert QueueState.load().paused_since is not None
    assert set(OutboxEntry.objects.values_list("attempts", "lease_holder")) == {(0, "")}


def test_somebody_who_signs_up_again_meanwhile_is_delivered_again(
    mailchimp: Sandbox, backlog: list[Subscriber], sign_up_as: SignUpAs, deliver: Deliver, monkeypatch: Any
) -> None:
    from newsletter.gateway import Gateway

    real = Gateway.subscribe_many

    def meanwhile(*args: Any) -> Any:
        sign_up_as(address(3), last_name="Lovelace")
        return real(*args)

    monkeypatch.setattr(Gateway, "subscribe_many", meanwhile)
    deliver()
    assert mailchimp.contact(address(3))["merge_fields"]["LNAME"] == "Lovelace"
    assert mailchimp.confirmation_mails(address(3)) == 1
    assert Subscriber.objects.filter(state=State.AWAITING_CONFIRMATION).count() == 30


def test_what_a_killed_worker_had_is_taken_over_after_a_minute(
    mailchimp: Sandbox, backlog: list[Subscriber], time_machine: Any
) -> None:
    lost = bulk.claim(bulk.BATCH_SIZE, LEASE)
    assert len(lost) == 30
    assert bulk.claim(bulk.BATCH_SIZE, LEASE) == []
    assert delivery.deliver_due().counts == {}
    time_machine.move_to(timezone.now() + timedelta(seconds=61))
    assert delivery.deliver_due().counts == {"awaiting confirmation": 30}
    report = delivery.Report()
    bulk.deliver(lost, delivery.gateway_from_settings(), report.counts)  # the dead one was only slow
    assert report.counts == {"taken over": 30}
    assert {mailchimp.confirmation_mails(address(number)) for number in range(30)} == {1}


def test_a_backlog_does_not_keep_others_waiting(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, monkeypatch: Any
) -> None:
    monkeypatch.setattr(bulk, "BATCH_SIZE", 20)
    for number in range(60):
        sign_up_as(address(number))
    known = sign_up_as("known@example.org")
    Subscriber.objects.filter(pk=known.pk).update(mailchimp_seen_at=timezone.now())
    deliver()
    order = [record.path.rpartition("/")[2] for record in mailchimp.requests if record.method in ("POST", "PUT")]
    assert order[1] == mailchimp.contact("known@example.org")["id"]  # after the first batch of three
    assert batches(mailchimp) == [20, 20, 20]


def test_the_long_answer_to_many_is_read_and_others_are_not(mailchimp: Sandbox) -> None:
    from newsletter.gateway import MANY_MAX_BYTES, gateway_from_settings
    from newsletter.transport import MAX_BYTES

    assert (MAX_BYTES, MANY_MAX_BYTES) == (1_000_000, 4_000_000)
    members = [
        {"email_address": address(n), "status": "pending", "merge_fields": {"FNAME": "x" * 200}} for n in range(500)
    ]
    gateway = gateway_from_settings()
    assert len(gateway.subscribe_many(members).added) == 500
    for kind, call in (("GET", gateway.ping), ("POST", lambda: gateway.subscribe_many(members))):
        mailchimp.fail("huge", method=kind, size=3_000_000 if kind == "GET" else 5_000_000, times=1)
        with pytest.raises(Exception, match="too long"):
            call()
