"""The site behind its page cache: what is kept of it, for whom, and that nothing hidden is found, cold or warm."""

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import QueryDict
from django.test import Client
from wagtail.models import PageViewRestriction

from core.page_cache import wsgi
from core.page_cache.requests import is_for_everyone
from tests import factories as make
from tests.core.test_public_responses import addresses as addresses  # a fixture
from tests.core.test_visibility import DATA, WAYS, restrict, tells
from tests.core.test_visibility import hidden as hidden  # a fixture
from tests.html import all_pages
from tests.wsgi_browser import WsgiBrowser

KEPT, NEW, REFUSED = "page-cache; hit", "page-cache; fwd=miss; stored", "page-cache; fwd=miss"
# What a page has of its own, and how it came here.
OF_THE_CACHE = {"Cache-Status", "ETag", "Content-Length", "Vary"}


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> WsgiBrowser:
    monkeypatch.setattr(wsgi, "FRESH_SECONDS", 3600.0)  # however slow the machine is
    return WsgiBrowser()


def status(answer: Any) -> str:
    return answer.headers.get("Cache-Status", "")


def test_every_public_address_is_kept_and_has_the_headers_that_django_gives(addresses, browser, client):
    for address in [*addresses, "/llms.txt"]:
        assert status(browser.get(address)) == NEW, address
        kept, made = browser.get(address), client.get(address)
        assert status(kept) == KEPT, address
        assert kept.content == made.content, address
        rest = {name: value for name, value in kept.headers.items() if name not in OF_THE_CACHE}
        assert rest == {name: value for name, value in made.headers.items() if name not in OF_THE_CACHE}, address


def test_a_social_card_is_kept(tree, browser):
    card = re.search(r"/cards/[\w-]+\.png", browser.get("/about/").content.decode())
    assert card
    assert [status(browser.get(card[0])) for _ in range(2)] == [NEW, KEPT]
    assert "immutable" in browser.get(card[0])["Cache-Control"]


def test_a_kept_page_takes_no_query(tree, browser, django_assert_num_queries):
    browser.get("/news/")
    with django_assert_num_queries(0):
        assert browser.get("/news/").status_code == 200


def test_lists_are_kept_by_their_arguments_and_no_others(tree, browser):
    category = make.NewsCategoryFactory(slug="events")
    for _ in range(21):
        make.NewsArticlePageFactory(category=category)
    for address in ("/news/?page=2", "/news/?category=events&utm_medium=email", "/art-of-change-making/?kind=uses"):
        assert [status(browser.get(address)) for _ in range(2)] == [NEW, KEPT], address
    assert status(browser.get("/news/?category=events")) == KEPT
    assert browser.get("/news/?page=2").content != browser.get("/news/").content
    for address in ("/about/?page=2", "/news/?theme=x", "/news/?page=99", "/art-of-change-making/?approach=none"):
        assert [status(browser.get(address)) for _ in range(2)] == [REFUSED, REFUSED], address


@pytest.mark.parametrize(
    "address",
    [
        *("/search/?q=x", "/admin/login/", "/health/live/", "/newsletter/preferences/x/", "/about", "/media/x.png"),
        *("/_util/login/", "/documents/1/x.pdf", "/newsletter/mailchimp/x/", "/news/feed", "/static/x.css"),
    ],
)
def test_other_addresses_are_none_of_its_business(tree, browser, address):
    assert status(browser.get(address)) == ""
    assert browser.cache.counts["passed"] == 1


@pytest.mark.parametrize(
    "path", ["/about/;a.css", "//about/", "/about//", "/about/%2f", "/about%2f", "/%61bout/", "/ABOUT/"]
)
def test_odd_paths_change_nothing(tree, browser, path):
    page = browser.get("/about/").content
    answer = browser.get("/", PATH_INFO=path.replace("%2f", "/").replace("%61", "a"))
    assert (answer.status_code == 200 and answer.content == page) or answer.status_code in (301, 302, 404)
    again = browser.get("/about/")
    assert (status(again), again.content) == (KEPT, page)


def test_an_unknown_host_is_refused_and_spoils_nothing(tree, browser):
    page = browser.get("/").content
    assert browser.get("/", HTTP_HOST="evil.example").status_code == 400
    assert browser.get("/", HTTP_X_FORWARDED_HOST="evil.example").content == page
    assert b"evil" not in browser.get("/").content


def test_an_editor_sees_the_page_as_it_is_now_and_leaves_nothing(tree, browser, editor_client):
    browser.get("/about/")
    cookie = f"{django_settings.SESSION_COOKIE_NAME}={editor_client.cookies[django_settings.SESSION_COOKIE_NAME].value}"
    tree.about.title = "About, published now"
    tree.about.save_revision().publish()
    seen = browser.get("/about/", HTTP_COOKIE=cookie)
    assert "About, published now" in seen.content.decode() and "wagtail-userbar" in seen.content.decode()
    assert "no-store" in seen["Cache-Control"] and status(seen) == ""
    kept = browser.get("/about/")
    assert status(kept) == KEPT and b"wagtail-userbar" not in kept.content


def test_a_sign_up_passes_and_the_page_stays(tree, browser):
    page = browser.get("/newsletter/").content
    assert browser.get("/newsletter/", method="POST").status_code == 422
    again = browser.get("/newsletter/")
    assert (status(again), again.content) == (KEPT, page)


def test_an_old_address_is_redirected_by_its_arguments(tree, browser):
    from wagtail.contrib.redirects.models import Redirect

    Redirect.objects.create(old_path="/old?id=7", redirect_page=tree.about)
    assert browser.get("/old/?id=8").status_code == 404
    answer = browser.get("/old/?id=7")
    assert (answer.status_code, answer["Location"].endswith("/about/")) == (301, True)


def test_pages_read_no_argument_that_they_do_not_state(full_site, client, monkeypatch):
    """One that is not stated in `query_arguments` never reaches a page: it would be as if nobody had sent it."""
    read: set[str] = set()
    look_up, is_in = QueryDict.__getitem__, QueryDict.__contains__
    monkeypatch.setattr(QueryDict, "__getitem__", lambda self, name: read.add(name) or look_up(self, name))
    monkeypatch.setattr(QueryDict, "__contains__", lambda self, name: read.add(name) or is_in(self, name))
    seen: set[str] = set()
    for page in all_pages():
        read.clear()
        client.get(page.url)
        assert read <= set(page.query_arguments), page.url
        seen |= read
    assert {"page", "category", "from"} <= seen


# --- Canaries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_a_page_hidden_while_it_is_kept_is_told_of_nowhere_cold_or_warm(hidden, browser, way):
    """Everything is kept with the word; then the pages are hidden."""
    every = [*(page.url for page in all_pages()), *DATA]
    told = {address for address in every if tells(browser, address)} - {"/no/such/page/"}
    told = {address for address in told if not address.startswith("/search/")}
    assert len(told) > 10
    assert {status(browser.get(address)) for address in told} == {KEPT}
    for page in hidden:
        WAYS[way](page)
    browser.make_new_generation()
    for _ in ("cold", "warm"):
        assert [address for address in every if tells(browser, address)] == []
        for page in hidden:
            answer = browser.get(page.url)
            assert answer.status_code == {"password": 200, "login": 302, "group": 302}.get(way, 404)
            assert status(answer) == REFUSED


def test_what_asks_for_a_password_is_each_visitors_own(tree, browser):
    restrict(tree.about, PageViewRestriction.PASSWORD)
    answers = [browser.get("/about/") for _ in range(2)]
    assert {status(answer) for answer in answers} == {REFUSED}
    tokens = {re.search(r'csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())[1] for answer in answers}
    assert len(tokens) == 2
    assert browser.cache.memory == 0


def test_two_visitors_get_the_same_bytes_whoever_came_first(addresses):
    one, two = WsgiBrowser(), WsgiBrowser()
    first = {"HTTP_USER_AGENT": "One", "HTTP_ACCEPT_LANGUAGE": "cy", "HTTP_COOKIE": "theme=dark; csrftoken=abc"}
    second = {"HTTP_REFERER": "https://www.example.org/", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}
    for address in addresses:
        answers = [one.get(address, **first), one.get(address, **second), two.get(address, **second)]
        assert {answer.content for answer in answers} == {answers[0].content}, address
        assert {answer["ETag"] for answer in answers} == {answers[0]["ETag"]}, address


def test_only_views_that_say_so_are_kept():
    """A new view is kept by no one until somebody has thought about it."""
    from django.urls import get_resolver

    from core.page_cache.public import is_public

    kept = {str(entry.pattern) for entry in get_resolver().url_patterns if is_public(getattr(entry, "callback", None))}
    newsletter = next(entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", "") == "newsletter")
    kept |= {str(entry.pattern) for entry in newsletter.url_patterns if is_public(entry.callback)}
    plain = {name for name in kept if not name.startswith("^")}
    assert plain == {
        *("sitemap.xml", "robots.txt", "llms.txt", ".well-known/security.txt"),
        *("newsletter/", "newsletter/thank-you/"),
    }
    assert len(kept - plain) == 4  # pages, what they give as data, social cards, parts of the site map
    assert not is_for_everyone({"PATH_INFO": "/no.such.file"})


def test_the_plain_client_of_django_is_not_cached(tree):
    assert "Cache-Status" not in Client().get("/about/").headers
