"""A canary address comes back from Mailchimp, goes in bulk and is looked after in the admin: in no log and no URL."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from newsletter.models import OutboxEntry, Reconciliation, Subscriber, WebhookEvent
from newsletter.reconcile import reconcile
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.messages import act, bodies, send
from tests.newsletter.test_privacy import CANARY, everything_logged, scrubbed

SignUpAs = Callable[..., Subscriber]
pytestmark = pytest.mark.django_db
LISTING = "/admin/newsletter/subscriber/"


@pytest.fixture
def silent(caplog: Any, capfd: Any) -> Callable[[Sandbox], None]:
    """Check that nothing that was written, called or kept names the canary."""
    caplog.set_level(logging.DEBUG)

    def check(mailchimp: Sandbox) -> None:
        lines = everything_logged(caplog).splitlines()
        # Debug lines of the database show queries; they are off outside tests (core.logs).
        assert "canary" not in scrubbed("\n".join(line for line in lines if "django.db.backends" not in line))
        out, err = capfd.readouterr()
        assert "canary" not in (out + err).lower()
        assert not any("canary" in str(key).lower() for key in cache._cache)
        assert not any("canary" in record.path.lower() for record in mailchimp.requests)

    return check


def test_in_bulk_back_by_messages_and_by_comparison(
    hook: Sandbox, sign_up_as: SignUpAs, deliver: Callable[[], Any], silent: Callable[[Sandbox], None]
) -> None:
    for n in range(30):
        sign_up_as(f"{n}{CANARY}" if n else CANARY)
    deliver()
    assert not OutboxEntry.objects.open().exists()
    hook.confirm(CANARY)
    hook.unsubscribe(f"1{CANARY}")
    send(bodies(hook))
    hook.fail("html", path="/members", times=1)
    act()
    act()
    assert not WebhookEvent.objects.filter(done_at__isnull=True).exists()
    assert Subscriber.objects.get(email_key=CANARY.lower()).state == State.SUBSCRIBED
    reconcile(full=True)
    silent(hook)
    told = [
        *WebhookEvent.objects.values_list("outcome", flat=True),
        *Reconciliation.objects.values_list("error", flat=True),
    ]
    assert "canary" not in str(told).lower()


def test_looked_after_in_the_admin(
    mailchimp: Sandbox,
    manager: Client,
    sign_up_as: SignUpAs,
    deliver: Callable[[], Any],
    silent: Callable[[Sandbox], None],
) -> None:
    person = sign_up_as(CANARY)
    deliver()
    answers = [manager.post(f"{LISTING}search/", {"term": CANARY})]
    answers.append(manager.get(answers[0]["Location"]))
    answers.append(manager.get(f"{LISTING}inspect/{person.pk}/"))
    answers.append(manager.post(f"{LISTING}run/{person.pk}/"))
    answers.append(manager.post(f"{LISTING}erase/{person.pk}/"))
    assert all(answer.status_code in (200, 302) for answer in answers)
    assert not any("canary" in answer.get("Location", "").lower() for answer in answers)
    deliver()
    assert Subscriber.objects.get(pk=person.pk).state == State.ERASED
    silent(mailchimp)
