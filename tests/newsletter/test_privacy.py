"""A canary address goes through every path and is found in no log, URL, cache key or error."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from newsletter import views
from newsletter.looks import look_at_unconfirmed
from newsletter.models import OutboxEntry, QueueState, Subscriber
from tests.mailchimp_sandbox import Sandbox

pytestmark = pytest.mark.django_db
CANARY = "Canary.Bird@example.org"
FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("problem", {"status": 400, "title": "Member In Compliance State", "detail": f"{CANARY} is in a compliance state"}),
    ("problem", {"status": 400, "title": "Invalid Resource", "detail": f"{CANARY} looks fake or invalid"}),
    ("problem", {"status": 400, "title": f"{CANARY}", "detail": CANARY}),
    ("problem", {"status": 401, "title": "API Key Invalid", "detail": CANARY}),
    ("html", {}),
    ("truncated", {}),
    ("reset", {}),
    ("redirect", {"location": f"/{CANARY}"}),
]


def everything_logged(caplog: Any) -> str:
    """Texts, arguments and extras of all records, with their tracebacks."""
    formatter = logging.Formatter()
    return "\n".join(f"{formatter.format(record)} {vars(record)}" for record in caplog.records).lower()


def test_the_canary_is_found_nowhere(mailchimp: Sandbox, deliver: Callable[..., Any], caplog: Any, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    for kind, options in FAULTS:
        QueueState.objects.all().delete()  # the refused key of one fault would pause the others
        Client().post("/newsletter/", {"email": CANARY, "first_name": "Canary"})
        fault = mailchimp.fail(kind, path="/members/", times=1, **options)
        deliver()
        assert fault.hits == 1
    mailchimp.clear_faults()
    deliver()
    Subscriber.objects.update(next_look_at=timezone.now())
    look_at_unconfirmed()
    logged = everything_logged(caplog)
    # Debug lines of the database show queries; they are off outside tests (core.logs).
    logged = "\n".join(line for line in logged.splitlines() if "django.db.backends" not in line)
    assert "canary" not in logged
    out, err = capfd.readouterr()
    assert "canary" not in (out + err).lower()
    assert not any("canary" in str(key).lower() for key in cache._cache)
    assert not any("canary" in record.path.lower() for record in mailchimp.requests)
    stored = OutboxEntry.objects.values_list("error", flat=True)
    assert not any("canary" in error.lower() for error in stored)
    assert not any("canary" in reason.lower() for reason in Subscriber.objects.values_list("reason", flat=True))


def test_a_database_error_does_not_print_the_address(monkeypatch: Any, caplog: Any) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise OperationalError(f"could not insert {CANARY}")

    monkeypatch.setattr(views, "sign_up", fails)
    Client().post("/newsletter/", {"email": CANARY})
    assert "canary" not in everything_logged(caplog)
    assert "operationalerror" in everything_logged(caplog)


def test_no_ip_address_is_stored(pages: Any) -> None:
    Client(REMOTE_ADDR="198.51.100.77").post("/newsletter/", {"email": CANARY})
    subscriber = Subscriber.objects.get()
    stored = [vars(subscriber), *(vars(consent) for consent in subscriber.consents.all())]
    assert "198.51.100.77" not in str(stored)
    assert not any("198.51" in str(key) for key in cache._cache)
