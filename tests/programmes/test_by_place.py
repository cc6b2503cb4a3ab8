"""The list by place on the page of case stories: always whole, with or without the map."""

import brotli
import pytest

from programmes.places.by_place import FOLDS_FROM, TITLES
from tests import factories as make
from tests.html import parse, problems

PAGE = "/case-stories/"


def read(client, address: str = PAGE):
    html = client.get(address).content.decode()
    assert problems(html) == []
    return parse(html)


def listed(document) -> dict[str, list[str]]:
    """The stories of each place as the list tells them."""
    return {
        item.p.a.get_text(strip=True): [link.get_text(strip=True) for link in item.select(":scope > ul a")]
        for item in document.select(".by-place > li")
    }


@pytest.fixture
def places(tree):
    return {
        "cornwall": make.PlaceFactory(name="Cornwall", slug="cornwall", grid_reference="SW 82 44"),
        "belfast": make.PlaceFactory(name="Belfast", slug="belfast", grid_reference="J 33 74"),
        "county": make.PlaceFactory(name="A county", slug="county", grid_reference=""),
    }


@pytest.fixture
def stories(places):
    food = make.ThemeFactory(name="Food", slug="food")
    make.PlaceFactory(name="Nothing here", slug="nothing")
    return [
        make.CaseStoryPageFactory(title="One", place=places["cornwall"], theme=food),
        make.CaseStoryPageFactory(title="Two", place=places["belfast"]),
        make.CaseStoryPageFactory(title="Three", place=places["belfast"]),
        make.CaseStoryPageFactory(title="Four", place=places["county"]),
        make.CaseStoryPageFactory(title="Five", theme=food),
    ]


def test_every_story_is_listed_and_those_without_a_place_come_last(stories, client):
    found = listed(read(client))
    assert list(found.items()) == [
        ("A county", ["Four"]),
        ("Belfast", ["Three", "Two"]),
        ("Cornwall", ["One"]),
        ("No place named", ["Five"]),
    ]


def test_the_map_marks_what_the_list_says_and_is_hidden_from_screen_readers_and_the_tab_key(stories, client):
    document = read(client)
    drawing = document.select_one(".uk svg")
    assert drawing["aria-hidden"] == "true"
    links = drawing("a")
    assert {link["tabindex"] for link in links} == {"-1"}
    assert {link.title.get_text(): link["href"] for link in links} == {
        "Belfast": "?place=belfast#stories",
        "Cornwall": stories[0].url,
    }
    rows = {item["data-n"]: item.p.a.get_text() for item in document.select(".by-place > li[data-n]")}
    assert {link["data-n"]: link.title.get_text() for link in links} == rows
    assert [count.get_text() for count in drawing.select(".count")] == ["2"]
    assert "Natural Earth" in document.select_one(".uk figcaption").get_text()


def test_nothing_of_a_hidden_story_is_shown(stories, client):
    stories[0].unpublish()
    document = read(client)
    assert "Cornwall" not in document.main.get_text()


@pytest.mark.parametrize(
    ("query", "shown", "heading"),
    [
        ("place=belfast", ["Three", "Two"], "Belfast"),
        ("place=~none", ["Five"], "No place named"),
        ("place=nowhere", ["Five", "Four", "Three", "Two", "One"], "Stories"),
        ("place=nothing", ["Five", "Four", "Three", "Two", "One"], "Stories"),
        ("place=cornwall&theme=food", ["One"], "Cornwall"),
    ],
)
def test_a_place_narrows_the_stories_below(stories, client, query, shown, heading):
    document = read(client, f"{PAGE}?{query}")
    assert [title.get_text(strip=True) for title in document.select(".frame h3")] == shown
    assert document.select_one("#stories > h2").get_text(strip=True) == heading
    if heading != "Stories":
        assert document.select_one(".by-place [aria-current]").get_text() == heading
        assert "place=" not in document.select_one("#stories > p > a.more")["href"]


def test_the_list_and_the_map_follow_the_theme_but_not_the_place_or_the_page(stories, client):
    food = {"Cornwall": ["One"], "No place named": ["Five"]}
    assert listed(read(client, f"{PAGE}?theme=food")) == food
    narrowed = read(client, f"{PAGE}?theme=food&place=cornwall")
    assert listed(narrowed) == food
    assert [link.title.get_text() for link in narrowed.select(".uk a")] == ["Cornwall"]
    link = next(link for link in narrowed.select(".by-place p a") if link.get_text() == "No place named")
    assert link["href"] == "?place=~none&theme=food#stories"


def test_without_any_place_there_is_neither_list_nor_map(tree, client):
    make.CaseStoryPageFactory(title="Only")
    document = read(client)
    assert document.select(".by-place, .uk, [href*=places]") == []
    assert document.h1.get_text() == "Case stories"


def test_a_long_list_counts_stories_instead_of_naming_them(places, client):
    for number in range(TITLES):
        make.CaseStoryPageFactory(title=f"Story {number}", place=places["cornwall"])
    assert len(listed(read(client))["Cornwall"]) == TITLES
    make.CaseStoryPageFactory(place=places["belfast"])
    document = read(client)
    assert listed(document) == {"Belfast": [], "Cornwall": []}
    assert [item.p.get_text(" ", strip=True) for item in document.select(".by-place > li")] == [
        "Belfast 1",
        "Cornwall 24",
    ]


def test_a_very_long_list_is_folded_and_the_page_stays_small(tree, client):
    for number in range(FOLDS_FROM + 1):
        place = make.PlaceFactory(
            grid_reference=f"S{'JKOPTU'[number % 6]} {number * 7 % 100:02} {number * 13 % 100:02}"
        )
        make.CaseStoryPageFactory(place=place)
    html = client.get(PAGE).content
    document = parse(html.decode())
    assert document.select_one("main .fold > summary").get_text() == f"{FOLDS_FROM + 1} places"
    assert len(document.select("main .fold > .by-place > li")) == FOLDS_FROM + 1
    assert len(brotli.compress(html, quality=5)) < 20_000  # as a kept page is sent
