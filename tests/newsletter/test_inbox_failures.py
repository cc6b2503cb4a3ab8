"""Messages from Mailchimp: failures on the way, and many at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter import inbox, takeover
from newsletter.gateway import gateway_from_settings
from newsletter.models import QueueState, Subscriber, WebhookEvent
from newsletter.remote import read_member
from newsletter.states import Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of
from tests.newsletter.messages import act, bodies, send

pytestmark = pytest.mark.django_db


def test_an_older_reading_does_not_overwrite_a_newer_one(hook: Sandbox, subscribed: Subscriber) -> None:
    began = timezone.now()
    stale = read_member(gateway_from_settings(), EMAIL)
    later = timezone.now() + timedelta(seconds=5)
    Subscriber.objects.update(
        state=State.UNSUBSCRIBED, mailchimp_status="unsubscribed", mailchimp_changed_at=later, mailchimp_seen_at=later
    )
    takeover.take_over([stale], Source.WEBHOOK, began)
    assert state_of() == State.UNSUBSCRIBED
    takeover.take_over([stale], Source.WEBHOOK, later + timedelta(seconds=1))
    assert state_of() == State.SUBSCRIBED  # read afterwards: true, whatever its time says


def test_an_outage_keeps_messages_until_it_ends(hook: Sandbox, subscribed: Subscriber) -> None:
    hook.unsubscribe(EMAIL)
    send(bodies(hook))
    hook.stop()
    act()
    event = WebhookEvent.objects.get()
    assert (event.done_at, event.attempts) == (None, 1)
    assert "cannot be reached" in event.outcome
    assert event.due_at > timezone.now()
    hook.start()
    act()
    assert state_of() == State.UNSUBSCRIBED


def test_a_revoked_key_pauses_and_burns_no_tries(hook: Sandbox, subscribed: Subscriber) -> None:
    hook.unsubscribe(EMAIL)
    send(bodies(hook))
    hook.api_key = "f" * 32 + "-us1"
    act()
    assert QueueState.load().paused_since is not None
    assert WebhookEvent.objects.get().attempts == 0


def test_a_missing_audience_is_not_taken_for_a_missing_contact(hook: Sandbox, subscribed: Subscriber) -> None:
    body, _ = hook.webhook_request("unsubscribe", EMAIL)
    send([body])
    hook.audience_id = "0000000000"
    act()
    assert state_of() == State.SUBSCRIBED
    assert "MAILCHIMP_AUDIENCE_ID" in QueueState.load().paused_reason


def test_several_messages_about_one_person_cost_one_call(hook: Sandbox, subscribed: Subscriber) -> None:
    for name in ("Ada", "Augusta"):
        hook.change_profile(EMAIL, FNAME=name)
    hook.unsubscribe(EMAIL)
    hook.deliveries[0].body = hook.deliveries[0].body.replace(b"fired_at=2", b"fired_at=1")
    send([hook.deliveries[0].body, hook.deliveries[1].body, hook.deliveries[2].body])
    assert WebhookEvent.objects.count() == 3
    before = len(hook.requests_for(EMAIL))
    act()
    assert len(hook.requests_for(EMAIL)) - before == 1
    assert state_of() == State.UNSUBSCRIBED


def test_many_people_are_read_from_lists(hook: Sandbox) -> None:
    emails = [f"person{number}@example.org" for number in range(1200)]
    for email in emails:
        hook.put_contact(email, "subscribed", last_changed="2026-01-01T00:00:00+00:00")
    Subscriber.objects.bulk_create(Subscriber(email=email, email_key=email, state=State.SUBSCRIBED) for email in emails)
    hook.remove_contact(emails[7])  # not in any list: read by itself
    for email in emails[:7] + emails[8:]:
        hook.unsubscribe(email)
    send([hook.webhook_request("unsubscribe", emails[7])[0], *bodies(hook)])
    before = len(hook.requests)
    counts = act()
    assert counts[inbox.CHANGED] == 1200
    assert len(hook.requests) - before <= 8
    assert set(Subscriber.objects.values_list("state", flat=True)) == {State.UNSUBSCRIBED}
    assert WebhookEvent.objects.filter(done_at__isnull=True).count() == 0
