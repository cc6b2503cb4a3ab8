"""Lists of news, category pages and articles."""

from datetime import date

import pytest

from news.models import NewsArticlePage
from tests import factories as make
from tests.html import parse, problems, title


def titles(client, address: str) -> list[str]:
    document = parse(client.get(address).content.decode())
    return [heading.get_text(strip=True) for heading in document.select("main ol.rows h3")]


@pytest.fixture
def articles(tree):
    events, views = (
        make.NewsCategoryFactory(name="Events", slug="events"),
        make.NewsCategoryFactory(name="Views", slug="views"),
    )
    return [
        make.NewsArticlePageFactory(title="Old event", date=date(2022, 3, 1), category=events),
        make.NewsArticlePageFactory(title="New event", date=date(2024, 3, 1), category=events),
        make.NewsArticlePageFactory(title="A view", date=date(2023, 3, 1), category=views),
        make.NewsArticlePageFactory(title="Without", date=date(2021, 12, 31)),
    ]


def test_news_are_listed_newest_first_and_of_a_day_the_latest_made_first(articles, client):
    make.NewsArticlePageFactory(title="Same day", date=date(2024, 3, 1))
    assert titles(client, "/news/") == ["Same day", "New event", "A view", "Old event", "Without"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/news/?category=events", ["New event", "Old event"]),
        ("/news/?year=2024", ["New event"]),
        ("/news/?year=2021", ["Without"]),
        ("/news/?category=events&year=2022", ["Old event"]),
        ("/news/?category=views&year=2022", []),
        ("/news/category/events/", ["New event", "Old event"]),
        ("/news/category/events/?year=2024", ["New event"]),
        ("/news/category/events/?category=views", ["New event", "Old event"]),
    ],
)
def test_news_can_be_narrowed(articles, client, address, expected):
    assert titles(client, address) == expected
    assert problems(client.get(address).content.decode()) == []


def test_a_category_has_a_page_with_its_name_and_address(articles, client):
    document = parse(client.get("/news/category/events/").content.decode())
    assert document.h1.get_text(strip=True) == "Events"
    assert title(document) == "Events: News – Leadership Centre"
    assert document.find("link", rel="canonical")["href"] == "http://testserver/news/category/events/"
    assert "What this category is about." in document.main.get_text()
    crumbs = document.find("nav", attrs={"aria-label": "Breadcrumb"})
    assert [item.get_text(strip=True) for item in crumbs("li")] == ["Home", "News", "Events"]


def test_a_category_that_is_not_there_is_not_found_and_an_empty_one_is(articles, client):
    make.NewsCategoryFactory(slug="empty")
    assert client.get("/news/category/nothing/").status_code == 404
    assert client.get("/news/category/empty/").status_code == 200


def test_years_and_categories_in_use_are_offered_in_order(articles, client):
    document = parse(client.get("/news/").content.decode())
    offered = {nav["aria-label"]: [a.get_text(strip=True) for a in nav("a")] for nav in document.select("nav.filter")}
    assert offered == {"Category": ["All", "Events", "Views"], "Year": ["All", "2024", "2023", "2022", "2021"]}


def test_a_slip_in_the_year_costs_no_thousand_questions(articles, client, django_assert_max_num_queries):
    slip = make.NewsArticlePageFactory(title="Typed wrongly", date=date(2818, 1, 1))
    make.NewsArticlePageFactory(title="Typed wrongly too", date=date(202, 1, 1))
    with django_assert_max_num_queries(12):
        document = parse(client.get("/news/").content.decode())
    years = document.select_one("nav.filter[aria-label=Year]")("a")
    assert [a.get_text(strip=True) for a in years] == ["All", "2024", "2023", "2022", "2021"]
    for article in articles:
        article.unpublish()
    assert "Typed wrongly" in (answer := client.get("/news/").content.decode())
    assert parse(answer).select_one("nav.filter[aria-label=Year]") is None
    assert slip.get_others()["neighbours"]["older"].title == "Typed wrongly too"


def test_an_article_shows_others_of_its_category_then_the_newest_and_never_itself(articles, client):
    make.NewsArticlePageFactory(title="Third", date=date(2020, 1, 1), category=articles[0].category)
    assert titles(client, articles[1].url) == ["Old event", "Third", "A view"]
    assert titles(client, articles[3].url) == ["New event", "A view", "Old event"]


def test_the_author_is_a_page_if_there_is_one_to_see(tree, client):
    person = make.PersonPageFactory(title="Ada Writer")
    article = make.NewsArticlePageFactory(author_person=person, author_name="A. Writer")
    assert article.author_label == "Ada Writer"
    html = client.get(article.url).content.decode()
    assert parse(html).main.find("a", href=person.url).get_text(strip=True) == "Ada Writer"
    assert '"@type": "NewsArticle"' in html
    assert '"author": {"@type": "Person", "name": "Ada Writer"' in html
    assert articles_of(client, person) == [article.title]
    person.unpublish()
    article.refresh_from_db()
    assert article.author_label == "A. Writer"
    assert "Ada Writer" not in client.get(article.url).content.decode()
    assert make.NewsArticlePageFactory().author_label == ""


def articles_of(client, person) -> list[str]:
    document = parse(client.get(person.url).content.decode())
    return [link.get_text(strip=True) for link in document.select("main .links a")]


def test_a_new_article_has_the_day_of_london(db, time_machine):
    time_machine.move_to("2024-06-30T23:30:00+00:00")
    assert NewsArticlePage(title="x").date == date(2024, 7, 1)
