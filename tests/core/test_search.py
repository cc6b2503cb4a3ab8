"""The search answers any question, and tells only of what readers may see."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.views import MAX_QUERY_LENGTH, clean_query
from tests import factories as make
from tests.html import parse, problems

HOSTILE = [
    *(
        '"',
        "'",
        '""',
        "\\",
        "\x00",
        "%",
        "_",
        "*",
        "()",
        "NOT",
        "OR",
        "a AND",
        "NEAR(a b)",
        "a:b",
        "-a",
        "^",
        "title:food",
    ),
    *("food\x00", "\ud7ff", "\u202e", "ÿ" * 500, "食物 ", "🗺️", "a" * 100_000, "word " * 900, "'; DROP TABLE x; --"),
    *("<script>alert(1)</script>", '" onfocus="alert(1)', "\r\nSet-Cookie: a=b", "{{ 7*7 }}", "%00", "%ff"),
]


def found(client, query: str) -> list[str]:
    """The titles that a search lists."""
    return [link.get_text(strip=True) for link in parse(search(client, query)).select("main li h3 a")]


def search(client, query: str) -> str:
    return client.get("/search/", {"q": query}).content.decode()


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:30])
def test_any_question_gets_an_answer(tree, client, query):
    answer = client.get("/search/", {"q": query})
    assert answer.status_code == 200
    assert problems(answer.content.decode(), is_page=False) == []


def test_the_search_stands_whatever_hypothesis_thinks_of(tree, client):
    make.StandardPageFactory(title="Food and places", introduction="Leaders")

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=60) | st.text('"*()-+^:AND OR\x00\\', max_size=20))
    @example("food OR")
    def run(query):
        assert client.get("/search/", {"q": query}).status_code == 200

    run()


@given(st.text(max_size=3000))
@example("a" * 5000)
@example(" \t\n ")
def test_a_question_is_cleaned_to_words_of_a_bounded_length(text):
    query = clean_query(text)
    assert len(query) <= MAX_QUERY_LENGTH
    assert query == " ".join(query.split())
    assert query.isprintable()
    assert clean_query(query) == query


def test_what_was_asked_is_shown_again_as_text(tree, client):
    html = search(client, '<b>"food"</b>')
    field = parse(html).find("input", id="q")
    assert field["value"] == '<b>"food"</b>'
    assert "<b>" not in html


def test_nothing_asked_lists_nothing(tree, client):
    assert found(client, "") == found(client, "   ") == []
    assert client.get("/search/").status_code == 200


def test_pages_are_found_by_title_introduction_and_text(tree, client):
    body = make.StandardPageFactory(full=True).body
    make.StandardPageFactory(title="Of rivers")
    make.StandardPageFactory(title="Second", introduction="A word on rivers.")
    make.StandardPageFactory(title="Third", body=body)
    assert sorted(found(client, "rivers")) == ["Of rivers", "Second"]
    assert "Third" in found(client, "editor")
    assert found(client, "mountains") == []


def test_stories_are_found_by_place_and_theme(tree, client):
    make.CaseStoryPageFactory(
        title="A story", place=make.PlaceFactory(name="Kernow"), theme=make.ThemeFactory(name="Hunger")
    )
    assert found(client, "Kernow") == found(client, "Hunger") == ["A story"]


def test_results_show_what_lists_show(tree, client):
    make.StandardPageFactory(title="Rivers", listing_title="About rivers", listing_summary="How they flow.")
    make.NewsArticlePageFactory(title="Rivers in the news", introduction="They rose.")
    items = parse(search(client, "rivers")).select("main li:has(h3)")
    shown = {item.h3.get_text(strip=True): item.p.get_text(strip=True) for item in items}
    assert shown == {"About rivers": "How they flow.", "Rivers in the news": "They rose."}


def test_many_results_are_in_pages_that_keep_the_question(tree, client):
    for _ in range(25):
        make.StandardPageFactory(title="Rivers & lakes")
    document = parse(search(client, "rivers & lakes"))
    assert "25 pages" in document.find("h2", class_="count").get_text()
    following = document.find("a", rel="next")["href"]
    assert following == "?q=rivers+%26+lakes&page=2"
    assert len(parse(client.get(f"/search/{following}").content.decode()).select("main li h3 a")) == 5


def test_a_search_is_not_kept_and_not_for_search_engines(tree, client):
    answer = client.get("/search/?q=food")
    assert "no-store" in answer["Cache-Control"]
    assert parse(answer.content.decode()).find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert "Disallow: /search/" in client.get("/robots.txt").content.decode()
