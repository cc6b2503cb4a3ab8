"""The health checks tell the truth."""

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from core import health
from core.worker.presence import Presence


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
    }


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
