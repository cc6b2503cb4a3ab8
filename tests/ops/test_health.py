"""The health checks tell the truth, and so do the numbers."""

import os
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from core import health
from core.models.lease import Lease
from core.monitoring import LATE, as_text, labelled
from core.page_cache.wsgi import PageCache
from core.worker.presence import Presence
from newsletter.models import OutboxEntry, QueueState
from newsletter.models.consent import FALLBACK_WORDING
from newsletter.service import SignUp, sign_up

NOW = timezone.now()
TOKEN = "a token for the tests, long enough"


def test_live_asks_no_database(client: Client) -> None:
    answer = client.get("/health/live/")  # without the django_db mark a query is an error
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_ready_says_so_and_warns_of_a_missing_worker(client: Client) -> None:
    answer = client.get("/health/ready/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["status"] == "ok"
    assert answer.json()["worker"].startswith("not heard of")

    Presence().beat()
    assert client.get("/health/ready/").json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "worker": "ok",
        "clock": "ok",
        "mailchimp": "not connected: sign-ups wait",
    }


@pytest.mark.django_db
def test_ready_warns_of_a_clock_that_stands_still(client: Client) -> None:
    """The worker says that it is alive, and a job's time has come and gone."""
    Presence().beat()
    now = timezone.now()
    Lease.objects.create(name="job/core/recover", holder="x", expires_at=now - LATE - timedelta(minutes=4))
    Lease.objects.create(name="job/core/clear-sessions", holder="x", expires_at=now + timedelta(hours=1))
    Lease.objects.create(name="newsletter/call/1", holder="x", expires_at=now - timedelta(hours=1))
    answer = client.get("/health/ready/")
    assert answer.status_code == 200
    assert answer.json()["clock"] == "1 jobs are late, core/recover by 9 minutes"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"paused_since": NOW}, "paused until somebody acts: sign-ups wait"),
        ({"outage_since": NOW}, "does not answer: sign-ups wait"),
        ({"copied_at": NOW}, "restored from a backup: sign-ups wait for a comparison"),
        ({}, "ok"),
    ],
)
def test_mailchimp_is_only_a_warning(client: Client, settings: Any, state: dict[str, Any], said: str) -> None:
    settings.MAILCHIMP_API_KEY = "0123456789abcdef0123456789abcdef-us1"
    QueueState.objects.create(pk=QueueState.PK, **state)
    answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()["mailchimp"]) == (200, said)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent", [None, "", "Bearer ", "Bearer another token, quite long", "Basic " + TOKEN, TOKEN, "é"]
)
def test_numbers_are_for_those_who_know_the_token(client: Client, settings: Any, sent: str | None) -> None:
    for settings.METRICS_TOKEN in (TOKEN, ""):
        answer = client.get("/health/metrics/", **({} if sent is None else {"HTTP_AUTHORIZATION": sent}))
        assert answer.status_code == 404


@pytest.mark.django_db
def test_numbers_are_as_they_are_and_name_nobody(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.METRICS_TOKEN = TOKEN
    hour_ago = timezone.now() - timedelta(hours=1)
    for number in range(3):
        sign_up(SignUp(email=f"ada{number}@example.org", wording=FALLBACK_WORDING, held="Too many." if number else ""))
    OutboxEntry.objects.update(due_at=hour_ago)
    Presence().beat()
    Lease.objects.create(name="job/core/recover", holder="x", expires_at=hour_ago)
    cache = PageCache(lambda *_: [], 1000)
    cache.counts["hits"] = 12
    monkeypatch.setitem(sys.modules, "config.wsgi", SimpleNamespace(application=cache))

    answer = client.get("/health/metrics/", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    text = answer.content.decode()
    numbers = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(numbers["site_workers"]) == 1
    assert 3600 <= float(numbers['site_job_late_seconds{job="core/recover"}']) < 3700
    assert float(numbers['site_subscribers{state="held"}']) == 2
    assert (float(numbers["site_outbox_waiting"]), float(numbers["site_outbox_held"])) == (1, 2)
    assert 3600 <= float(numbers["site_outbox_late_seconds"]) < 3700
    assert float(numbers[f'site_page_cache_requests_total{{result="hits",process="{os.getpid()}"}}']) == 12
    assert "example.org" not in text
    names = {line.split("{")[0].split(" ")[0] for line in numbers}
    assert {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")} >= names


def test_a_label_cannot_break_out_of_its_quotes() -> None:
    text = as_text([labelled("x", "Something.", "name", {'a"b\\c\nd': 1.0})])
    assert text == '# HELP site_x Something.\n# TYPE site_x gauge\nsite_x{name="a\\"b\\\\c\\nd"} 1.0\n'


@pytest.mark.django_db
def test_not_ready_with_unapplied_migrations(client: Client) -> None:
    assert health.unapplied_migrations() == frozenset()
    MigrationRecorder(connections[DEFAULT_DB_ALIAS]).record_unapplied("core", "0001_initial")
    answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "1 unapplied")


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> frozenset[tuple[str, str]]:
        raise OperationalError("password of user@host is wrong")

    monkeypatch.setattr(health, "unapplied_migrations", away)
    answer = client.get("/health/ready/")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "database": "unreachable"}


@pytest.mark.parametrize("path", ["/health/live/", "/health/ready/"])
def test_only_reading_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
