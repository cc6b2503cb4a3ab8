"""Several workers, dying workers, renewed and held entries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsletter import delivery, queue
from newsletter.gateway import Gateway
from newsletter.models import OutboxEntry, Subscriber
from newsletter.service import run_again
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


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
    real_upsert = Gateway.upsert

    def meanwhile(*args: Any) -> Any:
        answer = real_upsert(*args)
        monkeypatch.setattr(Gateway, "upsert", real_upsert)
        sign_up_as(first_name="Ada")
        return answer

    monkeypatch.setattr(Gateway, "upsert", meanwhile)
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
    subscriber = sign_up_as(held="Many came.")
    deliver()
    assert state_of() == State.HELD
    assert mailchimp.requests_for(EMAIL) == []
    sign_up_as()
    assert state_of() == State.HELD  # sent again, it stays held
    assert run_again(subscriber, user=None)
    deliver()
    assert state_of() == State.AWAITING_CONFIRMATION
