"""Lists: filters and page numbers, safe against whatever stands in an address."""

from urllib.parse import parse_qs, urlencode

import pytest
from bs4 import BeautifulSoup
from django.http import Http404
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core import listing
from home.models import StandardPage
from tests import factories as make
from tests.html import parse, problems
from tests.snapshot import made_once

TERMS = {"kind": ("Kind", [("place", "Place"), ("cohort", "Cohort")]), "year": ("Year", [(2024, 2024), (2023, 2023)])}
WRONG_NUMBERS = [
    "0",
    "-1",
    "+1",
    " 1",
    "1 ",
    "01e3",
    "1.0",
    "1_0",
    "abc",
    "",
    "٣",
    "１",
    "²",
    str(10**30),
    "9" * 5000,
    "\x00",
    "1\n",
]


def test_a_filter_offers_its_terms_and_keeps_the_others():
    kind, year = listing.build_filters({"kind": "place", "year": "2024"}, TERMS)
    assert (kind.name, kind.label, kind.selected, kind.selected_label) == ("kind", "Kind", "place", "Place")
    assert [(option.value, option.label, option.selected) for option in kind.options] == [
        ("place", "Place", True),
        ("cohort", "Cohort", False),
    ]
    assert parse_qs(kind.options[1].query[1:]) == {"kind": ["cohort"], "year": ["2024"]}
    assert kind.clear_query == "?year=2024"
    assert year.clear_query == "?kind=place"
    assert listing.page_query([kind, year]) == "kind=place&year=2024&"


def test_nothing_chosen_gives_bare_queries():
    kind, year = listing.build_filters({}, TERMS)
    assert kind.selected == kind.selected_label == year.selected == ""
    assert kind.options[0].query == "?kind=place"
    assert kind.clear_query == "?"
    assert listing.page_query([kind, year]) == ""


@given(st.dictionaries(st.sampled_from(["kind", "year", "page", "other"]), st.text()))
@example({"kind": "nothing-of-the-kind", "year": "2024", "other": "<script>"})
@example({"kind": "Place"})
def test_an_unknown_value_is_ignored_and_appears_nowhere(arguments):
    filters = listing.build_filters(arguments, TERMS)
    queries = [option.query for item in filters for option in item.options] + [item.clear_query for item in filters]
    known = {"kind": {"place", "cohort"}, "year": {"2024", "2023"}}
    for query in [*queries, listing.page_query(filters)]:
        for name, values in parse_qs(query.strip("?&"), keep_blank_values=True).items():
            assert set(values) <= known[name]
    for item in filters:
        assert item.selected in known[item.name] | {""}
        assert item.selected == arguments.get(item.name, "") or item.selected == ""


@pytest.mark.parametrize("number", [*WRONG_NUMBERS, "4", "999999"], ids=ascii)
def test_a_number_that_is_no_page_is_not_found(tree, number):
    with pytest.raises(Http404):
        listing.paginate(StandardPage.objects.all(), {"page": number}, per_page=1)


def test_pages_of_a_list_hold_what_they_should(tree):
    for _ in range(4):
        make.StandardPageFactory()
    pages = StandardPage.objects.order_by("title", "-pk")
    shown = [list(listing.paginate(pages, {"page": str(n)}, per_page=2)) for n in (1, 2, 3)]
    assert [page for part in shown for page in part] == list(pages)
    assert list(listing.paginate(pages, {"page": "2"}, per_page=4)) == list(pages)[4:]  # a last page that is not full
    assert list(listing.paginate(pages, {}, per_page=2)) == shown[0]
    assert list(listing.paginate(pages, {"page": "002"}, per_page=2)) == shown[1]


def test_an_empty_list_has_one_empty_page(tree):
    assert list(listing.paginate(StandardPage.objects.none(), {})) == []
    with pytest.raises(Http404):
        listing.paginate(StandardPage.objects.none(), {"page": "2"})


def test_chosen_records_come_first_in_their_order_and_the_rest_as_before(tree):
    a, b, c, d = (make.StandardPageFactory(title=title) for title in "abcd")
    pages = StandardPage.objects.exclude(pk=tree.about.pk).order_by("-title")
    assert list(listing.chosen_first(pages, [b.pk, a.pk])) == [b, a, d, c]
    assert list(listing.chosen_first(pages, [])) == [d, c, b, a]
    assert list(listing.chosen_first(pages, [10**9, c.pk])) == [c, d, b, a]


# --- Over HTTP ---------------------------------------------------------------------------------------

LISTS = [
    "/programmes/",
    "/case-stories/",
    "/news/",
    "/news/category/events/",
    "/people/",
    "/art-of-change-making/",
    "/search/",
    "/newsletter/issues/",
]


@pytest.fixture
def lists(tree):
    """A term of each kind in use, and more articles than one page holds."""
    made_once(fill_lists)


def fill_lists():
    category = make.NewsCategoryFactory(slug="events")
    for year in (2023, 2024):
        make.NewsArticlePageFactory(category=category, date=f"{year}-05-01")
    for _ in range(20):
        make.NewsArticlePageFactory(category=category)
    programme = make.ProgrammePageFactory(kind="cohort", status="open")
    make.CaseStoryPageFactory(theme=make.ThemeFactory(), place=make.PlaceFactory(), programme=programme)


@pytest.mark.parametrize("address", LISTS)
def test_wrong_page_numbers_are_not_found_and_never_a_fault(lists, client, address):
    for number in [*WRONG_NUMBERS, "7"]:
        status = client.get(address, {"page": number}).status_code
        assert status == (200 if address in ("/people/", "/art-of-change-making/") else 404), number


anything = (
    st.text(max_size=40) | st.sampled_from(WRONG_NUMBERS) | st.sampled_from(["1", "2", "cohort", "2024", "events"])
)
arguments = st.lists(
    st.tuples(
        st.sampled_from(["page", "kind", "status", "theme", "place", "programme", "category", "year", "q"])
        | st.text(max_size=8),
        anything,
    ),
    max_size=6,
)


@pytest.mark.parametrize("address", LISTS)
def test_no_query_string_is_a_fault(lists, client, address):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(arguments)
    def run(pairs):
        answer = client.get(f"{address}?{urlencode(pairs, errors='replace')}")
        assert answer.status_code in (200, 404), pairs

    run()


@pytest.mark.parametrize(
    "query",
    ["%", "%00", "%ff%fe", "page=%", "page[]=1", "&&&", "=", "a=%ED%A0%80", "page=1&page=0", "a&" * 900, ";", "?"],
)
def test_broken_query_strings_are_no_fault(lists, client, query):
    for address in LISTS:
        assert client.get(address, QUERY_STRING=query).status_code in (200, 404)


def test_too_many_arguments_are_refused(lists, client):
    assert client.get("/news/", QUERY_STRING="a&" * 10_001).status_code in (200, 400)


def options(document: BeautifulSoup, label: str) -> list[str]:
    found = document.find("nav", attrs={"aria-label": label})
    return [item.get_text(strip=True) for item in found("a")] if found else []


def test_only_terms_in_use_are_offered(tree, client):
    used, _, drafted = (make.ThemeFactory(name=name) for name in ("Food", "Unused", "Of a draft"))
    make.CaseStoryPageFactory(theme=used)
    make.CaseStoryPageFactory(theme=make.ThemeFactory(name="Alcohol"))
    make.CaseStoryPageFactory(theme=drafted, live=False)
    assert options(parse(client.get("/case-stories/").content.decode()), "Theme") == ["All", "Alcohol", "Food"]


def test_a_filter_shows_what_matches_and_says_so(tree, client):
    cohort = make.ProgrammePageFactory(title="A cohort", kind="cohort")
    place = make.ProgrammePageFactory(title="A place", kind="place-based")
    html = client.get("/programmes/?kind=cohort").content.decode()
    assert cohort.title in html
    assert place.title not in parse(html).main.get_text()
    assert problems(html) == []
    chosen = parse(html).select('nav[aria-label="Kind"] [aria-current]')
    assert [link.get_text(strip=True) for link in chosen] == ["Cohort"]


def test_an_unknown_value_of_a_filter_shows_the_whole_list(lists, client):
    whole = parse(client.get("/news/").content.decode()).main
    for query in ("category=no-such", "year=1066", "year=20240", "category=Events", "year=2024x"):
        assert parse(client.get(f"/news/?{query}").content.decode()).main == whole


def test_links_between_the_pages_of_a_list_keep_the_filter(lists, client):
    document = parse(client.get("/news/?year=2024&junk=1").content.decode())
    assert document.find("a", rel="next")["href"] == "?year=2024&page=2"
    second = client.get("/news/?year=2024&page=2").content.decode()
    assert problems(second) == []
    assert parse(second).find("a", rel="prev")["href"] == "?year=2024&page=1"
    assert parse(second).find("link", rel="canonical")["href"].endswith("/news/?page=2")


@pytest.mark.parametrize("address", ["/news/", "/programmes/", "/case-stories/"])
def test_a_list_of_nothing_leads_to_the_whole_list_only_from_a_part_of_it(tree, client, address):
    main = parse(client.get(address).content.decode()).main
    assert "has been published yet" in main.select_one(".empty").get_text()
    assert main.select(".empty a") == []


def test_a_filter_that_finds_nothing_leads_to_the_whole_list(tree, client):
    make.CaseStoryPageFactory(theme=make.ThemeFactory(slug="food"))
    make.CaseStoryPageFactory(place=make.PlaceFactory(slug="cornwall"))
    main = parse(client.get("/case-stories/?theme=food&place=cornwall").content.decode()).main
    assert main.select_one(".empty a")["href"] == "/case-stories/"
