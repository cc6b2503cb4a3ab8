"""No public page takes more than twelve queries, however much there is on the site."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from core.blocks.body import BodyBlock
from core.blocks.links import LinkBlock
from core.models import Navigation, SiteSettings
from tests import factories as make
from tests.html import all_pages
from tests.loaded_site import load_site
from tests.snapshot import made_once

MOST = 12


def link(page: Any = None, address: str = "") -> dict[str, Any]:
    return {"page": page.pk if page else None, "address": address, "label": "" if page else "Elsewhere"}


def set_up_menu(tree: Any) -> None:
    """A menu, a footer and a privacy page, as every real site has them."""
    site = Site.objects.get()
    sections = [tree.beliefs, tree.programmes, tree.stories, tree.news]
    columns = [{"heading": f"Column {n}", "links": [link(tree.about), link(tree.people)]} for n in range(2)]
    Navigation.objects.create(
        site=site,
        menu=[("link", block) for block in blocks("menu", [link(section) for section in sections])],
        footer=[("column", block) for block in blocks("footer", columns)],
    )
    SiteSettings.objects.create(site=site, privacy_page=tree.about, announcement="<p>Soon</p>")


def blocks(field: str, values: list[Any]) -> list[Any]:
    child = next(iter(Navigation._meta.get_field(field).stream_block.child_blocks.values()))
    return [child.to_python(value) for value in values]


def fill(tree: Any, number: int) -> dict[str, Any]:
    """So many pages of each kind, each with a picture, and connected with all others. Gives one address of each."""
    group, category, theme = make.ApproachGroupFactory(), make.NewsCategoryFactory(), make.ThemeFactory()
    programme = make.ProgrammePageFactory(listing_image=make.SiteImageFactory(width=40, height=30))
    approaches, stories, articles, people = [], [], [], []
    for _ in range(number):
        picture = make.SiteImageFactory(width=40, height=30)
        people.append(make.PersonPageFactory(picture=picture))
        approaches.append(make.ApproachPageFactory(group=group))
        story = make.CaseStoryPageFactory(
            programme=programme, theme=theme, listing_image=picture, place=make.PlaceFactory()
        )
        stories.append(story)
        articles.append(make.NewsArticlePageFactory(category=category, author_person=people[0], listing_image=picture))
        make.ProgrammePageFactory(listing_image=picture)
    connect(approaches, stories, programme)
    tree.home.refresh_from_db()
    tree.home.hero_links = [("link", link_block(tree.programmes)), ("link", link_block(tree.stories))]
    tree.home.chosen_stories = [("story", stories[-1])]
    tree.home.save()
    each = (tree.beliefs, people[0], programme, stories[0], articles[0], approaches[0])
    return {page.url: type(page).__name__ for page in (*vars(tree).values(), *each)}


def link_block(page: Any) -> Any:
    return LinkBlock().to_python(link(page))


def connect(approaches: list[Any], stories: list[Any], programme: Any) -> None:
    """Let the first of each kind name all others."""
    first, story = approaches[0], stories[0]
    first.connections = [type(first).connections.rel.related_model(to=other, kind="uses") for other in approaches[1:]]
    story.approaches_used = [type(story).approaches_used.rel.related_model(approach=each) for each in approaches]
    story.related_stories = [type(story).related_stories.rel.related_model(story=each) for each in stories[1:]]
    programme.refresh_from_db()
    programme.chosen_stories = [type(programme).chosen_stories.rel.related_model(story=each) for each in stories]
    for page in (first, story, programme):
        page.save()


def queries(client: Client, address: str) -> list[str]:
    """The queries of a page whose pictures exist already."""
    assert client.get(address).status_code in (200, 404), address
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return [query["sql"] for query in captured]


@pytest.fixture
def counts(tree, client):
    """How many queries each page takes, by its address, with so many pages of each kind."""
    set_up_menu(tree)

    def count(number: int) -> dict[str, int]:
        addresses = [*fill(tree, number), "/search/?q=page", "/news/?year=2024", "/no/such/page/"]
        return {address: len(queries(client, address)) for address in addresses}

    return count


def test_no_page_takes_more_than_twelve_queries_with_two_of_each_kind(counts):
    assert {address: number for address, number in counts(2).items() if number > MOST} == {}


def test_no_page_takes_more_with_thirty_of_each_kind(counts):
    few, many = counts(3), counts(30)
    assert {address: number for address, number in many.items() if number > MOST} == {}
    more = {
        address: (few[address], many[address]) for address in few.keys() & many.keys() if many[address] > few[address]
    }
    assert more == {}


def test_no_page_of_the_starting_content_takes_more(db, client):
    made_once(load_site)
    counts = {page.url: len(queries(client, page.url)) for page in all_pages()}
    assert len(counts) > 40
    assert {address: number for address, number in counts.items() if number > MOST} == {}


def test_links_to_the_same_page_are_read_once_in_a_request(tree, client):
    set_up_menu(tree)
    calls = [("call_to_action", {"heading": "Go", "text": "", "link": link(page)}) for page in (tree.about, tree.news)]
    text = ("text", f'<p><a linktype="page" id="{tree.stories.pk}">stories</a></p>')
    body = BodyBlock()
    values = [(name, body.child_blocks[name].to_python(value)) for name, value in [*calls, text, text]]
    with_links, without = make.StandardPageFactory(body=values), make.StandardPageFactory()
    assert len(queries(client, with_links.url)) == len(queries(client, without.url))


def test_pages_of_the_news_and_their_filters_take_no_more(counts, client):
    counts(2)
    category = make.NewsCategoryFactory(slug="events")
    for _ in range(25):
        make.NewsArticlePageFactory(category=category)
    for address in (
        "/news/category/events/",
        "/news/category/events/?page=2",
        "/news/?category=events&year=2024&page=2",
    ):
        assert len(queries(client, address)) <= MOST


def test_feeds_and_data_take_a_constant_number_of_queries(tree, client):
    addresses = ["/news/feed/", "/news/feed.json", "/art-of-change-making/map.json"]
    fill(tree, 3)
    few = [len(queries(client, address)) for address in [*addresses, "/sitemap.xml"]]
    fill(tree, 10)
    assert [len(queries(client, address)) for address in [*addresses, "/sitemap.xml"]] == few
    assert max(few[:-1]) <= MOST


def test_a_picture_is_made_once_and_found_in_one_query_for_a_whole_list(tree, client):
    fill(tree, 5)
    client.get("/case-stories/")
    renditions = [sql for sql in queries(client, "/case-stories/") if "core_siterendition" in sql]
    assert len(renditions) == 1
    assert not any(sql.startswith("INSERT") for sql in queries(client, "/"))


def test_reading_a_page_writes_nothing_even_on_a_new_site(tree, client):
    assert not any(sql.split()[0] in ("INSERT", "UPDATE", "DELETE") for sql in queries(client, "/"))
    assert not SiteSettings.objects.exists()
