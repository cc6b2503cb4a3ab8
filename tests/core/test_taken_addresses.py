"""Editors cannot give a page an address that readers would never get to."""

import pytest

from core.addresses import TAKEN
from core.fields import StreamField
from news.models import NewsArticlePage, NewsIndexPage
from programmes.models import CaseStoriesPage, CaseStoryPage
from tests import factories as make


def form_of(kind, parent, slug):
    page = kind(title="Page", owner=None)
    form_class = kind.get_edit_handler().get_form_class()
    empty = {f"{field.name}-count": "0" for field in kind._meta.get_fields() if isinstance(field, StreamField)}
    return form_class({"title": "Page", "slug": slug} | empty, instance=page, parent_page=parent)


@pytest.mark.parametrize(
    ("kind", "section", "slug"),
    [(NewsArticlePage, NewsIndexPage, "feed"), (CaseStoryPage, CaseStoriesPage, "feed")],
)
def test_the_address_of_a_feed_is_refused_with_the_reason(tree, kind, section, slug):
    form = form_of(kind, section.objects.get(), slug)
    assert form.errors["slug"] == [TAKEN]


@pytest.mark.parametrize("slug", ["feeds", "category", "a-feed"])
def test_other_addresses_are_free(tree, slug):
    assert "slug" not in form_of(NewsArticlePage, NewsIndexPage.objects.get(), slug).errors


def test_pages_beneath_an_ordinary_page_may_be_called_anything(tree):
    page = make.StandardPageFactory()
    assert "slug" not in form_of(type(page), page, "feed").errors
