"""What a person asks for on their own page: new details, leaving. And what remains when wishes meet."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from newsletter import delivery
from newsletter.models import Desired, Interest, OutboxEntry, Outcome, QueueState, Subscriber
from newsletter.states import Source, State
from newsletter.wishes import want
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


@pytest.fixture
def member(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> Subscriber:
    """Somebody on the list, with names at Mailchimp too."""
    mailchimp.double_optin = False
    sign_up_as(first_name="Ada", last_name="Lovelace")
    deliver()
    mailchimp.service.log.clear()
    subscriber = Subscriber.objects.get()
    assert subscriber.state == State.SUBSCRIBED
    return subscriber


def calls(mailchimp: Sandbox) -> list[tuple[str, str]]:
    return [(record.method, record.path.rpartition("/")[2][:4]) for record in mailchimp.requests_for(EMAIL)]


def leave(subscriber: Subscriber) -> None:
    """As the person's own page does it."""
    subscriber.settle(State.UNSUBSCRIBED, Source.PERSON, "Left on the website.")
    want(subscriber, Desired.UNSUBSCRIBED)


# --- New details -------------------------------------------------------------------------------------


def test_new_details_reach_a_live_subscriber(mailchimp: Sandbox, member: Subscriber, deliver: Deliver) -> None:
    news = Interest.objects.create(label="News")
    events = Interest.objects.create(label="Events", tag="Website events")
    mailchimp.service.audience.set_tags(EMAIL, [{"name": "News", "status": "active"}])
    member.first_name, member.last_name = "Augusta", ""
    member.save()
    member.interests.set([events])
    assert want(member, Desired.PROFILE).desired == Desired.PROFILE
    deliver()
    contact = mailchimp.contact(EMAIL)
    assert contact["status"] == "subscribed"
    assert (contact["merge_fields"]["FNAME"], contact["merge_fields"]["LNAME"]) == ("Augusta", "")
    tags = {tag["name"] for tag in contact["tags"]}
    assert "Website events" in tags
    assert news.tag_name not in tags
    assert "Website" in tags  # what is no topic stays
    assert state_of() == State.SUBSCRIBED
    assert [record.body.get("status") for record in mailchimp.requests_for(EMAIL) if record.method == "PUT"] == [None]


def test_details_that_are_right_already_need_no_call_for_tags(
    mailchimp: Sandbox, member: Subscriber, deliver: Deliver
) -> None:
    Interest.objects.create(label="News")
    want(member, Desired.PROFILE)
    deliver()
    assert [method for method, _ in calls(mailchimp)] == ["GET", "PUT"]


@pytest.mark.parametrize("status", ["pending", "unsubscribed", "cleaned", "archived"])
def test_new_details_change_no_status(mailchimp: Sandbox, member: Subscriber, deliver: Deliver, status: str) -> None:
    mailchimp.put_contact(EMAIL, status)
    want(member, Desired.PROFILE)
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == status
    assert mailchimp.contact(EMAIL)["merge_fields"]["FNAME"] == "Ada"
    assert OutboxEntry.objects.open().count() == 0


def test_new_details_of_somebody_who_is_gone_are_settled(
    mailchimp: Sandbox, member: Subscriber, deliver: Deliver
) -> None:
    mailchimp.remove_contact(EMAIL)
    want(member, Desired.PROFILE)
    deliver()
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, mailchimp.contact(EMAIL)) == (State.UNSUBSCRIBED, None)
    assert "does not have this contact" in subscriber.reason
    assert OutboxEntry.objects.first().outcome == Outcome.SETTLED


def test_a_missing_audience_is_not_taken_for_a_missing_contact(
    mailchimp: Sandbox, member: Subscriber, deliver: Deliver
) -> None:
    mailchimp.audience_id = "0000000000"
    want(member, Desired.PROFILE)
    deliver()
    assert QueueState.load().paused_since is not None
    assert (state_of(), OutboxEntry.objects.open().count()) == (State.SUBSCRIBED, 1)


def test_details_that_mailchimp_does_not_take_leave_the_subscriber_one(
    mailchimp: Sandbox, member: Subscriber, deliver: Deliver
) -> None:
    mailchimp.fail("problem", method="PUT", status=400, title="Invalid Resource")
    want(member, Desired.PROFILE)
    deliver()
    subscriber = Subscriber.objects.get()
    assert subscriber.state == State.SUBSCRIBED
    assert "New details were not sent" in subscriber.reason
    assert OutboxEntry.objects.first().outcome == Outcome.FAILED


# --- Leaving -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["subscribed", "pending"])
def test_leaving_reaches_mailchimp(mailchimp: Sandbox, member: Subscriber, deliver: Deliver, status: str) -> None:
    mailchimp.put_contact(EMAIL, status)
    leave(member)
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "unsubscribed"
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.reason) == (State.UNSUBSCRIBED, "Left on the website.")
    assert (subscriber.mailchimp_status, OutboxEntry.objects.open().count()) == ("unsubscribed", 0)


@pytest.mark.parametrize("status", ["unsubscribed", "complained", "cleaned", "archived", "transactional", "gone"])
def test_leaving_needs_no_call_where_nothing_is_sent(
    mailchimp: Sandbox, member: Subscriber, deliver: Deliver, status: str
) -> None:
    if status == "gone":
        mailchimp.remove_contact(EMAIL)
    else:
        mailchimp.put_contact(EMAIL, status)
    leave(member)
    deliver()
    assert [method for method, _ in calls(mailchimp)] == ["GET"]
    assert (state_of(), OutboxEntry.objects.open().count()) == (State.UNSUBSCRIBED, 0)


def test_leaving_is_never_given_up(mailchimp: Sandbox, member: Subscriber, deliver: Deliver) -> None:
    leave(member)
    fault = mailchimp.fail("problem", method="PATCH", status=400, title="Invalid Resource")
    for _ in range(3):
        deliver()
        assert (state_of(), Subscriber.objects.get().reason) == (State.UNSUBSCRIBED, "Left on the website.")
        assert OutboxEntry.objects.open().get().due_at > timezone.now()
    assert fault.hits == 3
    mailchimp.clear_faults()
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "unsubscribed"


def test_an_outage_does_not_make_somebody_who_left_wait_again(
    mailchimp: Sandbox, member: Subscriber, deliver: Deliver
) -> None:
    leave(member)
    mailchimp.stop()
    deliver()
    assert state_of() == State.UNSUBSCRIBED
    mailchimp.start()
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "unsubscribed"


# --- When wishes meet --------------------------------------------------------------------------------


def test_a_sign_up_does_not_undo_a_leaving_that_mailchimp_was_not_told_of(
    mailchimp: Sandbox, member: Subscriber, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    """Anyone can type anyone's address: the person is back only once they confirm."""
    leave(member)
    sign_up_as()
    entry = OutboxEntry.objects.open().get()
    assert (entry.desired, entry.leaves_first) == (Desired.SUBSCRIBED, True)
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "pending"
    assert mailchimp.confirmation_mails(EMAIL) == 1
    assert state_of() == State.AWAITING_CONFIRMATION
    assert [method for method, _ in calls(mailchimp)][:3] == ["GET", "PATCH", "PUT"]


def test_a_worker_killed_between_leaving_and_returning_leaves_nothing_undone(
    mailchimp: Sandbox, member: Subscriber, sign_up_as: SignUpAs, deliver: Deliver
) -> None:
    leave(member)
    sign_up_as()
    mailchimp.fail("drop", times=1, method="PUT")
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "unsubscribed"
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "pending"


@pytest.mark.parametrize(
    ("state", "before", "wanted", "remains"),
    [
        (State.WAITING, Desired.SUBSCRIBED, Desired.SUBSCRIBED, Desired.SUBSCRIBED),
        (State.WAITING, Desired.SUBSCRIBED, Desired.PROFILE, Desired.SUBSCRIBED),
        (State.SUBSCRIBED, Desired.SUBSCRIBED, Desired.PROFILE, Desired.PROFILE),
        (State.SUBSCRIBED, Desired.PROFILE, Desired.SUBSCRIBED, Desired.PROFILE),
        (State.UNSUBSCRIBED, Desired.PROFILE, Desired.SUBSCRIBED, Desired.SUBSCRIBED),
        (State.UNSUBSCRIBED, Desired.UNSUBSCRIBED, Desired.PROFILE, Desired.UNSUBSCRIBED),
        (State.UNSUBSCRIBED, Desired.UNSUBSCRIBED, Desired.SUBSCRIBED, Desired.SUBSCRIBED),
        (State.WAITING, Desired.SUBSCRIBED, Desired.UNSUBSCRIBED, Desired.UNSUBSCRIBED),
        (State.SUBSCRIBED, Desired.PROFILE, Desired.UNSUBSCRIBED, Desired.UNSUBSCRIBED),
        (State.ERASED, Desired.ERASED, Desired.PROFILE, Desired.ERASED),
        (State.ERASED, Desired.SUBSCRIBED, Desired.ERASED, Desired.ERASED),
    ],
)
def test_which_wish_remains(state: State, before: Desired, wanted: Desired, remains: Desired) -> None:
    subscriber = Subscriber.objects.create(email=EMAIL, email_key=EMAIL.lower(), state=state)
    first = want(subscriber, before)
    entry = want(subscriber, wanted)
    assert (entry.pk, entry.desired, entry.sequence) == (first.pk, remains, 2)
    assert (entry.requested_at > first.requested_at) is (remains == wanted)
    assert entry.leaves_first is (before == Desired.UNSUBSCRIBED and remains == Desired.SUBSCRIBED)


def test_details_do_not_release_a_sign_up_that_is_held() -> None:
    subscriber = Subscriber.objects.create(email=EMAIL, email_key=EMAIL.lower(), state=State.HELD)
    want(subscriber, Desired.SUBSCRIBED, held=True)
    assert want(subscriber, Desired.PROFILE).held_at is not None


def test_leaving_again_forgets_the_return(mailchimp: Sandbox, member: Subscriber, sign_up_as: SignUpAs) -> None:
    leave(member)
    sign_up_as()
    assert want(member, Desired.UNSUBSCRIBED).leaves_first is False


def test_a_failure_of_an_older_wish_does_not_end_a_newer_one(
    mailchimp: Sandbox, member: Subscriber, deliver: Deliver, monkeypatch: Any
) -> None:
    from newsletter.gateway import Gateway

    real = Gateway.upsert

    def leaves_meanwhile(*args: Any) -> Any:
        leave(Subscriber.objects.get())
        return real(*args)

    mailchimp.fail("problem", method="PUT", times=1, status=400, title="Invalid Resource")
    monkeypatch.setattr(Gateway, "upsert", leaves_meanwhile)
    want(member, Desired.PROFILE)
    deliver()
    assert mailchimp.contact(EMAIL)["status"] == "unsubscribed"
    assert (state_of(), OutboxEntry.objects.open().count()) == (State.UNSUBSCRIBED, 0)
