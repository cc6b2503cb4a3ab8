"""The search of the admin: on SQLite it ranks a few hundred matches, and puts the newest first among more."""

import pytest
from django.db import connection
from wagtail.models import Page

from tests import factories as make

ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL ranks all")


@pytest.fixture
def rivers(tree):
    """Pages, of which the oldest says the word most."""
    titles = ("Rivers rivers rivers", "Rivers and much else in a long title of many words", "Rivers and towns")
    return [make.StandardPageFactory(title=title) for title in titles]


def found(query, **options):
    return [page.title.split()[1] for page in Page.objects.autocomplete(query, **options)]


def test_few_matches_are_ranked(rivers):
    assert found("rivers")[0] == "rivers"


@ON_SQLITE
def test_among_many_the_newest_come_first(rivers, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("core.search.admin.MOST_RANKED", 2)
    results = Page.objects.autocomplete("rivers")
    with django_assert_max_num_queries(4) as captured:
        assert len(results) == results.count() == 3
    assert [page.pk for page in results] == sorted((page.pk for page in rivers), reverse=True)
    assert not any("bm25" in query["sql"] for query in captured.captured_queries)
    # An order that was asked for is kept.
    by_title = Page.objects.order_by("title").autocomplete("rivers", order_by_relevance=False)
    assert [page.title for page in by_title] == sorted(page.title for page in rivers)


def test_whole_words_and_nonsense(rivers):
    assert len(Page.objects.search("rivers")) == 3
    assert len(Page.objects.search("riv")) == 0
    assert found('"') == found("xylophone") == []
    assert len(found('"rivers')) == 3


@ON_SQLITE  # the admin's form refuses it before PostgreSQL would
def test_a_sign_that_ends_texts_is_left_out(rivers):
    assert found("\x00") == []
    assert len(found("riv\x00")) == 3


@ON_SQLITE
def test_an_editor_finds_pages_in_the_admin(rivers, editor_client, monkeypatch):
    for most in (200, 1):
        monkeypatch.setattr("core.search.admin.MOST_RANKED", most)
        page = editor_client.get("/admin/pages/search/", {"q": "rivers"}).content.decode()
        assert all(river.title in page for river in rivers)
