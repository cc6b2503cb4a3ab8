"""One transaction, whatever happens at the same moment."""

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, connections
from django.test import Client
from django_tasks_db.models import DBTaskResult

from newsletter import delivery, service
from newsletter.models import Consent, OutboxEntry, Subscriber, Transition
from newsletter.models.consent import FALLBACK_WORDING
from newsletter.service import SignUp, run_again, sign_up
from newsletter.states import Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL
from tests.newsletter.threads import in_thread, in_threads

SignUpAs = Callable[..., Subscriber]


@pytest.mark.django_db
def test_all_is_written_or_nothing(monkeypatch: Any, sign_up_as: SignUpAs) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(service, "want", fails)
    with pytest.raises(DatabaseError):
        sign_up_as()
    for model in (Subscriber, Consent, OutboxEntry, Transition):
        assert not model.objects.exists()


@pytest.mark.django_db
def test_the_same_form_sent_again_renews_the_one_entry(sign_up_as: SignUpAs) -> None:
    for email in (EMAIL, EMAIL.upper(), f" {EMAIL.lower()}"):
        sign_up_as(email)
    assert Subscriber.objects.count() == 1
    entry = OutboxEntry.objects.get()
    assert entry.sequence == 3
    assert entry.requested_at == Subscriber.objects.get().signed_up_at
    assert Consent.objects.count() == 3
    assert Transition.objects.count() == 1


@pytest.mark.django_db
def test_one_wake_up_waits_at_a_time(sign_up_as: SignUpAs, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for n in range(5):
            sign_up_as(f"person{n}@example.org")
    task = DBTaskResult.objects.get()
    assert task.backend_name == task.queue_name == "background"


@pytest.mark.django_db
def test_a_worker_that_cannot_be_woken_costs_no_sign_up(
    sign_up_as: SignUpAs, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    def locked() -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("newsletter.tasks.wake_worker", locked)
    with django_capture_on_commit_callbacks(execute=True):
        sign_up_as()
    assert OutboxEntry.objects.open().count() == 1


@pytest.mark.django_db
def test_a_sign_up_makes_no_network_call_and_few_queries(
    sign_up_as: SignUpAs, monkeypatch: Any, django_assert_max_num_queries: Any
) -> None:
    def call(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the request must not wait for the network")

    monkeypatch.setattr("socket.socket.connect", call)
    with django_assert_max_num_queries(14):
        sign_up_as()


@pytest.mark.parametrize("state", [State.UNSUBSCRIBED, State.ERASED])
@pytest.mark.django_db
def test_an_editor_cannot_bring_back_someone_who_left(sign_up_as: SignUpAs, state: State) -> None:
    subscriber = sign_up_as()
    OutboxEntry.objects.all().delete()
    subscriber.settle(state, Source.WEBHOOK, "Left.")
    assert run_again(subscriber, user=None) is False
    assert not OutboxEntry.objects.exists()
    sign_up_as()  # they can, by themselves
    assert OutboxEntry.objects.open().count() == 1


@pytest.mark.django_db
def test_running_again_keeps_the_time_of_the_persons_own_sign_up(sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    OutboxEntry.objects.all().delete()
    assert run_again(subscriber, user=None)
    assert OutboxEntry.objects.get().requested_at == subscriber.signed_up_at
    assert Transition.objects.last().source == Source.EDITOR


def test_fifty_at_once_in_mixed_case_are_one(shared_database: None, settings: Any) -> None:
    emails = [EMAIL.upper() if n % 2 else EMAIL.lower() for n in range(50)]
    wishes = [SignUp(email=email, wording=FALLBACK_WORDING) for email in emails]
    in_threads([lambda wish=wish: sign_up(wish).pk for wish in wishes])

    def count() -> tuple[int, ...]:
        return (Subscriber.objects.count(), OutboxEntry.objects.count(), Consent.objects.count())

    assert in_thread(count) == (1, 1, 50)
    with Sandbox() as mailchimp:
        settings.MAILCHIMP_API_KEY = mailchimp.api_key
        settings.MAILCHIMP_AUDIENCE_ID = mailchimp.audience_id
        settings.MAILCHIMP_BASE_URL = mailchimp.base_url
        in_threads([delivery.deliver_due] * 6)
        assert mailchimp.confirmation_mails(EMAIL) == 1
        assert len(mailchimp.contacts) == 1


def test_many_workers_deliver_each_entry_once(shared_database: None, settings: Any) -> None:
    def write() -> None:
        for n in range(19):  # one more would be delivered in bulk
            sign_up(SignUp(email=f"person{n}@example.org", wording=FALLBACK_WORDING))

    in_thread(write)
    with Sandbox() as mailchimp:
        settings.MAILCHIMP_API_KEY = mailchimp.api_key
        settings.MAILCHIMP_AUDIENCE_ID = mailchimp.audience_id
        settings.MAILCHIMP_BASE_URL = mailchimp.base_url
        mailchimp.fail("delay", seconds=0.02, path="/members/")
        reports = in_threads([delivery.deliver_due] * 8)
        assert sum(sum(report.counts.values()) for report in reports) == 19
        assert sum(report.stopped == delivery.BUSY for report in reports) >= 4
        writes = [record.path for record in mailchimp.requests if record.method == "PUT"]
        assert len(writes) == len(set(writes)) == 19
        assert 1 < mailchimp.peak_concurrency <= 4


@pytest.mark.parametrize("times", [1, 2, 10, 50])
def test_the_form_sent_by_many_at_once_in_mixed_case_is_one_sign_up(
    shared_database: None, settings: Any, times: int
) -> None:
    """One subscriber, one entry and one confirmation; evidence for each, up to the limit of an address."""
    emails = [EMAIL.upper() if n % 2 else EMAIL.lower() for n in range(times)]
    posts = [lambda email=email: Client().post("/newsletter/", {"email": email}).status_code for email in emails]
    assert in_threads(posts) == [303] * times

    def count() -> tuple[int, int, int]:
        return Subscriber.objects.count(), OutboxEntry.objects.count(), Transition.objects.count()

    assert in_thread(count) == (1, 1, 1)
    assert min(times, settings.SIGNUP_LIMIT_PER_ADDRESS) <= in_thread(lambda: Consent.objects.count()) <= times
    with Sandbox() as mailchimp:
        settings.MAILCHIMP_API_KEY = mailchimp.api_key
        settings.MAILCHIMP_AUDIENCE_ID = mailchimp.audience_id
        settings.MAILCHIMP_BASE_URL = mailchimp.base_url
        in_threads([delivery.deliver_due] * 3)
        assert mailchimp.confirmation_mails(EMAIL) == 1
        assert len(mailchimp.contacts) == 1


@pytest.fixture
def locked_for(shared_database: None) -> Callable[[float], Any]:
    """Send the form while something else writes for so many seconds. Gives status, seconds, text and headers."""
    path = connections.settings["default"]["NAME"]

    def post() -> Any:
        began = time.monotonic()
        response = Client().post("/newsletter/", {"email": EMAIL, "first_name": "Ada"})
        return response.status_code, time.monotonic() - began, response.content.decode(), response.headers

    def run(seconds: float) -> Any:
        blocker = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        blocker.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(seconds, blocker.rollback)
        timer.start()
        try:
            return in_thread(post)
        finally:
            timer.cancel()
            timer.join()
            blocker.close()

    return run


only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's lock; PostgreSQL waits for rows")


@only_sqlite
def test_a_database_locked_for_four_seconds_is_waited_for(locked_for: Callable[[float], Any]) -> None:
    status, took, _, _ = locked_for(4)
    assert status == 303
    assert 3.5 < took < 8
    assert in_thread(lambda: Consent.objects.count()) == 1


@only_sqlite
@pytest.mark.slow
def test_a_database_locked_for_thirty_seconds_is_explained_and_nothing_typed_is_lost(
    locked_for: Callable[[float], Any],
) -> None:
    status, took, text, headers = locked_for(30)
    assert status == 503
    assert took < 15
    assert headers["Retry-After"] == "30"
    assert f'value="{EMAIL}"' in text
    assert 'value="Ada"' in text
    assert in_thread(lambda: Consent.objects.count()) == 0
