"""`newsletter_doctor`: whether sign-ups flow, in plain words, and what to do when not."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.worker.presence import Presence
from newsletter.models import OutboxEntry, QueueState, Reconciliation, Subscriber, WebhookEvent
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]


@pytest.fixture(autouse=True)
def worker(db: None) -> Presence:
    """A worker that was heard of just now."""
    presence = Presence()
    presence.beat()
    return presence


def run() -> tuple[int, list[str]]:
    """Exit code and lines of the command."""
    out = StringIO()
    try:
        call_command("newsletter_doctor", stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def finds(level: str, part: str, lines: list[str]) -> bool:
    """Whether a line of that level, other than the verdict, says it."""
    return any(line.strip().startswith(level) and part in line for line in lines[:-1])


def test_all_is_well(mailchimp: Sandbox) -> None:
    code, lines = run()
    assert code == 0
    for part in (
        "accepts the key",
        "Stand-in for Mailchimp",
        "Newsletter (stand-in)",
        "double opt-in on",
        "first and last names",
        "1 worker running",
        "Nothing waits",
        "SIGNUP_LIMIT_PER_IP=60",
    ):
        assert finds("ok", part, lines), part
    assert not any("PROBLEM" in line for line in lines)
    assert "Sign-ups flow." in lines[-1]
    assert QueueState.load().audience_name == "Newsletter (stand-in)"
    assert {record.method for record in mailchimp.requests} == {"GET"}


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"MAILCHIMP_API_KEY": ""}, "MAILCHIMP_API_KEY is not set"),
        ({"MAILCHIMP_API_KEY": "mistyped"}, "does not look like a key"),
        ({"MAILCHIMP_API_KEY": "f" * 32 + "-us1"}, "refuses the API key"),
        ({"MAILCHIMP_AUDIENCE_ID": "0000000000"}, "does not know the audience"),
        ({"MAILCHIMP_BASE_URL": "http://127.0.0.1:1"}, "cannot be reached"),
    ],
)
def test_the_problem_is_named(mailchimp: Sandbox, settings: Any, change: dict[str, str], part: str) -> None:
    for name, value in change.items():
        setattr(settings, name, value)
    code, lines = run()
    assert code == 1
    assert finds("PROBLEM", part, lines)
    assert lines[-1].strip().startswith("PROBLEM  Sign-ups are kept, but something must be done")
    assert part in lines[-1]


def test_a_role_that_may_too_little(mailchimp: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.remote.account", lambda gateway: ("Ours", "viewer"))
    code, lines = run()
    assert (code, finds("PROBLEM", "it takes a manager or above", lines)) == (1, True)


def test_no_worker(mailchimp: Sandbox, worker: Presence) -> None:
    worker.leave()
    code, lines = run()
    assert (code, finds("PROBLEM", "No worker is running", lines)) == (1, True)


def test_nobody_delivers(mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    code, lines = run()
    assert (code, finds("note", "1 waiting", lines)) == (0, True)
    OutboxEntry.objects.update(due_at=timezone.now() - timedelta(hours=1))
    code, lines = run()
    assert (code, finds("PROBLEM", "nobody delivers them", lines)) == (1, True)


def test_a_pause_an_outage_and_missing_fields(mailchimp: Sandbox) -> None:
    QueueState(pk=QueueState.PK, paused_since=timezone.now(), paused_reason="For a test.").save()
    mailchimp.service.audience.merge_fields.clear()
    code, lines = run()
    assert code == 1
    assert finds("PROBLEM", "paused since", lines)
    assert finds("note", "no field FNAME or LNAME", lines)
    QueueState.objects.update(paused_since=None, outage_since=timezone.now())
    code, lines = run()
    assert (code, finds("note", "has not answered since", lines)) == (0, True)


def test_held_and_stuck_people_are_counted(mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    sign_up_as(held="Many came.")
    sign_up_as("stuck@example.org")
    Subscriber.objects.filter(email="stuck@example.org").update(state=State.NEEDS_ATTENTION)
    code, lines = run()
    assert code == 0
    assert finds("note", "1 held for an editor", lines)
    assert finds("note", "1 in need of attention", lines)


def test_messages(mailchimp: Sandbox) -> None:
    _, lines = run()
    assert finds("ok", "no message so far", lines)
    long_ago = timezone.now() - timedelta(hours=2)
    QueueState.objects.update(last_webhook_at=long_ago)
    WebhookEvent.objects.create(fingerprint="1", kind="profile", body="{}", received_at=long_ago, outcome="Slow.")
    _, lines = run()
    assert finds("ok", "The last message from Mailchimp came 2\xa0hours ago", lines)
    assert finds("note", "1 messages wait, the oldest for 2\xa0hours. Slow.", lines)
    assert not any(EMAIL in line for line in lines)


def test_comparisons(mailchimp: Sandbox) -> None:
    _, lines = run()
    assert finds("note", "not been compared", lines)
    now = timezone.now()
    run_of_today = Reconciliation.objects.create(extent="full", finished_at=now - timedelta(minutes=30))
    _, lines = run()
    assert finds("ok", "last compared with Mailchimp's 30\xa0minutes ago", lines)
    Reconciliation.objects.create(extent="changes", error="Mailchimp cannot be reached.")
    code, lines = run()
    assert (code, finds("note", "The one under way stopped: Mailchimp cannot be reached.", lines)) == (0, True)
    Reconciliation.objects.filter(pk=run_of_today.pk).update(finished_at=now - timedelta(hours=4))
    code, lines = run()
    assert (code, finds("PROBLEM", "should happen every hour", lines)) == (1, True)


def test_no_limits(mailchimp: Sandbox, settings: Any) -> None:
    settings.SIGNUP_LIMIT_GLOBAL = 0
    code, lines = run()
    assert (code, finds("note", "SIGNUP_LIMIT_GLOBAL=none", lines)) == (0, True)
