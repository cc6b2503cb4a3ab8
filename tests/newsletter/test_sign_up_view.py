"""The sign-up over HTTP: what it accepts, refuses and answers."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError
from django.test import Client

from newsletter import arrivals, views
from newsletter.models import Consent, ConsentWording, OutboxEntry, Subscriber
from newsletter.states import State
from tests.newsletter.conftest import EMAIL, Pages

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def post(client: Client, headers: Any = None, **data: Any) -> Any:
    return client.post("/newsletter/", {"email": EMAIL} | data, headers=headers or {})


def test_a_sign_up_is_written_and_redirected_to_the_thank_you_page(pages: Pages, visitor: Client) -> None:
    response = post(visitor, first_name="Ada", last_name="Lovelace", page="/news/")
    assert (response.status_code, response["Location"]) == (303, "/newsletter/thank-you/")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    subscriber = Subscriber.objects.get()
    assert (subscriber.email, subscriber.email_key) == (EMAIL, EMAIL.lower())
    assert (subscriber.first_name, subscriber.last_name, subscriber.source_page) == ("Ada", "Lovelace", "/news/")
    assert subscriber.state == State.WAITING
    assert OutboxEntry.objects.open().get().subscriber == subscriber
    thanks = visitor.get(response["Location"])
    assert thanks.status_code == 200
    assert pages.thank_you.heading_to_confirm in thanks.content.decode()


def test_a_script_gets_json(pages: Pages, visitor: Client) -> None:
    response = post(visitor, JSON)
    assert response.status_code == 200
    assert response.json() == {
        "ok": True,
        "redirect": "/newsletter/thank-you/",
        "heading": pages.thank_you.heading_to_confirm,
        "message": pages.thank_you.message_to_confirm,
    }


def test_the_page_shows_the_form_without_cookie_or_token(pages: Pages, visitor: Client) -> None:
    first, second = visitor.get("/newsletter/"), Client().get("/newsletter/")
    assert first.status_code == 200
    assert first.content == second.content
    assert not first.cookies
    assert b"csrf" not in first.content
    assert "public" in first["Cache-Control"]
    form = BeautifulSoup(first.content, "html.parser").find("form", action="/newsletter/")
    assert {field["name"] for field in form.find_all("input")} >= {"email", "first_name", "last_name", "website"}


def test_without_pages_the_form_and_the_thanks_still_work(visitor: Client) -> None:
    assert post(visitor).status_code == 303
    assert visitor.get("/newsletter/thank-you/").status_code == 200
    assert post(visitor, email="").status_code == 422


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter your email address"),
        ("   ", "Enter your email address"),
        ("ada", "Enter an email address in the correct format, like name@example.com"),
        ("ada@example", "Enter an email address in the correct format, like name@example.com"),
        ("a" * 250 + "@example.org", "Your email address must be 254 characters or fewer"),
        ("ada@exam\r\nple.org", "Your email address must not contain control characters or line breaks"),
        ("ada\0@example.org", "Your email address must not contain control characters or line breaks"),
    ],
)
def test_a_wrong_address_is_explained_and_kept(pages: Pages, visitor: Client, typed: str, message: str) -> None:
    response = post(visitor, email=typed, first_name="Ada")
    assert response.status_code == 422
    page = BeautifulSoup(response.content, "html.parser")
    assert page.title.string.startswith("Error: ")
    summary = page.find(attrs={"role": "alert"})
    assert message in summary.get_text()
    field = page.find("main").find("input", {"name": "email"})
    assert summary.find("a")["href"] == f"#{field['id']}"
    assert field["aria-invalid"] == "true"
    error = page.find(id=f"{field['id']}-error")
    assert error.get_text() == message
    assert error["id"] in field["aria-describedby"].split()
    assert page.find("main").find("input", {"name": "first_name"})["value"] == "Ada"
    assert post(visitor, JSON, email=typed).json() == {"ok": False, "errors": {"email": message}}
    assert not Subscriber.objects.exists()


def test_what_was_typed_is_escaped(pages: Pages, visitor: Client) -> None:
    response = post(visitor, email="<script>alert(1)</script>", first_name='"><b>')
    assert b"<script>alert" not in response.content
    assert b'"><b>' not in response.content


def test_a_filled_trap_gets_the_same_answer_and_writes_nothing(pages: Pages, visitor: Client) -> None:
    person, robot = post(visitor), post(visitor, email="bot@example.org", website="https://spam.example")
    assert Subscriber.objects.count() == 1
    assert (robot.status_code, robot.content, robot.headers) == (person.status_code, person.content, person.headers)


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Sec-Fetch-Site": "none", "Origin": "https://evil.example"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://testserver.evil.example"}, False),
        ({"Origin": "http://[broken"}, False),
        ({"Referer": "http://testserver/news/"}, True),
        ({"Referer": "https://evil.example/"}, False),
    ],
)
def test_forms_of_other_sites_are_refused(
    pages: Pages, visitor: Client, headers: dict[str, str], accepted: bool
) -> None:
    response = post(visitor, headers)
    assert response.status_code == (303 if accepted else 403)
    assert Subscriber.objects.exists() is accepted


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/newsletter/", "/newsletter/thank-you/"])
def test_other_methods_are_refused(pages: Pages, visitor: Client, method: str, path: str) -> None:
    assert visitor.generic(method, path).status_code == 405


def test_a_long_body_is_refused(pages: Pages, visitor: Client) -> None:
    response = post(visitor, first_name="x" * 70_000)
    assert response.status_code == 413
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"email=%ff%fe%00", "application/x-www-form-urlencoded"),
        (b"email=a%40b.example", "application/x-www-form-urlencoded; charset=klingon"),
        (b"not multipart", "multipart/form-data; boundary=x"),
        (b"not multipart", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"", ""),
        (b"\xff\xfe", "text/plain"),
        (b"&".join(b"a=1" for _ in range(11_000)), "application/x-www-form-urlencoded"),
    ],
)
def test_an_unreadable_body_is_no_fault_of_ours(pages: Pages, visitor: Client, body: bytes, content_type: str) -> None:
    response = visitor.generic("POST", "/newsletter/", body, content_type=content_type)
    assert response.status_code < 500


def test_answers_are_the_same_for_everybody(pages: Pages, visitor: Client) -> None:
    """New, known, waiting, subscribed, unsubscribed, refused: same status, headers and bytes."""
    for headers in ({}, JSON):
        answers = []
        for state in [None, *State]:
            Subscriber.objects.all().update(email_key="other@example.org")
            Subscriber.objects.all().delete()
            if state:
                Subscriber.objects.create(email=EMAIL, email_key=EMAIL.lower(), state=state)
            response = post(visitor, headers)
            answers.append((response.status_code, sorted(response.items()), response.content))
        assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("readable", [True, False])
def test_a_database_that_cannot_be_written(pages: Pages, visitor: Client, monkeypatch: Any, readable: bool) -> None:
    def locked(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(arrivals, "sign_up_newcomers", locked)
    if not readable:
        monkeypatch.setattr(views, "_render_form", locked)
    response = post(visitor, first_name="Ada")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    page = BeautifulSoup(response.content, "html.parser")
    assert page.title.string.startswith("Error: ")
    assert page.find("main").find("input", {"name": "email"})["value"] == EMAIL
    assert page.find("main").find("input", {"name": "first_name"})["value"] == "Ada"
    assert views.BUSY in page.find("main").get_text()
    answer = post(visitor, JSON)
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "message": views.BUSY})


def test_evidence_is_what_the_person_read(pages: Pages, visitor: Client) -> None:
    """A form on a kept page may show words that have been superseded meanwhile."""
    for text in ("First words", "Second words"):
        wording = ConsentWording(text=text)
        wording.save()
        wording.publish()
    page = BeautifulSoup(visitor.get("/newsletter/").content, "html.parser")
    assert "Second words" in page.find("main").get_text()
    assert page.find("main").find("input", {"name": "wording"})["value"] == "2"
    post(visitor, wording="1", page="/about/")
    post(visitor, wording="2", page="https://evil.example/")
    post(visitor, wording="99", page="x" * 300)
    found = Consent.objects.values_list("wording", "wording_version", "page_path")
    assert list(found) == [("First words", 1, "/about/"), ("Second words", 2, ""), ("Second words", 2, "")]
    consent = Consent.objects.first()
    assert (consent.basis, consent.opt_in_mode, consent.language, consent.ip) == ("consent", "double", "en", None)


def test_the_thank_you_page_is_true_without_confirmation(pages: Pages, visitor: Client, settings: Any) -> None:
    settings.MAILCHIMP_DOUBLE_OPT_IN = "off"
    text = visitor.get("/newsletter/thank-you/").content.decode()
    assert pages.thank_you.heading in text
    assert pages.thank_you.heading_to_confirm not in text
    post(visitor)
    assert Consent.objects.get().opt_in_mode == "single"


def test_the_thank_you_page_may_stand_elsewhere(pages: Pages, visitor: Client) -> None:
    pages.thank_you.slug = "welcome"
    pages.thank_you.save_revision().publish()
    answer = visitor.get("/newsletter/thank-you/")
    assert (answer.status_code, answer["Location"]) == (302, "/newsletter/welcome/")
    assert visitor.get("/newsletter/welcome/").status_code == 200
