"""News as feeds that any reader can read, whatever editors have pasted into a title."""

import json
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import feedparser
import pytest

from tests import factories as make

ATOM = "{http://www.w3.org/2005/Atom}"


def atom(client) -> ElementTree.Element:
    answer = client.get("/news/feed/")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own


def json_feed(client) -> dict:
    answer = client.get("/news/feed.json")
    assert answer["Content-Type"] == "application/feed+json"
    return json.loads(answer.content)


def test_an_empty_feed_is_a_feed(tree, client):
    feed = atom(client)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}title") == "Leadership Centre: News"
    assert feed.findtext(f"{ATOM}id") == "http://testserver/news/"
    assert feed.findtext(f"{ATOM}updated")
    assert json_feed(client)["items"] == []


def test_an_article_is_an_entry_with_what_its_list_shows(tree, client):
    person = make.PersonPageFactory(title="Ada Writer")
    article = make.NewsArticlePageFactory(
        title="A & B <i>met</i>",
        introduction="They talked.",
        date=date(2024, 7, 1),
        category=make.NewsCategoryFactory(name="Events"),
        author_person=person,
        author_name="Somebody else",
    )
    entry = atom(client).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "A & B <i>met</i>"
    assert entry.find(f"{ATOM}link").get("href") == entry.findtext(f"{ATOM}id") == article.full_url
    assert entry.findtext(f"{ATOM}summary") == "They talked."
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada Writer"
    assert entry.find(f"{ATOM}category").get("term") == "Events"
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}published")) == datetime(2024, 6, 30, 23, tzinfo=UTC)
    item = json_feed(client)["items"][0]
    assert item | {"date_modified": ""} == {
        "id": article.full_url,
        "url": article.full_url,
        "title": "A & B <i>met</i>",
        "content_text": "They talked.",
        "date_published": "2024-07-01T00:00:00+01:00",
        "date_modified": "",
        "authors": [{"name": "Ada Writer"}],
        "tags": ["Events"],
    }


def test_the_json_feed_has_what_its_format_asks_for(tree, client):
    make.NewsArticlePageFactory(introduction="")
    feed = json_feed(client)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "http://testserver/news/"
    assert feed["feed_url"] == "http://testserver/news/feed.json"
    assert feed["title"]
    assert all(item["id"] and item["content_text"] for item in feed["items"])


@pytest.mark.parametrize(
    "title", ["A\x0bvertical tab", "Control \x01\x1f", "\ufffe not a character", "]]> & <b>", "🗺️ café"]
)
def test_characters_that_xml_cannot_hold_do_not_break_the_feed(tree, client, title):
    make.NewsArticlePageFactory(
        title=title, introduction=title, author_name=title, category=make.NewsCategoryFactory(name=title)
    )
    kept = "".join(character for character in title if character.isprintable() or character in "🗺️")
    assert atom(client).find(f"{ATOM}entry").findtext(f"{ATOM}title") == kept
    assert json_feed(client)["items"][0]["title"] == title


def test_a_feed_has_the_newest_thirty(tree, client):
    for number in range(32):
        make.NewsArticlePageFactory(title=f"Article {number}", date=date(2024, 1, 1 + number % 28))
    titles = [entry.findtext(f"{ATOM}title") for entry in atom(client).findall(f"{ATOM}entry")]
    assert len(titles) == 30
    assert titles == [item["title"] for item in json_feed(client)["items"]]
    assert titles[0] == "Article 27"


def test_the_feed_names_itself_and_is_found_from_every_page(tree, client):
    links = {link.get("rel"): link.get("href") for link in atom(client).findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/news/", "self": "http://testserver/news/feed/"}
    html = client.get("/about/").content.decode()
    assert 'href="/news/feed/"' in html
    assert 'href="/news/feed.json"' in html


def test_a_category_has_feeds_of_its_own(tree, client):
    events = make.NewsCategoryFactory(name="Events", slug="events")
    article = make.NewsArticlePageFactory(title="We met", category=events)
    make.NewsArticlePageFactory(title="Something else")
    read = feedparser.parse(client.get("/news/category/events/feed/").content)
    assert not read.bozo
    assert (read.feed.title, [entry.link for entry in read.entries]) == (
        "Leadership Centre: Events",
        [article.full_url],
    )
    feed = client.get("/news/category/events/feed.json").json()
    assert [item["url"] for item in feed["items"]] == [article.full_url]
    assert feed["feed_url"] == "http://testserver/news/category/events/feed.json"
    assert "/news/category/events/feed/" in client.get("/news/category/events/").content.decode()


def test_a_category_that_is_none_has_no_feed(tree, client):
    assert client.get("/news/category/none/feed/").status_code == 404
    assert client.get("/news/category/none/feed.json").status_code == 404
