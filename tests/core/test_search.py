"""The search answers any question, and tells only of what readers may see."""

import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from core.blocks.body import BodyBlock
from core.models import SearchEntry
from core.search.database import Holds, Question, Scope
from core.search.find import words_of
from core.search.views import MAX_QUERY_LENGTH, clean_query
from core.signal_handlers import fill_search
from tests import factories as make
from tests.core.test_queries import MOST, queries
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
    return [text_of(link) for link in parse(search(client, query)).select("main li h3 a")]


def text_of(element) -> str:
    """The text of an element on one line."""
    return " ".join(element.get_text().split())


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
    assert found(client, "rivers") == ["Of rivers", "Second"]
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
    shown = {text_of(item.h3): text_of(item("p")[-1]) for item in items}
    assert shown == {"About rivers": "How they flow.", "Rivers in the news": "They rose."}


def test_many_results_are_in_pages_that_keep_the_question(tree, client):
    for _ in range(25):
        make.StandardPageFactory(title="Rivers & lakes")
    document = parse(search(client, "rivers & lakes"))
    assert "25 results" in document.find("h2", class_="count").get_text()
    following = document.find("a", rel="next")["href"]
    assert following == "?q=rivers+%26+lakes&page=2"
    assert len(parse(client.get(f"/search/{following}").content.decode()).select("main li h3 a")) == 5


def test_a_search_is_not_kept_and_not_for_search_engines(tree, client):
    answer = client.get("/search/?q=food")
    assert "no-store" in answer["Cache-Control"]
    assert parse(answer.content.decode()).find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "Disallow: /search/" in client.get("/robots.txt").content.decode()


# --- What is found, and in what order ----------------------------------------------------------------


def article(day: int, **values):
    return make.NewsArticlePageFactory(date=datetime.date(2024, 1, day), **values)


def body(words: str):
    block = BodyBlock()
    return [("text", block.child_blocks["text"].to_python(f"<p>{words}</p>"))]


def test_the_title_comes_first_then_the_summary_then_the_text_then_the_newest(tree, client):
    article(1, title="Old", body=body("Of rivers"))
    article(2, title="New", body=body("Of rivers, rivers, rivers"))
    article(3, title="Newer", introduction="Of a river")
    article(4, title="Old rivers")
    article(5, title="New river")
    article(6, title="Newest", body=body("of hills"))
    article(1, title="Rivers")
    assert found(client, "rivers") == ["Rivers", "New river", "Old rivers", "Newer", "New", "Old"]


def test_all_words_must_be_there_wherever_they_stand(tree, client):
    article(1, title="Rivers", body=body("and hills"))
    article(2, title="Rivers", body=body("and lakes"))
    article(3, title="Two", introduction="Hills", body=body("and rivers"))
    assert found(client, "hills rivers") == ["Two", "Rivers"]


def test_words_are_found_in_other_forms_accents_and_stop_words_included(tree, client):
    make.StandardPageFactory(title="Ynys Môn, and/or Café stewardship")
    make.StandardPageFactory(title="About")
    for query in ("ynys mon", "CAFE", "café", "or", "stewardship"):
        assert found(client, query) == ["Ynys Môn, and/or Café stewardship"], query
    assert "About" in found(client, "about")


def test_a_word_may_be_typed_in_part_but_whole_words_win(tree, client):
    make.StandardPageFactory(title="Artichokes")
    assert found(client, "artic") == ["Artichokes"]
    make.StandardPageFactory(title="Artic")
    assert found(client, "artic") == ["Artic"]
    assert found(client, "zz") == []


@pytest.mark.parametrize("part", ["wat", "water", "watering"])
def test_a_part_of_a_word_needs_three_letters_besides_its_ending(tree, client, part):
    """The databases cut endings off before they look: two letters would begin too many words, and slowly."""
    make.StandardPageFactory(title="Watermills")
    make.StandardPageFactory(title="Wayside flowers")
    assert found(client, part) == ["Watermills"]
    assert found(client, "was") == found(client, "waing") == []


def test_texts_are_searched_for_three_letters_only_when_titles_give_few(tree, client, monkeypatch):
    make.StandardPageFactory(title="Gardens", body=[("text", "<p>Watermills</p>")])
    make.StandardPageFactory(title="Watermills")
    make.StandardPageFactory(title="Waterways")
    assert found(client, "wat") == ["Waterways", "Watermills", "Gardens"]
    monkeypatch.setattr("core.search.find.ENOUGH_BEGUN", 1)
    assert found(client, "wat") == ["Waterways", "Watermills"]
    assert found(client, "waterm") == ["Watermills", "Gardens"]


def test_documents_are_found_by_title_and_summary(tree, client):
    document = make.SiteDocumentFactory(title="Rivers of Kernow", summary="What flows & where.")
    items = parse(search(client, "flows")).select("main li:has(h3)")
    assert items[0].a["href"] == document.url
    assert [text_of(text) for text in items[0]("p")] == ["Documents, PDF", "What flows & where."]
    document.title = "Lakes"
    document.save()
    assert found(client, "kernow") == []
    document.delete()
    assert found(client, "lakes") == []


def test_what_is_saved_again_is_found_anew_and_only_once(tree, client):
    page = article(1, title="Rivers")
    page.title, page.date = "Lakes", datetime.date(2025, 5, 5)
    page.save()
    assert found(client, "rivers") == []
    assert found(client, "lakes") == ["Lakes"]
    assert SearchEntry.objects.filter(page=page).count() == 1
    page.delete()
    assert found(client, "lakes") == []


def test_a_site_that_is_older_than_its_search_is_filled(tree, client):
    article(1, title="Rivers")
    SearchEntry.objects.all().delete()
    assert found(client, "rivers") == []
    fill_search()
    assert found(client, "rivers") == ["Rivers"]


def test_the_thank_you_page_is_no_result(tree, client):
    make.ThankYouPageFactory(title="Rivers of thanks", parent=make.NewsletterPageFactory())
    assert found(client, "thanks") == []


# --- How it is shown ---------------------------------------------------------------------------------


def test_found_words_are_marked_and_all_else_is_text(tree, client):
    article(1, title="<b>Rivers</b> & \x02lakes\x03", introduction="<i>A river</i> <script>", body=body("no"))
    item = parse(html := search(client, "river")).select_one("main li:has(h3)")
    assert [mark.get_text() for mark in item("mark")] == ["Rivers", "river"]
    assert "<b><mark>" not in html.replace("&lt;", "<").split("<main")[0]
    assert "&lt;b&gt;<mark>Rivers</mark>&lt;/b&gt; &amp; lakes" in html
    assert not item.find(["b", "i", "script"])


def test_an_extract_of_the_text_is_shown_where_the_word_stands(tree, client):
    words = [f"word{number}" for number in range(400)]
    article(1, title="Long", introduction="What it is.", body=body(" ".join([*words, "riverbank", *words])))
    extract = parse(search(client, "riverbank")).select("main li:has(h3) p")[-1]
    assert extract.mark.get_text() == "riverbank"
    text = extract.get_text()
    assert text.startswith("…")
    assert text.endswith("…")
    assert len(text.split()) <= 40


def test_an_extract_does_not_run_on_from_what_ends_like_a_heading(tree, client):
    words = {"quotation": "Rivers know no borders.", "source": "Somebody", "source_detail": "Somewhere"}
    article(1, title="Short", body=[("quotation", words), *body("Then it began")])
    extract = parse(search(client, "began")).select("main li:has(h3) p")[-1].get_text()
    assert "Rivers know no borders. Somebody · Somewhere · Then it began" in " ".join(extract.split())


def test_the_kind_and_the_day_are_told(tree, client):
    article(7, title="Rivers")
    meta = parse(search(client, "rivers")).select_one("main li p.meta")
    assert " ".join(meta.get_text().split()) == "News · 7 January 2024"
    assert meta.time["datetime"] == "2024-01-07"


def test_results_can_be_narrowed_to_a_kind(tree, client):
    article(1, title="Rivers & news")
    make.SiteDocumentFactory(title="Rivers in a file")
    make.CaseStoryPageFactory(title="Rivers of a place")
    document = parse(search(client, "rivers"))
    links = {link.get_text(strip=True): link["href"] for link in document.select(".filter a")}
    assert list(links) == ["All", "Case stories (1)", "Documents (1)", "News (1)"]
    shown = parse(client.get(f"/search/{links['Documents (1)']}").content.decode())
    assert [link.get_text() for link in shown.select("main li h3 a")] == ["Rivers in a file"]
    assert shown.select_one("[aria-current=true]").get_text(strip=True) == "Documents (1)"
    assert shown.select_one("h2.count").get_text() == "1 result for “rivers” in Documents"
    assert len(shown.select(".filter li")) == 4
    assert client.get("/search/?q=rivers&type=people").status_code == 200
    assert len(parse(client.get("/search/?q=rivers&type=nonsense").content.decode()).select("main li h3 a")) == 3


def test_more_than_can_be_ranked_says_so_and_can_still_be_narrowed(tree, client, monkeypatch):
    monkeypatch.setattr("core.search.find.MOST", 3)
    for day in range(1, 6):
        article(day, title=f"Rivers {day}")
    make.PersonPageFactory(title="Rivers, a person", first_published_at="2001-01-01T00:00Z")
    document = parse(search(client, "rivers"))
    assert document.select_one("h2.count").get_text() == "More than 3 results for “rivers”"
    assert len(found(client, "rivers")) == 3
    narrowed = parse(client.get("/search/?q=rivers&type=people").content.decode())
    assert [link.get_text() for link in narrowed.select("main li h3 a")] == ["Rivers, a person"]
    news = parse(client.get("/search/?q=rivers&type=news").content.decode())
    assert news.select_one("h2.count").get_text() == "More than 3 results for “rivers” in News"
    asked_twice = len(queries(client, "/search/?q=rivers&type=news"))
    monkeypatch.setattr("core.search.find.ENOUGH_OF_A_KIND", 3)
    assert parse(client.get("/search/?q=rivers&type=news").content.decode()).select("main h3") == news.select("main h3")
    assert len(queries(client, "/search/?q=rivers&type=news")) == asked_twice - 1


def test_the_newest_of_a_kind_are_looked_for_among_that_kind(tree):
    make.PersonPageFactory(title="Rivers, a person", first_published_at="2001-01-01T00:00Z")
    for day in range(1, 4):
        article(day, title=f"Rivers {day}")
    question = Question(("rivers",))

    def newest(**among: Any) -> list[str]:
        held = SearchEntry.objects.filter(Holds(question, Scope.WHOLE, newest=2, **among))
        return list(held.order_by("-pk").values_list("title", flat=True))

    assert newest() == newest(kind="news") == ["Rivers 3", "Rivers 2"]
    assert newest(kind="people") == ["Rivers, a person"]
    assert newest(kind="documents") == []


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "9" * 30, "２"])
def test_a_page_that_there_is_not_is_not_found(tree, client, page):
    article(1, title="Rivers")
    assert client.get("/search/", {"q": "rivers", "page": page}).status_code == 404


# --- When nothing is found ---------------------------------------------------------------------------


def suggested(client, query: str) -> list[str]:
    return [link.get_text(strip=True) for link in parse(search(client, query)).select("main .suggested a")]


@pytest.mark.parametrize("typed", ["rivrs of kernow", "rievrs of kernow", "riversx of kernow", "rivera of kernow"])
def test_a_near_word_is_suggested_for_one_that_was_mistyped(tree, client, typed):
    article(1, title="Rivers of Kernow")
    assert suggested(client, typed) == ["rivers of kernow"]
    link = parse(search(client, typed)).select_one("main .suggested a")["href"]
    assert len(parse(client.get(f"/search/{link}").content.decode()).select("main li h3 a")) == 1


def test_nothing_is_suggested_that_would_find_nothing(tree, client):
    article(1, title="Rivers")
    article(2, title="Mountains")
    assert suggested(client, "rivrs mountains") == []
    assert "Nothing was found for “rivrs mountains”" in search(client, "rivrs mountains")


# --- What readers may not see ------------------------------------------------------------------------


def test_nothing_of_what_is_private_shows_in_results_counts_filters_or_suggestions(tree, client):
    page = article(1, title="Zanzibar rivers")
    folder = Collection.get_first_root_node().add_child(name="Board")
    make.SiteDocumentFactory(title="Zanzibar minutes", collection=folder)
    make.StandardPageFactory(title="Zanzibar open")
    assert len(found(client, "zanzibar")) == 3
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    CollectionViewRestriction.objects.create(collection=folder, restriction_type=CollectionViewRestriction.LOGIN)
    document = parse(search(client, "zanzibar"))
    assert document.select_one("h2.count").get_text() == "1 result for “zanzibar”"
    assert found(client, "zanzibar") == ["Zanzibar open"]
    assert found(client, "rivers") == found(client, "minutes") == []
    assert [link.get_text(strip=True) for link in document.select(".filter a")] == []
    for typed in ("rivrs", "minuts", "zanzibar rivrs"):
        assert suggested(client, typed) == []
    assert "rivers" not in client.get("/search/?q=zanz&part=results").content.decode()


def test_a_draft_of_a_live_page_is_not_searched(tree, client):
    page = article(1, title="Rivers")
    page.title = "Zanzibar"
    page.save_revision()
    assert found(client, "zanzibar") == []
    page.unpublish()
    assert found(client, "rivers") == []
    assert not SearchEntry.objects.filter(page=page).exists()


# --- While one types ---------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["rivers", "rivers & lakes", "rivrs", "<b>", "", '"', "rivers&type=news"])
def test_the_part_for_those_who_type_is_that_of_the_whole_page(tree, client, query):
    for day in range(1, 25):
        article(day, title="Rivers & lakes")
    asked = urlencode({"q": query})
    whole = parse(client.get(f"/search/?{asked}").content.decode())
    part = client.get(f"/search/?{asked}&part=results")
    assert str(parse(part.content.decode()).find()) == str(whole.select_one("[data-results]"))
    assert "no-store" in part["Cache-Control"]
    assert part["X-Robots-Tag"] == "noindex"
    assert len(part.content) < 20_000


def test_a_search_takes_few_queries_whatever_it_finds(tree, client):
    folder = Collection.get_first_root_node().add_child(name="Board")
    CollectionViewRestriction.objects.create(collection=folder, restriction_type=CollectionViewRestriction.LOGIN)
    PageViewRestriction.objects.create(page=tree.about, restriction_type=PageViewRestriction.LOGIN)
    addresses = [
        "rivers",
        "rivers&type=news",
        "rivers&page=2",
        "riv",
        "rivrs",
        "riz",
        "rivrs lak",
        "rivrs laks",
        "zzzzzzzz",
        "",
    ]

    def numbers() -> list[int]:
        return [len(queries(client, f"/search/?q={address}")) for address in addresses]

    for day in range(1, 26):
        article(day, title="Rivers & lakes")
    few = numbers()
    for day in range(1, 20):
        article(day, title=f"Rivers & lakes {day}")
        make.SiteDocumentFactory(title="Rivers")
    assert numbers() == few
    assert max(few) <= MOST


def test_words_are_letters_and_digits_at_most_twenty_each_once():
    assert words_of('The "art" of_change: art, 2024!') == ("the", "art", "of", "change", "2024")
    assert len(words_of(" ".join(f"w{number}" for number in range(900)))) == 20
