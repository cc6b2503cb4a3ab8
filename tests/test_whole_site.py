"""Every template of the site, with as much and as little as an editor can give it, answers and is sound HTML."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from tests import factories as make
from tests.html import all_pages, parse, problems, title

LONG_TITLE = "Unbroken" * 31 + "Words.."  # 255 characters, one word


def wrong_with(client: Client, pages: list[Any]) -> dict[str, list[str]]:
    """What is wrong with the answers of some pages, by address; empty when all are sound."""
    found = {}
    for page in pages:
        response = client.get(page.url)
        wrong = problems(response.content.decode()) if response.status_code == 200 else [f"{response.status_code}"]
        if wrong:
            found[f"{type(page).__name__} {page.url}"] = wrong
    return found


def one_of_each() -> list[Any]:
    """A published page of each type that lies beneath a section, with a title alone."""
    return [
        make.PersonPageFactory(),
        make.ApproachPageFactory(),
        make.ProgrammePageFactory(),
        make.CaseStoryPageFactory(),
        make.NewsArticlePageFactory(),
    ]


def test_a_site_without_any_content_is_sound(tree, client):
    assert wrong_with(client, all_pages()) == {}


def test_pages_with_a_title_alone_are_sound(tree, client):
    one_of_each()
    assert wrong_with(client, all_pages()) == {}


def test_pages_with_everything_on_them_are_sound(full_site, client):
    assert wrong_with(client, full_site) == {}


def test_pages_with_everything_on_them_twice_are_sound(full_site, client):
    """Two of each block: ids stay unique, two forms stand beside each other."""
    for page in full_site:
        for name in ("body", "challenge", "principles", "beliefs"):
            if hasattr(getattr(page, name, None), "raw_data"):
                value = getattr(page, name)
                value.extend([(block.block_type, block.value) for block in value])
        page.save()
    assert wrong_with(client, full_site) == {}


def test_titles_of_255_characters_are_shown_whole(tree, client):
    one_of_each()
    for page in all_pages():
        page.title = LONG_TITLE
        page.save()
    assert wrong_with(client, all_pages()) == {}
    for page in all_pages():
        heading = parse(client.get(page.url).content.decode()).h1.get_text(strip=True)
        assert heading == LONG_TITLE or type(page).__name__ == "ThankYouPage"


@pytest.mark.parametrize("address", ["/search/", "/search/?q=page", "/search/?q=nothing-of-the-kind", "/no/such/page/"])
def test_answers_that_are_no_pages_are_sound(tree, client, address):
    one_of_each()
    html = client.get(address).content.decode()
    wrong = problems(html, is_page=False)
    assert wrong == ([] if "search" in address else ["no description"])
    assert parse(html).find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_every_page_is_named_by_its_title_in_the_browser(tree, client):
    for page in [*one_of_each(), tree.about]:
        assert title(parse(client.get(page.url).content.decode())) == f"{page.title} – Leadership Centre"


def test_what_an_editor_writes_for_search_engines_and_sharing_is_used(full_site, client):
    for page in full_site:
        document = parse(client.get(page.url).content.decode())
        said = {tag.get("property") or tag.get("name"): tag.get("content") for tag in document("meta")}
        assert title(document) == "A title for search engines – Leadership Centre", page.url
        assert said["description"] == said["og:description"] == "A description for search engines."
        assert said["og:title"] == "A title when shared"
        assert said["og:url"] == document.find("link", rel="canonical")["href"] == page.full_url
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        assert said["og:image"].startswith("http://testserver/media/images/")


def test_a_page_can_be_hidden_from_search_engines(tree, client):
    shown = make.StandardPageFactory()
    hidden = make.StandardPageFactory(noindex=True)
    robots = {
        page: parse(client.get(page.url).content.decode()).find("meta", attrs={"name": "robots"})
        for page in (shown, hidden)
    }
    assert robots[shown] is None
    assert robots[hidden]["content"] == "noindex"
    sitemap = client.get("/sitemap.xml").content.decode()
    assert shown.full_url in sitemap
    assert hidden.full_url not in sitemap


def test_a_deep_page_has_its_way_from_home(tree, client):
    middle = make.StandardPageFactory(parent=tree.about, title="Middle")
    deep = make.StandardPageFactory(parent=middle, title="Deep")
    document = parse(client.get(deep.url).content.decode())
    crumbs = document.find("nav", attrs={"aria-label": "Breadcrumb"})
    assert [item.get_text(strip=True) for item in crumbs("li")] == ["Home", "About", "Middle", "Deep"]
    assert [link["href"] for link in crumbs("a")] == ["/", "/about/", middle.url]
    Page.objects.filter(pk=middle.pk).update(live=False)
    document = parse(client.get(deep.url).content.decode())
    assert "Middle" not in document.find("nav", attrs={"aria-label": "Breadcrumb"}).get_text()
