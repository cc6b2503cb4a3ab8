"""The site map: what search engines may list, when it changed, which pictures it shows; in parts when it is large."""

from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import sitemap
from tests import factories as make
from tests.html import all_pages

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}


def read(client: Any, address: str = "/sitemap.xml") -> ElementTree.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own


def entries(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {entry.findtext("s:loc", "", NAMES): entry for entry in root.findall("s:url", NAMES)}


def test_a_page_has_its_date_and_the_pictures_it_shows(tree, client):
    in_list, in_text, when_shared = (make.SiteImageFactory() for _ in range(3))
    picture = {"image": {"image": in_text.pk, "alt_text": "A place", "decorative": False}, "caption": ""}
    page = make.NewsArticlePageFactory(listing_image=in_list, social_image=when_shared)
    block = page.body.stream_block.child_blocks["picture"]
    page.body.append(("picture", block.to_python(picture)))
    page.last_published_at = datetime(2024, 5, 1, 12, 30, 15, 123, tzinfo=UTC)
    page.save()
    entry = entries(read(client))[page.full_url]
    assert datetime.fromisoformat(entry.findtext("s:lastmod", "", NAMES)) == datetime(
        2024, 5, 1, 12, 30, 15, tzinfo=UTC
    )
    shown = {place.text for place in entry.findall("image:image/image:loc", NAMES)}
    assert shown == {f"http://testserver{image.file.url}" for image in (in_list, in_text)}


def test_pages_that_are_hidden_from_search_engines_are_left_out_of_every_type(tree, client):
    hidden = [
        factory(noindex=True)
        for factory in (make.StandardPageFactory, make.NewsArticlePageFactory, make.PersonPageFactory)
    ]
    tree.news.noindex = True
    tree.news.save()
    assert not {page.full_url for page in [*hidden, tree.news]} & entries(read(client)).keys()


def test_an_address_that_is_not_plain_letters_is_encoded(tree, client):
    page = make.StandardPageFactory(slug="caffè-co")
    (location,) = {place for place in entries(read(client)) if "caff" in place}
    assert location == page.full_url
    assert location.isascii()


def test_a_large_site_has_an_index_of_parts_that_hold_each_address_once(tree, client, monkeypatch):
    for number in range(8):
        make.StandardPageFactory(noindex=number == 3)
    make.NewsArticlePageFactory(category=make.NewsCategoryFactory(slug="events"))
    whole = [*entries(read(client))]
    monkeypatch.setattr(sitemap, "PART", 4)
    index = read(client)
    assert index.tag == f"{{{NAMES['s']}}}sitemapindex"
    places = [place.text or "" for place in index.findall("s:sitemap/s:loc", NAMES)]
    assert places == [f"http://testserver/sitemap-{number}.xml" for number in range(1, len(places) + 1)]
    parts = [entries(read(client, place)) for place in places]
    assert [location for part in parts for location in part] == whole
    assert max(map(len, parts)) == 4
    assert "http://testserver/news/category/events/" in parts[-1]
    dates = [place.text or "" for place in index.findall("s:sitemap/s:lastmod", NAMES)]
    for date, part in zip(dates, parts, strict=True):
        assert date == max(entry.findtext("s:lastmod", "", NAMES) for entry in part.values())
    assert client.get(f"/sitemap-{len(places) + 1}.xml").status_code == 404


@pytest.mark.parametrize("address", ["/sitemap-0.xml", "/sitemap-2.xml", "/sitemap-01.xml", "/sitemap-999999.xml"])
def test_other_parts_are_not_found(tree, client, address):
    assert client.get(address).status_code == 404


def test_a_site_before_it_is_set_up_has_an_empty_map(db, client, monkeypatch):
    monkeypatch.setattr(sitemap, "current_site", lambda request: None)
    assert entries(read(client)) == {}


def test_the_number_of_queries_is_small_and_constant(tree, client):
    def queries() -> int:
        read(client)
        with CaptureQueriesContext(connection) as captured:
            read(client)
        return len(captured)

    few = queries()
    for _ in range(5):
        make.NewsArticlePageFactory(listing_image=make.SiteImageFactory(width=40, height=30))
    assert queries() == few <= 12
    assert len(all_pages()) > 10
