"""A canary address goes through every path and is found in no log, URL, cache key or error."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sentry_sdk
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from core.logs import scrub_report
from newsletter import arrivals
from newsletter.looks import look_at_unconfirmed
from newsletter.models import Consent, OutboxEntry, QueueState, SignUpTrace, Subscriber
from newsletter.preferences import preferences_url
from newsletter.rights import erase, export_person
from newsletter.states import Source
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

    monkeypatch.setattr(arrivals, "sign_up_newcomers", fails)
    Client().post("/newsletter/", {"email": CANARY})
    assert "canary" not in everything_logged(caplog)
    assert "operationalerror" in everything_logged(caplog)


def test_no_ip_address_is_stored(pages: Any) -> None:
    Client(REMOTE_ADDR="198.51.100.77").post("/newsletter/", {"email": CANARY})
    subscriber = Subscriber.objects.get()
    stored = [vars(subscriber), *(vars(consent) for consent in subscriber.consents.all())]
    assert "198.51.100.77" not in str(stored)
    assert not any("198.51" in str(key) for key in cache._cache)


@pytest.fixture
def reports() -> Iterator[list[Any]]:
    """What would be sent to where errors are reported, with the settings of production."""
    sent: list[Any] = []

    def collect(event: Any, hint: Any) -> Any:
        sent.append(scrub_report(event, hint))

    client = sentry_sdk.Client(
        dsn="https://key@errors.example.org/1",
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        before_send=collect,
    )
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(client)
        yield sent
    sentry_sdk.get_global_scope().set_client(None)


def test_error_reports_are_scrubbed(reports: list[Any]) -> None:
    """A database's message quotes the row, and the address of a preference page is as good as a password."""
    person = Subscriber.objects.create(email=CANARY, email_key=CANARY.lower())
    path = preferences_url(person)
    try:
        raise OperationalError(f"DETAIL: Key (email_key)=({CANARY.lower()}) already exists, at {path}")
    except OperationalError as error:
        logging.getLogger("newsletter").exception("For %s at %s", CANARY, path)
        sentry_sdk.capture_exception(error)
    assert reports
    assert CANARY.lower() not in str(reports).lower()
    assert path.split("/")[-2] not in str(reports)
    assert "already exists" in str(reports)


def send_every_form(settings: Any) -> list[Any]:
    """Send the canary through the form in every way that it can be answered."""
    forms: list[dict[str, str]] = [
        {},
        {"website": "x"},
        {"took": "1"},
        {"first_name": "www.canary.example"},
        {"email": f"{CANARY} {CANARY}"},
        {"email": f"{CANARY}\0"},
        {"page": f"/?{CANARY}", "wording": CANARY, "interests": CANARY, "took": CANARY},
    ]
    answers = [Client().post("/newsletter/", {"email": CANARY} | form) for form in forms]
    answers += [
        Client().post("/newsletter/", {"email": CANARY}, headers=headers)
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Accept": "application/json"})
    ]
    settings.SIGNUP_LIMIT_PER_IP = settings.SIGNUP_LIMIT_PER_ADDRESS = 1
    answers += [Client().post("/newsletter/", {"email": email}) for email in (CANARY, f"x{CANARY}")]
    return answers


def test_the_canary_goes_through_every_page(
    pages: Any, reports: list[Any], settings: Any, caplog: Any, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = send_every_form(settings)
    person = Subscriber.objects.get(email_key=CANARY.lower())
    path = preferences_url(person).removeprefix(settings.SITE_URL)
    for fields in (
        {"action": "save", "first_name": "Canary"},
        {"action": "save", "first_name": "www.canary.example", "email": CANARY},
        {"action": CANARY},
        {"action": "leave"},
        {"List-Unsubscribe": "One-Click"},
    ):
        answers += [Client().post(path, fields), Client().get(path)]
    answers.append(Client().get(f"/newsletter/preferences/{CANARY}/"))
    secrets = Client().post("/newsletter/mailchimp/wrong/", {"type": "unsubscribe", "data[email]": CANARY})
    assert secrets.status_code in (403, 404)
    export_person(person)
    erase(person, Source.EDITOR)
    logged = "\n".join(line for line in everything_logged(caplog).splitlines() if "django.db.backends" not in line)
    assert CANARY.lower() not in scrubbed(logged)
    assert path.split("/")[-2] not in scrubbed(logged)
    out, err = capfd.readouterr()
    assert CANARY.lower() not in (out + err).lower()
    assert not any("canary" in str(key).lower() for key in cache._cache)
    assert not any(CANARY.lower() in answer.get("Location", "").lower() for answer in answers)
    assert not reports


def scrubbed(logged: str) -> str:
    """As the formatter of all handlers writes it."""
    from core.logs import scrub_text

    return scrub_text(logged)


@pytest.mark.parametrize("is_stored", [True, False])
def test_an_ip_address_is_stored_only_when_the_site_says_so(pages: Any, settings: Any, is_stored: bool) -> None:
    settings.SIGNUP_STORE_IP = is_stored
    for visitor in ("198.51.100.77", "::ffff:198.51.100.77", "", "unix:"):
        Client(REMOTE_ADDR=visitor).post("/newsletter/", {"email": CANARY})
    found = list(Consent.objects.order_by("pk").values_list("ip", flat=True))
    assert found == (["198.51.100.77", "198.51.100.77", None, None] if is_stored else [None] * 4)
    assert "198.51" not in str(list(SignUpTrace.objects.values_list()))
