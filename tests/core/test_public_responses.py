"""A public page is the same for everyone: no cookie, no session, the same bytes; and nothing of an editor's is kept."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.html import all_pages

DATA = ["/news/feed/", "/news/feed.json", "/art-of-change-making/map.json", "/sitemap.xml", "/robots.txt"]


@pytest.fixture
def addresses(tree) -> list[str]:
    """An address of every kind that is public."""
    for factory in (make.PersonPageFactory, make.ApproachPageFactory, make.ProgrammePageFactory):
        factory()
    make.CaseStoryPageFactory()
    make.NewsArticlePageFactory(category=make.NewsCategoryFactory(slug="events"))
    return [*(page.url for page in all_pages()), "/news/category/events/", "/.well-known/security.txt", *DATA]


def directives(answer) -> set[str]:
    return set(answer["Cache-Control"].split(", "))


def test_no_public_answer_sets_or_depends_on_a_cookie(addresses, client):
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not answer.cookies, address
        assert "cookie" not in answer.get("Vary", "").lower(), address
        assert "csrfmiddlewaretoken" not in answer.content.decode(), address


@pytest.mark.parametrize(
    ("method", "address", "data", "status"),
    [
        ("get", "/no/such/page/", {}, 404),
        ("get", "/about", {}, 301),
        ("get", "/search/", {"q": "places"}, 200),
        ("post", "/about/", {}, 405),
        ("get", "/newsletter/preferences/x/", {}, 404),
        ("get", "/drafts/x/", {}, 404),
        ("post", "/newsletter/", {"email": "ada@example.org"}, 303),
        ("post", "/newsletter/", {"email": "ada"}, 422),
        ("get", "/newsletter/thank-you/", {}, 200),
        ("post", "/feedback/", {"answer": "x"}, 422),
        ("get", "/feedback/thank-you/", {}, 200),
        ("post", "/newsletter/mailchimp/x/", {}, 404),
        ("get", "/health/ready/", {}, 200),
    ],
)
def test_no_form_error_or_redirect_sets_a_cookie(tree, client, method, address, data, status):
    answer = getattr(client, method)(address, data)
    assert answer.status_code == status
    assert not answer.cookies


def test_two_visitors_get_the_same_bytes(addresses):
    first = Client(headers={"user-agent": "One", "accept-language": "cy", "x-forwarded-for": "192.0.2.1"})
    second = Client(headers={"user-agent": "Two", "cookie": "theme=dark", "referer": "https://www.example.org/"})
    for address in addresses:
        assert first.get(address).content == second.get(address).content, address


def test_public_answers_may_be_kept_by_anybody_who_asks_whether_they_still_hold(addresses, client):
    for address in addresses:
        answer = client.get(address)
        assert directives(answer) == {"public", "max-age=0", "must-revalidate"}, address
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert directives(again) == directives(answer), address


def test_a_kept_page_holds_until_it_is_published_again(tree, client):
    tag = client.get("/about/")["ETag"]
    tree.about.title = "About us"
    tree.about.save_revision().publish()
    answer = client.get("/about/", headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert "About us" in answer.content.decode()


def test_a_request_with_a_session_is_answered_for_that_person_alone(addresses, client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "whatever"
    for address in addresses:
        answer = client.get(address)
        assert directives(answer) >= {"no-store", "private"}, address


def test_a_session_that_is_no_editors_shows_no_userbar(tree, client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "whatever"
    assert "wagtail-userbar" not in client.get("/about/").content.decode()


def test_an_editor_has_the_userbar_and_a_visitor_has_not(tree, client, editor_client):
    seen_by_editor = editor_client.get("/about/")
    assert "wagtail-userbar" in seen_by_editor.content.decode()
    assert "no-store" in seen_by_editor["Cache-Control"]
    assert "wagtail-userbar" not in client.get("/about/").content.decode()


@pytest.mark.parametrize("address", ["/search/?q=x", "/no/such/page/", "/health/live/", "/admin/login/", "/admin/"])
def test_answers_that_are_not_for_everybody_are_not_kept(tree, client, address):
    kept = client.get(address)["Cache-Control"]
    assert "no-store" in kept
    assert "public" not in kept


def test_a_preview_is_not_kept(tree, editor_client):
    tree.about.save_revision()
    answer = editor_client.get(reverse("wagtailadmin_pages:view_draft", args=[tree.about.pk]))
    assert "private" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]


def test_a_redirect_may_be_kept(tree, client):
    answer = client.get("/about")
    assert (answer.status_code, answer["Location"]) == (301, "/about/")
    assert directives(answer) == {"public", "max-age=0", "must-revalidate"}


def test_an_answer_to_a_head_request_has_the_headers_of_the_page(tree, client):
    headers = {name: value for name, value in client.get("/about/").headers.items() if name != "ETag"}
    answer = client.head("/about/")
    assert dict(answer.headers) == headers
    assert answer.content == b""
