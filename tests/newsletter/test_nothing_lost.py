"""Every sign-up that was answered with success ends as Mailchimp has it, or where a person can see it: faults.

Each test is named after its line in the list of what the site is held to (A1 to A6), in its own words.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from newsletter import alerts, delivery, sending
from newsletter.gateway import Gateway, gateway_from_settings
from newsletter.models import OutboxEntry, QueueState, Subscriber
from newsletter.service import run_again
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, Pages, state_of
from tests.newsletter.threads import in_thread, in_threads

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]
Worker = Callable[[timedelta, timedelta], None]


def address(number: int) -> str:
    return f"person{number}@example.org"


def arrived(state: State = State.AWAITING_CONFIRMATION) -> int:
    return Subscriber.objects.filter(state=state).count()


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    settings.SIGNUP_LIMIT_PER_IP = settings.SIGNUP_LIMIT_GLOBAL = settings.SIGNUP_LIMIT_PER_ADDRESS = 0


@pytest.fixture
def work_for(time_machine: Any) -> Worker:
    """Let so much time pass, with the worker's clock delivering at every step of it."""

    def run(span: timedelta, step: timedelta) -> None:
        end = timezone.now() + span
        while timezone.now() < end:
            time_machine.move_to(timezone.now() + step)
            delivery.deliver_due()

    return run


# --- A1: refused connections for a day ---------------------------------------------------------------


@pytest.mark.slow
def test_a1_refused_connections_for_a_day(
    mailchimp: Sandbox, visitor: Client, pages: Pages, work_for: Worker, record_property: Any
) -> None:
    """All 500 arrive within 10 minutes of its return; the form's p95 stays under 300 ms."""
    mailchimp.stop()
    milliseconds = []
    for hour in range(25):
        for number in range(hour * 20, hour * 20 + 20):
            began = time.perf_counter()
            assert visitor.post(pages.newsletter.url, {"email": address(number)}).status_code == 303
            milliseconds.append((time.perf_counter() - began) * 1000)
        work_for(timedelta(hours=1), timedelta(minutes=10))
    assert OutboxEntry.objects.open().count() == 500
    mailchimp.start()
    back_at = timezone.now()
    while OutboxEntry.objects.open().exists() and timezone.now() - back_at < timedelta(minutes=10):
        work_for(timedelta(seconds=5), timedelta(seconds=5))
    minutes = (timezone.now() - back_at).total_seconds() / 60
    p95 = statistics.quantiles(milliseconds, n=20)[-1]
    print(f"A1: all 500 after {minutes:.1f} simulated minutes, {len(mailchimp.requests)} calls, form p95 {p95:.0f} ms")
    assert arrived() == len(mailchimp.contacts) == 500
    assert {mailchimp.confirmation_mails(address(number)) for number in range(500)} == {1}
    assert minutes <= 10
    assert p95 < 300


# --- A2: no answer, or one byte at a time ------------------------------------------------------------


@pytest.mark.parametrize("others", [0, 25])
@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_a2_no_answer_or_one_byte_at_a_time(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, monkeypatch: Any, kind: str, others: int
) -> None:
    """The calls of a delivery have a limit together; what was sent is tried again, alone and in bulk."""
    monkeypatch.setattr(sending, "DELIVERY_SECONDS", 1.0)
    monkeypatch.setattr("newsletter.bulk.DELIVERY_SECONDS", 1.0)
    mailchimp.fail("delay", seconds=0.6, method="GET")  # the first call takes its part of the time
    mailchimp.fail(kind, interval=0.1, seconds=30)
    for number in range(others + 1):
        sign_up_as(address(number))
    began = time.monotonic()
    delivery.deliver_due(run_seconds=0.5)
    assert 0.9 < time.monotonic() - began < 3
    assert OutboxEntry.objects.open().filter(attempts=1, error_class="retry").count() == others + 1
    mailchimp.clear_faults()
    deliver()
    assert arrived() == others + 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_a2_a_call_ends_after_fifteen_seconds(mailchimp: Sandbox, sign_up_as: SignUpAs, kind: str) -> None:
    mailchimp.fail(kind, interval=1, seconds=40)
    sign_up_as()
    began = time.monotonic()
    delivery.deliver_due(run_seconds=1)
    assert 14.5 < time.monotonic() - began < 17
    assert state_of() == State.WAITING


def test_a2_the_form_is_untouched(mailchimp: Sandbox, visitor: Client, pages: Pages) -> None:
    fault = mailchimp.fail("hang")
    began = time.monotonic()
    assert visitor.post(pages.newsletter.url, {"email": EMAIL}).status_code == 303
    assert time.monotonic() - began < 2
    assert fault.hits == 0


# --- A3: 429s and bare 403s --------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "status"), [("empty", 429), ("bare", 403)])
def test_a3_too_many_requests_and_bare_403s(
    mailchimp: Sandbox, sign_up_as: SignUpAs, work_for: Worker, kind: str, status: int
) -> None:
    """Backoff is jittered and no row is given up."""
    for number in range(10):
        sign_up_as(address(number))
    mailchimp.fail(kind, status=status)
    work_for(timedelta(minutes=30), timedelta(seconds=30))
    entries = list(OutboxEntry.objects.open())
    assert len(entries) == 10
    assert all(entry.attempts >= 2 for entry in entries)
    assert len({entry.due_at for entry in entries}) == 10  # spread
    assert len(mailchimp.requests) < 150  # it is left alone more and more
    mailchimp.clear_faults()
    work_for(timedelta(hours=1, minutes=20), timedelta(minutes=1))
    assert arrived() == 10


def test_a3_at_most_four_calls_at_once(shared_database: None, settings: Any) -> None:
    """Over all workers, singly and in bulk, with an answer of "too many requests" now and then."""
    from newsletter.models.consent import FALLBACK_WORDING
    from newsletter.service import SignUp, sign_up

    def write() -> None:
        for number in range(45):
            sign_up(SignUp(email=address(number), wording=FALLBACK_WORDING))
        Subscriber.objects.filter(email__in=[address(n) for n in range(15)]).update(mailchimp_seen_at=timezone.now())

    def work() -> None:
        for _ in range(40):
            OutboxEntry.objects.free().update(due_at=timezone.now())
            if not OutboxEntry.objects.open().exists():
                return
            delivery.deliver_due()
            time.sleep(0.05)

    in_thread(write)
    with Sandbox() as mailchimp:
        settings.MAILCHIMP_API_KEY = mailchimp.api_key
        settings.MAILCHIMP_AUDIENCE_ID = mailchimp.audience_id
        settings.MAILCHIMP_BASE_URL = mailchimp.base_url
        mailchimp.fail("empty", status=429, times=6)
        mailchimp.fail("delay", seconds=0.03)
        in_threads([work] * 8)
        assert 1 < mailchimp.peak_concurrency <= 4
        assert len(mailchimp.contacts) == 45
        assert {mailchimp.confirmation_mails(address(number)) for number in range(45)} == {1}
    assert in_thread(arrived) == 45


# --- A4: nonsense ------------------------------------------------------------------------------------


@pytest.mark.parametrize("others", [0, 25])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("html", {"status": 200}),
        ("html", {"status": 502}),
        ("truncated", {}),
        ("empty", {"status": 500}),
        ("empty", {"status": 400}),
        ("huge", {"size": 5_000_000}),
    ],
)
def test_a4_html_truncated_json_an_empty_error_a_long_answer(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, kind: str, options: dict[str, Any], others: int
) -> None:
    """Tried again, at each call in turn; no crash."""
    for number in range(others + 1):
        sign_up_as(address(number))
    calls = "GET POST" if others else "GET PUT POST"
    for method in calls.split():
        fault = mailchimp.fail(kind, times=1, method=method, **options)
        deliver()
        assert fault.hits == 1
        assert arrived() < others + 1
    deliver()
    assert arrived() == others + 1
    assert {mailchimp.confirmation_mails(address(number)) for number in range(others + 1)} == {1}


def test_a4_at_most_one_megabyte_is_read(mailchimp: Sandbox, monkeypatch: Any) -> None:
    """4 MB for the one answer that is long by nature: that to 500 contacts."""
    import requests

    read = 0
    real = requests.Response.iter_content

    def counted(self: Any, size: int) -> Any:
        nonlocal read
        for chunk in real(self, size):
            read += len(chunk)
            yield chunk

    monkeypatch.setattr(requests.Response, "iter_content", counted)
    mailchimp.fail("huge", size=20_000_000)
    gateway = gateway_from_settings()
    assert isinstance(gateway, Gateway)
    for call, most in ((gateway.ping, 1_000_000), (lambda: gateway.subscribe_many([]), 4_000_000)):
        read = 0
        with pytest.raises(Exception, match="too long"):
            call()
        assert most < read <= most + 64 * 1024


# --- A5: a revoked key -------------------------------------------------------------------------------


@pytest.mark.parametrize("number_of_people", [3, 30])
def test_a5_a_revoked_key_pauses_the_queue(
    mailchimp: Sandbox, sign_up_as: SignUpAs, work_for: Worker, settings: Any, caplog: Any, number_of_people: int
) -> None:
    """One alert, no attempts burnt, and a new key resumes it."""
    settings.NEWSLETTER_ALERT_EMAIL = ["operator@example.com"]
    for number in range(number_of_people):
        sign_up_as(address(number))
    mailchimp.api_key = "f" * 32 + "-us99"
    for _ in range(24):
        work_for(timedelta(hours=1), timedelta(minutes=5))
        alerts.send_due_alert()
    assert QueueState.load().paused_since is not None
    assert caplog.text.count("are paused") == 1
    assert len(mail.outbox) == 1
    assert "API key" in mail.outbox[0].body
    assert set(OutboxEntry.objects.values_list("attempts", "lease_holder", "done_at")) == {(0, "", None)}
    assert len(mailchimp.requests) < 24 * 12 + 10  # one probe each time, no deliveries
    settings.MAILCHIMP_API_KEY = mailchimp.api_key
    work_for(timedelta(minutes=2), timedelta(seconds=5))
    assert QueueState.load().paused_since is None
    assert arrived() == number_of_people


# --- A6: what no repetition mends --------------------------------------------------------------------


@pytest.mark.parametrize("others", [2, 25])
@pytest.mark.parametrize(
    ("special", "words"),
    [
        ("complained", "complained"),
        ("forgotten", "permanently deleted"),
        ("fake", "not a real"),
        ("too_many_lists", "many"),
    ],
)
def test_a6_compliance_forgotten_fake_too_many_lists(
    mailchimp: Sandbox, sign_up_as: SignUpAs, work_for: Worker, special: str, words: str, others: int
) -> None:
    """A final state with its reason and a way to run it again; no endless retry; others are not blocked."""
    mailchimp.put_contact(EMAIL, special)
    subscriber = sign_up_as()
    for number in range(others):
        sign_up_as(address(number))
    work_for(timedelta(seconds=10), timedelta(seconds=5))
    assert arrived() == others
    work_for(timedelta(days=12), timedelta(hours=6))
    subscriber.refresh_from_db()
    assert subscriber.state == State.REFUSED
    assert words in subscriber.reason
    assert "/subscribe" in subscriber.reason or special == "too_many_lists"
    assert "@" not in subscriber.reason
    assert OutboxEntry.objects.open().count() == 0
    calls = len(mailchimp.requests_for(EMAIL))
    assert calls <= 2 + 2 * 5
    work_for(timedelta(days=2), timedelta(hours=6))
    assert len(mailchimp.requests_for(EMAIL)) == calls
    mailchimp.put_contact(EMAIL, "pending")
    assert run_again(subscriber, user=None)
    work_for(timedelta(seconds=10), timedelta(seconds=5))
    assert state_of() == State.AWAITING_CONFIRMATION
