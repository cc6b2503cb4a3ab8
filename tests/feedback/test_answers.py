"""Whether a page was helpful: taken without cookie, token or script, of pages that ask, from people, within limits."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from feedback import limits, views
from feedback.forms import CommentForm
from feedback.jobs import COMMENTS, JOBS, forget_old_comments
from feedback.models import MAX_LENGTH, Answer
from tests import factories as make
from tests.html import parse, problems

ASKING = [
    make.StandardPageFactory,
    make.ProgrammePageFactory,
    make.CaseStoryPageFactory,
    make.NewsArticlePageFactory,
    make.ApproachPageFactory,
]


@pytest.fixture
def strict() -> Client:
    """A browser that would be refused for a missing CSRF token."""
    return Client(enforce_csrf_checks=True)


def send(client: Client, about: Any, said: str = "yes", **fields: Any) -> Any:
    headers = fields.pop("headers", {"sec-fetch-site": "same-origin"})
    return client.post("/feedback/", {"page": about.pk, "answer": said} | fields, headers=headers)


def main_text(response: Any) -> str:
    return " ".join(parse(response.content.decode()).main.get_text().split())


@pytest.mark.parametrize("factory", ASKING)
def test_pages_of_these_types_ask(tree, client, factory):
    page = factory()
    html = client.get(page.url).content.decode()
    form = parse(html).select_one("form.helpful")
    assert (form["action"], form["method"]) == ("/feedback/", "post")
    sent = {field["name"]: field.get("value", "") for field in form("input")}
    assert sent == {"page": str(page.pk), "website": ""}
    assert [(button["name"], button["value"]) for button in form("button")] == [("answer", "yes"), ("answer", "no")]
    assert problems(html) == []


def test_other_pages_do_not_ask(tree, client):
    for page in (tree.home, tree.news, tree.programmes, tree.newsletter, tree.thank_you, make.PersonPageFactory()):
        assert parse(client.get(page.url).content.decode()).select_one("form.helpful") is None


@pytest.mark.parametrize(("said", "is_helpful"), [("yes", True), ("no", False)])
def test_an_answer_is_kept_then_a_comment_then_the_reader_is_thanked(tree, strict, said, is_helpful):
    response = send(strict, tree.about, said)
    assert response.status_code == 303
    assert not response.cookies
    kept = Answer.objects.get()
    assert (kept.page_id, kept.is_helpful, kept.comment) == (tree.about.pk, is_helpful, "")
    asked = strict.get(response["Location"])
    assert "do not include personal details" in main_text(asked)
    assert asked["Cache-Control"] == "no-store, private"
    assert problems(asked.content.decode(), is_page=False) == []
    thanked = strict.post(response["Location"], {"comment": " More\r\non places. "})
    assert (thanked.status_code, thanked["Location"]) == (303, "/feedback/thank-you/")
    kept.refresh_from_db()
    assert kept.comment == "More\non places."
    last = strict.get("/feedback/thank-you/")
    assert "Thank you" in main_text(last)
    assert problems(last.content.decode(), is_page=False) == []
    assert not strict.cookies


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://www.example.org"}, 403),
        ({"origin": "http://testserver"}, 303),
        ({}, 303),
    ],
)
def test_forms_of_other_sites_are_refused(tree, client, headers, status):
    response = send(client, tree.about, headers=headers)
    assert response.status_code == status
    assert Answer.objects.count() == (status == 303)
    kept = Answer.objects.create(page=tree.about, is_helpful=True)
    address = f"/feedback/{signing.dumps(kept.pk, salt=views.SALT)}/"
    assert client.post(address, {"comment": "A comment"}, headers=headers).status_code == status


def test_a_robot_in_the_trap_gets_the_answer_of_people_and_nothing_is_kept(tree, client):
    response = send(client, tree.about, website="https://spam.example")
    assert (response.status_code, response["Location"]) == (303, "/feedback/thank-you/")
    assert not Answer.objects.exists()
    address = send(client, tree.about)["Location"]
    assert client.post(address, {"comment": "Buy", "website": "x"}).status_code == 303
    assert Answer.objects.get().comment == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": "maybe"},
        {"answer": ""},
        {"page": ""},
        {"page": "about"},
        {"page": "0"},
        {"page": "99999999999999999999"},
        {"page": "\x00"},
    ],
)
def test_what_is_no_answer_is_told_so(tree, client, fields):
    response = send(client, tree.about, **fields)
    assert response.status_code == 422
    assert "which page you mean" in main_text(response)
    assert problems(response.content.decode(), is_page=False) == []
    assert not Answer.objects.exists()


def test_pages_that_do_not_ask_or_may_not_be_seen_take_no_answer(tree, client):
    draft, private = make.StandardPageFactory(live=False), make.StandardPageFactory()
    private.view_restrictions.create(restriction_type="login")
    for page in (tree.home, draft, private):
        assert send(client, page).status_code == 422
    assert not Answer.objects.exists()


def test_only_forms_are_taken(tree, client):
    assert client.get("/feedback/").status_code == 405
    assert client.post("/feedback/thank-you/").status_code == 405
    assert client.post("/feedback/", b"x" * 70_000, content_type="application/x-www-form-urlencoded").status_code == 413
    broken = client.post("/feedback/", b"--a\r\nbroken", content_type="multipart/form-data; boundary=")
    assert broken.status_code == 400


@pytest.mark.parametrize(
    ("text", "error"),
    [("", "Write your comment"), (" \r\n ", "Write your comment"), ("é" * (MAX_LENGTH + 1), "1,000 characters")],
)
def test_a_comment_that_cannot_be_kept_comes_back_with_the_reason(tree, client, text, error):
    address = send(client, tree.about)["Location"]
    response = client.post(address, {"comment": text})
    assert response.status_code == 422
    assert error in main_text(response)
    document = parse(response.content.decode())
    assert document.textarea.get_text().strip() == text.strip()
    assert document.textarea["aria-invalid"] == "true"
    assert problems(str(document), is_page=False) == []


def test_lines_count_as_readers_count_them(tree, client):
    address = send(client, tree.about)["Location"]
    assert client.post(address, {"comment": "x\r\n" * (MAX_LENGTH // 2)}).status_code == 303


def test_markup_in_a_comment_is_shown_as_text(tree, client):
    address = send(client, tree.about)["Location"]
    response = client.post(address, {"comment": "</textarea><script>" + "x" * MAX_LENGTH})
    assert parse(response.content.decode()).textarea.get_text().strip().startswith("</textarea><script>")


def test_a_comment_belongs_to_its_answer_for_a_day(tree, client):
    with time_machine.travel("2026-03-01 12:00", tick=False) as clock:
        address = send(client, tree.about)["Location"]
        clock.shift(timedelta(days=1, seconds=2))
        assert client.get(address)["Location"] == "/feedback/thank-you/"
        late = client.post(address, {"comment": "What I wrote"})
        assert late.status_code == 422
        assert "open for too long" in main_text(late)
        assert "What I wrote" in main_text(late)
    assert Answer.objects.get().comment == ""


@pytest.mark.parametrize("token", ["nonsense", "MQ:1vMn7B:forged", "%00", "a" * 500])
def test_a_forged_token_leads_nowhere(tree, client, token):
    assert client.get(f"/feedback/{token}/")["Location"] == "/feedback/thank-you/"
    assert client.post(f"/feedback/{token}/", {"comment": "x"}).status_code == 422


def test_an_answer_of_a_page_that_is_deleted_meanwhile_leads_nowhere(tree, client):
    page = make.StandardPageFactory(title="Short-lived")
    address = send(client, page)["Location"]
    page.delete()
    assert client.get(address)["Location"] == "/feedback/thank-you/"


def test_a_page_made_private_meanwhile_is_not_named(tree, client):
    page = make.StandardPageFactory(title="Zanzibar")
    address = send(client, page)["Location"]
    assert "Zanzibar" in main_text(client.get(address))
    page.view_restrictions.create(restriction_type="login")
    assert "Zanzibar" not in main_text(client.get(address))


def test_one_network_may_send_so_many_an_hour_and_no_address_is_kept(tree, monkeypatch):
    monkeypatch.setattr(limits, "FROM_A_NETWORK", 2)
    with time_machine.travel("2026-03-01 12:10", tick=False) as clock:
        one, other = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
        assert [send(one, tree.about).status_code for _ in range(3)] == [303, 303, 429]
        assert Answer.objects.count() == 2
        assert send(other, tree.about).status_code == 303
        clock.shift(timedelta(hours=1))
        assert send(one, tree.about).status_code == 303
    assert not [key for key in cache._cache if "192.0.2" in key]


def test_without_a_cache_nobody_is_turned_away(tree, client, monkeypatch):
    monkeypatch.setattr(limits.cache, "add", lambda *arguments: False)
    monkeypatch.setattr(limits.cache, "incr", lambda key: None)
    assert send(client, tree.about).status_code == 303


def test_a_database_that_cannot_be_written_is_told(tree, client, monkeypatch):
    def fail(**fields: Any) -> None:
        raise DatabaseError("locked")

    monkeypatch.setattr(Answer.objects, "create", fail)
    response = send(client, tree.about)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "try again in half a minute" in main_text(response)


def test_comments_are_deleted_after_a_year_and_answers_stay(tree):
    now = timezone.now()
    for age in (COMMENTS + timedelta(minutes=1), COMMENTS - timedelta(minutes=1)):
        Answer.objects.create(page=tree.about, is_helpful=True, comment="Words", at=now - age)
    assert JOBS[0].run == forget_old_comments
    assert [forget_old_comments(), forget_old_comments()] == [1, 0]
    assert list(Answer.objects.values_list("comment", flat=True)) == ["Words", ""]


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60))
@example("Words \x00")
@example(" \x00 ")
def test_any_comment_is_taken_or_told_what_is_wrong(text):
    form = CommentForm({"comment": text})
    if form.is_valid():
        comment = form.cleaned_data["comment"]
        assert comment == comment.strip() != ""
        assert all(letter.isprintable() or letter == "\n" for letter in comment)
    else:
        assert form.errors["comment"]
