"""Pages are found by their address as Wagtail would find them, in fewer queries."""

import pytest
from django.http import Http404
from django.test import RequestFactory
from wagtail.models import Page, Site

from core.routing import current_site, find_page
from news.models import NewsIndexPage
from tests import factories as make
from tests.html import all_pages


def found(path: str):
    result = find_page(RequestFactory().get(f"/{path}"), path)
    return result.page if result else None


def test_every_page_is_found_with_the_pages_above_it(tree):
    make.NewsArticlePageFactory()
    make.StandardPageFactory(parent=make.StandardPageFactory(parent=tree.about))
    for page in all_pages():
        path = page.url.lstrip("/")
        result = find_page(RequestFactory().get(page.url), path)
        assert result.page == page
        assert type(result.page) is type(page)
        assert result.page.pages_above == list(page.get_ancestors().filter(depth__gt=1))


@pytest.mark.parametrize(
    "path",
    ["", "about/", "about", "news/feed/", "news/category/x/", "news/nothing/", "nothing/", "about/nothing/", "people/"],
)
def test_it_finds_what_wagtail_finds(tree, path):
    home = Page.objects.get(pk=tree.home.pk).specific
    try:
        theirs = home.route(RequestFactory().get(f"/{path}"), [part for part in path.split("/") if part])
    except Http404:
        theirs = None
    ours = find_page(RequestFactory().get(f"/{path}"), path)
    assert (ours and (ours.page, bool(ours.args))) == (theirs and (theirs.page, bool(theirs.args)))


@pytest.mark.parametrize("depth", [1, 3, 6])
def test_the_number_of_queries_does_not_grow_with_the_depth(tree, django_assert_num_queries, depth):
    page = tree.about
    for _ in range(depth):
        page = make.StandardPageFactory(parent=page)
    path = page.url.lstrip("/")
    found(path)
    with django_assert_num_queries(3):
        assert found(path) == page


def test_a_page_too_deep_to_be_looked_up_at_once_is_found_all_the_same(tree):
    page = tree.about
    for _ in range(12):
        page = make.StandardPageFactory(parent=page)
    assert found(page.url.lstrip("/")) == page


def test_pages_with_the_same_slug_are_told_apart(tree):
    inner = make.StandardPageFactory(parent=tree.about, slug="news")
    assert found("about/news/") == inner
    assert found("news/") == tree.news
    assert found("news/about/") is None


def test_an_address_of_a_section_goes_before_a_page_of_the_same_name(tree, client):
    """An article named "Feed" must not take the feed's address away."""
    make.NewsArticlePageFactory(slug="feed")
    assert isinstance(found("news/feed/"), NewsIndexPage)
    assert client.get("/news/feed/")["Content-Type"].startswith("application/atom+xml")


def test_a_draft_is_not_found_but_what_lies_beneath_it_is(tree):
    draft = make.StandardPageFactory(live=False)
    child = make.StandardPageFactory(parent=draft)
    path = draft.url_path.removeprefix(tree.home.url_path)
    assert found(path) is None
    assert found(f"{path}{child.slug}/") == child


def test_a_page_outside_the_site_is_not_found(tree):
    other = Page.get_first_root_node().add_child(instance=Page(title="Other", slug="other-tree"))
    other.add_child(instance=Page(title="Inner", slug="inner"))
    assert found("other-tree/") is None
    assert found("inner/") is None


def test_a_page_that_is_none_of_ours_is_found(tree):
    tree.home.refresh_from_db()
    plain = tree.home.add_child(instance=Page(title="Plain", slug="plain"))
    assert found("plain/") == plain


def test_before_there_is_a_site_there_is_no_page(db, client):
    Site.objects.all().delete()
    assert find_page(RequestFactory().get("/"), "") is None
    assert current_site(RequestFactory().get("/")) is None
    assert client.get("/").status_code == 404
    assert client.get("/search/").status_code == 200


def test_the_welcome_page_of_a_new_site_is_found(db):
    assert found("").title == "Welcome to your new Wagtail site!"
