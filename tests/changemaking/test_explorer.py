"""The explorer as a reader gets it from the server: lists and drawing that say the same, whatever is asked."""

import gzip
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from changemaking.connections import Kind
from changemaking.layouts import refresh_layouts
from changemaking.models import ApproachPage, Connection, MapLayout
from tests import factories as make
from tests.changemaking.asking import ADDRESS, ask, words
from tests.html import parse

MOST_QUERIES = 12


def told(document: Any) -> set[tuple[str, str, str]]:
    """Every connection of the lists: approach, words, approach."""
    return {
        (words(item.h4), words(link).split(words(link.a))[0].strip(), words(link.a))
        for item in document.select("#found .rows > li")
        for link in item.select(".told > li")
    }


def drawn(document: Any, state: str = "") -> set[str]:
    """The slugs of the boxes, all or those of a state."""
    links = document.select(f".chart a.n{state}")
    return {link["href"].removeprefix(ADDRESS).strip("/") for link in links}


def test_the_starting_content_is_all_there_in_both_directions(starting, client):
    document = ask(client)
    titles = dict(ApproachPage.objects.values_list("pk", "title"))
    assert {words(heading) for heading in document.select("#found h4")} == set(titles.values())
    stated = Connection.objects.all()
    forwards = {(titles[one.page_id], Kind(one.kind).label, titles[one.to_id]) for one in stated}
    backwards = {(titles[one.to_id], Kind(one.kind).reverse, titles[one.page_id]) for one in stated}
    assert told(document) == forwards | backwards
    assert len(forwards | backwards) == 50
    assert sum(one.sentence in words(document.select_one("#found")) for one in stated) == 25
    assert drawn(document) == set(ApproachPage.objects.values_list("slug", flat=True))
    ends = {frozenset(map(int, line["data-e"].split())) for line in document.select(".chart .e")}
    assert ends == {frozenset((one.page_id, one.to_id)) for one in stated}
    assert len(document.select(".chart .e")) == 25


def test_the_drawing_is_there_at_once_after_loading_and_a_request_only_reads(starting, client):
    assert MapLayout.objects.count() == 1
    with CaptureQueriesContext(connection) as captured:
        client.get(ADDRESS)
    assert all(query["sql"].startswith("SELECT") for query in captured)
    assert len(captured) <= MOST_QUERIES


@pytest.mark.parametrize(
    "arguments", [{}, {"approach": "dialogue"}, {"kind": "uses"}, {"from": "nudge", "to": "dialogue"}]
)
def test_the_page_is_small(starting, client, arguments):
    assert len(gzip.compress(client.get(ADDRESS, arguments).content)) < 20_000


def test_the_drawing_is_out_of_the_way_of_keyboards_and_screen_readers(starting, client):
    drawing = ask(client).select_one(".chart svg")
    assert drawing["aria-hidden"] == "true"
    assert {link["tabindex"] for link in drawing("a")} == {"-1"}


def test_groups_differ_by_mark_and_kinds_by_line(starting, client):
    document = ask(client)
    marks = {tuple(node["class"])[1]: node.select_one(".m")["d"] for node in document.select(".chart .n")}
    assert len(set(marks.values())) == len(marks) == 5
    key = {mark["class"][1]: mark.path["d"] for mark in document.select(".by-group .mark-of")}
    assert key == marks
    kinds = {line["class"][1] for line in document.select(".by-kind .line")}
    assert kinds == {line["class"][1] for line in document.select(".chart .e")}


def test_one_approach_with_its_neighbours(small, client):
    document = ask(client, approach="b")
    assert words(document.select_one("#found h2")) == "B"
    assert [words(item.p) for item in document.select(".steps > li")] == ["B pairs with C", "B is built on by A"]
    assert drawn(document, ".chosen") == {"b"}
    assert drawn(document, ".lit") == {"a", "c"}
    assert drawn(document, ".off") == {"d"}
    assert len(document.select(".chart .e.lit")) == 2
    assert len(document.select(".near a.n")) == 3
    assert "A rests." in words(document.select_one("#found"))


def test_an_approach_without_connections_says_so(small, client):
    document = ask(client, approach="d")
    assert "D has 0 connections." in words(document.select_one("#found"))
    assert not document.select(".near, .steps")


def test_an_approach_leads_to_its_stories_and_they_lead_back(small, client):
    story = make.CaseStoryPageFactory(title="A place that changed")
    story.approaches_used = [type(story).approaches_used.rel.related_model(approach=small["a"])]
    story.save()
    for address in (f"{ADDRESS}?approach=a", small["a"].url):
        assert parse(client.get(address).content.decode()).select_one(f'main a[href="{story.url}"]')
    assert parse(client.get(story.url).content.decode()).select_one(f'main a[href="{small["a"].url}"]')
    story.unpublish()
    assert story.url not in client.get(f"{ADDRESS}?approach=a").content.decode()


def test_the_page_of_an_approach_leads_to_its_place_in_the_explorer(small, client):
    page = parse(client.get(small["a"].url).content.decode())
    link = page.select_one(f'main a[href^="{ADDRESS}?"]')
    assert link["href"] == f"{ADDRESS}?approach=a#found"


def test_the_way_from_one_to_another_in_the_right_words(small, client):
    document = ask(client, from_="c", to="a")
    assert [words(item.p) for item in document.select("ol.steps > li")] == ["C pairs with B", "B is built on by A"]
    assert words(document.select_one("#found h2")) == "From C to A"
    assert drawn(document, ".chosen") == {"a", "c"}
    assert drawn(document, ".lit") == {"b"}
    selected = [words(option) for option in document.select("select option[selected]")]
    assert selected == ["C", "A"]
    back = ask(client, from_="a", to="c")
    assert [words(item.p) for item in back.select("ol.steps > li")] == ["A builds on B", "B pairs with C"]


def test_everything_that_connects_two_is_one_step(small, client):
    Connection.objects.create(page=small["b"], to=small["a"], kind="contrasts_with", sentence="But.")
    document = ask(client, from_="a", to="c")
    steps = document.select("ol.steps > li")
    assert len(steps) == 2
    assert words(steps[0]) == "A builds on B A rests. A contrasts with B But."


@pytest.mark.parametrize(
    ("start", "end", "status", "says"),
    [
        ("a", "d", 200, "No connections lead from A to D"),
        ("a", "a", 200, "You have chosen A twice"),
        ("", "", 200, "Choose an approach"),
        ("a", "", 200, "A has 1 connection."),
        ("", "c", 200, "C has 1 connection."),
        ("nope", "a", 404, "There is no such approach here"),
        ("a", "nope", 404, "There is no such approach here"),
        ("A", "b", 404, "There is no such approach here"),
    ],
)
def test_a_clear_answer_when_there_is_no_way(small, client, start, end, status, says):
    document = ask(client, status, from_=start, to=end)
    assert says in words(document.select_one("#found"))
    assert not document.select("ol.steps")
    assert document.select_one(f'#found a[href="{ADDRESS}"]')


def test_an_approach_that_is_not_here_is_told_of_beside_all_that_is(small, client):
    document = ask(client, 404, approach="gone")
    assert "no such approach" in words(document.select_one("#found"))
    assert drawn(document) == {"a", "b", "c", "d"}


def test_filters_by_group_and_by_kind(small, client):
    def shown(**arguments: str) -> set[str]:
        document = ask(client, **arguments)
        titles = {words(heading) for heading in document.select("#found h4")}
        assert {slug.upper() for slug in drawn(document, ":not(.off)")} == titles
        return titles

    assert shown(group="first") == {"A", "B"}
    assert shown(kind="pairs_with") == {"B", "C"}
    assert shown(group="first", kind="pairs_with") == {"B"}
    assert shown(group="nothing", kind="of this") == {"A", "B", "C", "D"}
    document = ask(client, group="second", kind="builds_on")
    assert "Nothing is both" in words(document.select_one("#found"))
    assert len(document.select(".legend [aria-current]")) == 2
    assert {words(link) for link in document.select(".by-kind a")} == {"builds on", "pairs with"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arguments=st.dictionaries(
        st.sampled_from(["approach", "from", "to", "group", "kind", "page", "x"]),
        st.one_of(st.text(max_size=30), st.sampled_from(["a", "b", "d", "first", "uses", "1" * 5000])),
    )
)
@example(arguments={"approach": "\x00"})
@example(arguments={"from": "a' OR 1=1 --", "to": "<script>alert(1)</script>"})
@example(arguments={"group": "ｆirst", "kind": "é" * 900})
def test_no_argument_breaks_it(small, client, arguments):
    response = client.get(f"{ADDRESS}?{urlencode(arguments, errors='surrogatepass')}")
    assert response.status_code in (200, 404)
    assert b"<script>alert" not in response.content
    assert b'id="found"' in response.content


def test_without_a_layout_the_lists_are_complete(small, client):
    MapLayout.objects.all().delete()
    document = ask(client)
    assert not document.select(".chart")
    assert len(told(document)) == 4


def test_an_empty_explorer_says_that_it_is(tree, client):
    document = ask(client)
    assert "are being written" in words(document.main)
    assert not document.select("form.way, .chart, .legend")


@pytest.mark.parametrize("query", ["", "?approach=p-0", "?from=p-1&to=p-2", "?kind=uses", "?group=first"])
def test_the_number_of_queries_does_not_grow(tree, client, query):
    def count() -> int:
        client.get(ADDRESS + query)
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS + query)
        return len(captured)

    def add(numbers: range) -> None:
        for number in numbers:
            page = make.ApproachPageFactory(slug=f"p-{number}", group=group)
            if number:
                Connection.objects.create(page=ApproachPage.objects.get(slug="p-0"), to=page, kind="uses")
        refresh_layouts()

    group = make.ApproachGroupFactory(slug="first")
    add(range(3))
    few = count()
    add(range(3, 25))
    assert count() == few <= MOST_QUERIES


def test_markup_in_titles_stays_words(small, client):
    small["a"].title = "</text><script>alert(1)</script>"
    small["a"].save()
    refresh_layouts()
    for query in ("", "?approach=b", "?from=a&to=c"):
        assert "<script>alert" not in client.get(ADDRESS + query).content.decode()
