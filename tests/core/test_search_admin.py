"""What editors see of the search: promoted results, what people searched for, and what found nothing."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits, SearchPromotion
from wagtail.models import PageViewRestriction

from core.models import SearchOutcome
from core.search import asked
from tests import factories as make
from tests.html import parse

SEARCHES, NOTHING = "/admin/reports/searches/", "/admin/reports/searches-without-results/"


def promote(words: str, **values) -> SearchPromotion:
    return SearchPromotion.objects.create(query=Query.get(words), **values)


def promoted(client, words: str) -> list[str]:
    document = parse(client.get("/search/", {"q": words}).content.decode())
    return [item.get_text(" ", strip=True) for item in document.select(".promoted li")]


def counted() -> dict[str, int]:
    return {hits.query.query_string: hits.hits for hits in QueryDailyHits.objects.select_related("query")}


def rows(client, address: str) -> list[list[str]]:
    table = parse(client.get(address).content.decode()).select("table.listing tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row("td")] for row in table]


# --- Promoted results --------------------------------------------------------------------------------


def test_a_promoted_page_stands_first_and_only_once(tree, client):
    make.StandardPageFactory(title="Rivers")
    other = make.StandardPageFactory(title="Lakes & rivers")
    promote("rivers", page=other, description="Read <this> first.")
    document = parse(client.get("/search/?q=RIVERS").content.decode())
    assert promoted(client, " Rivers ") == ["Lakes & rivers Read <this> first."]
    assert [link.get_text(strip=True) for link in document.select("main li h3 a")] == ["Lakes & rivers", "Rivers"]
    assert promoted(client, "river") == []


def test_a_promotion_answers_where_nothing_else_is_found(tree, client):
    promote("zzzz", page=tree.about)
    html = client.get("/search/?q=zzzz").content.decode()
    assert promoted(client, "zzzz") == ["About"]
    assert "Nothing was found" not in html


def test_an_address_elsewhere_can_be_promoted(tree, client):
    promote("rivers", external_link_url="https://example.org/?a=1&b=2", external_link_text="Elsewhere")
    link = parse(client.get("/search/?q=rivers").content.decode()).select_one(".promoted a")
    assert (link["href"], link.get_text()) == ("https://example.org/?a=1&b=2", "Elsewhere")


def test_what_readers_may_not_see_is_not_promoted(tree, client):
    draft = make.StandardPageFactory(title="Zanzibar draft", live=False)
    private = make.StandardPageFactory(title="Zanzibar private")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    for page in (draft, private):
        promote("rivers", page=page, description="Zanzibar")
    assert "Zanzibar" not in client.get("/search/?q=rivers").content.decode()


def test_editors_may_promote(tree, editor_client):
    assert editor_client.get("/admin/searchpicks/").status_code == 200
    form = {
        "query_string": "rivers",
        "editors_picks-TOTAL_FORMS": "1",
        "editors_picks-INITIAL_FORMS": "0",
        "editors_picks-MIN_NUM_FORMS": "1",
        "editors_picks-MAX_NUM_FORMS": "1000",
        "editors_picks-0-page": str(tree.about.pk),
        "editors_picks-0-description": "",
        "editors_picks-0-ORDER": "1",
    }
    assert editor_client.post("/admin/searchpicks/add/", form).status_code == 302
    assert promoted(Client(), "rivers") == ["About"]


# --- Counting ----------------------------------------------------------------------------------------


def test_a_search_is_counted_by_its_words_and_day(tree, client):
    make.StandardPageFactory(title="Rivers")
    for query in ("rivers", "RIVERS ", "nothing like it"):
        client.get("/search/", {"q": query})
    assert counted() == {"rivers": 2, "nothing like it": 1}
    outcomes = SearchOutcome.objects.values_list("query__query_string", "results")
    assert dict(outcomes) == {"rivers": 1, "nothing like it": 0}
    make.StandardPageFactory(title="Nothing like it")
    client.get("/search/?q=nothing+like+it")
    assert dict(outcomes.all())["nothing like it"] == 1


@pytest.mark.parametrize(
    "query",
    [
        *(
            "ada@example.org",
            "mail ada @ example",
            "020 7946 0018",
            "+44 (0)20-7946-0018",
            "07700900123",
            "0 2 0 7 9 4",
        ),
        *("", "   ", '"""' * 40, "word " * 30),
    ],
)
def test_what_may_be_somebodys_is_not_counted(tree, client, query):
    assert client.get("/search/", {"q": query}).status_code == 200
    assert counted() == {}
    assert not Query.objects.exists()


def test_a_year_may_be_counted(tree, client):
    client.get("/search/?q=plan+2024")
    assert counted() == {"plan 2024": 1}


@pytest.mark.parametrize("more", ["part=results", "page=2", "type=news"])
def test_one_search_is_counted_once_while_one_types_reads_on_or_narrows(tree, client, more):
    for _ in range(21):
        make.NewsArticlePageFactory(title="Rivers")
    assert client.get(f"/search/?q=rivers&{more}").status_code == 200
    assert counted() == {}


def test_a_flood_of_different_searches_is_not_kept(tree, client, monkeypatch):
    monkeypatch.setattr(asked, "MOST_A_DAY", 2)
    for query in ("one", "two", "three", "one"):
        client.get("/search/", {"q": query})
    assert counted() == {"one": 2, "two": 1}


def test_a_search_is_answered_when_it_cannot_be_counted(tree, client, monkeypatch, caplog):
    def locked(words: str, results: int) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(asked, "_count", locked)
    assert client.get("/search/?q=secret").status_code == 200
    assert "A search was not counted" in caplog.text
    assert "secret" not in caplog.text


def test_counts_are_forgotten_after_a_year(tree):
    for words, days in (("old", 366), ("new", 364)):
        Query.get(words).add_hit(timezone.localdate() - datetime.timedelta(days=days))
    promote("promoted", page=tree.about)
    asked.forget()
    assert set(Query.objects.values_list("query_string", flat=True)) == {"new", "promoted"}


# --- Reports -----------------------------------------------------------------------------------------


@pytest.fixture
def searched(tree, client):
    make.StandardPageFactory(title="Rivers")
    for query in ("rivers", "rivers", "hyperloop", "=cmd()"):
        client.get("/search/", {"q": query})
    QueryDailyHits.objects.create(query=Query.get("rivers"), date=datetime.date(2020, 1, 1), hits=40)


def test_the_report_tells_what_people_searched_for(searched, editor_client):
    shown = rows(editor_client, SEARCHES)
    most, *others = [(row[0], row[1], row[3]) for row in shown]
    assert most == ("rivers", "42", "1")
    assert set(others) == {("hyperloop", "1", "0"), ("=cmd()", "1", "0")}


def test_the_report_counts_only_the_days_that_were_chosen(searched, editor_client):
    shown = rows(editor_client, f"{SEARCHES}?day_from=2019-12-31&day_to=2020-01-02")
    assert [(row[0], row[1]) for row in shown] == [("rivers", "40")]
    assert [row[0] for row in rows(editor_client, f"{SEARCHES}?q=hyper")] == ["hyperloop"]


@pytest.mark.parametrize("ordering", ["times", "-last_day", "query_string", "found", "nonsense"])
def test_the_report_can_be_ordered(searched, editor_client, ordering):
    assert len(rows(editor_client, f"{SEARCHES}?ordering={ordering}")) == 3


def test_the_other_report_tells_what_found_nothing(searched, editor_client):
    assert {row[0] for row in rows(editor_client, NOTHING)} == {"hyperloop", "=cmd()"}


def test_the_reports_can_be_downloaded_without_formulas(searched, editor_client):
    answer = editor_client.get(f"{NOTHING}?export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert "\n'=cmd()," in text
    assert "\nhyperloop," in text
    assert editor_client.get(f"{SEARCHES}?export=xlsx").status_code == 200


def test_the_reports_are_for_those_who_may_edit_pages(searched, editor_client):
    outsider = get_user_model()._default_manager.create_user("outsider", password="a long password for tests")
    group = Group.objects.create(name="Only the admin")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    outsider.groups.add(group)
    client = Client()
    client.force_login(outsider)
    menu = editor_client.get("/admin/").content.decode()
    for address in (SEARCHES, NOTHING, f"{SEARCHES}results/", f"{NOTHING}results/"):
        assert editor_client.get(address).status_code == 200
        assert client.get(address).status_code == 302
        assert Client().get(address).status_code == 302
    assert "What people searched for" in menu
    assert "Searches that found nothing" in menu
    assert "What people searched for" not in client.get("/admin/").content.decode()
