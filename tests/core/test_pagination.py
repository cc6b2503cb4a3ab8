"""Lists of the admin ask for the keys of a page first, and show what they showed before."""

import pytest
from django.db.models import Count, Q
from wagtail.models import Page

from core.pagination import KeysFirstPaginator
from home.models import StandardPage
from tests import factories as make

PER_PAGE = 5


@pytest.fixture
def pages(tree):
    for number in range(12):
        make.StandardPageFactory(title=f"Page {number % 4}")
    return Page.objects.filter(title__startswith="Page")


def union(pages):
    pages = pages.order_by()
    return pages.filter(title="Page 1").union(pages.exclude(title="Page 1")).order_by("id")


@pytest.mark.parametrize(
    "listed",
    [
        lambda pages: pages.order_by("-title", "pk"),
        lambda pages: pages.order_by("pk").specific(),
        lambda pages: pages.annotate(children=Count("sites_rooted_here")).order_by("children", "-pk"),
        lambda pages: pages.order_by("pk").values("pk", "title"),
        lambda pages: pages.order_by("pk").values_list("title", flat=True),
        lambda pages: list(pages.order_by("pk")),
        lambda pages: pages.order_by("pk")[:11],
        union,
        lambda pages: pages.none(),
    ],
)
def test_every_page_of_a_list_is_as_it_was(pages, listed):
    everything = listed(pages)
    paginator = KeysFirstPaginator(everything, PER_PAGE)
    shown = [list(page) for page in paginator]
    assert [item for page in shown for item in page] == list(everything)
    assert all(len(page) == PER_PAGE for page in shown[:-1])


def test_what_is_annotated_is_asked_of_the_page_alone(pages, django_assert_num_queries):
    paginator = KeysFirstPaginator(pages.annotate_site_root_state().order_by("pk"), PER_PAGE)
    with django_assert_num_queries(3) as captured:
        assert len(paginator.page(2).object_list) == PER_PAGE
    count, keys, records = (query["sql"] for query in captured.captured_queries)
    assert "COUNT" in count
    assert "LIMIT" in keys
    assert "wagtailcore_site" not in keys
    assert "wagtailcore_site" in records


def keys(records):
    return records.values_list("pk", flat=True)


def titled(title):
    return Page.objects.filter(title=title).order_by()


def test_that_a_page_is_among_all_there_are_is_not_asked(pages, django_assert_num_queries):
    paginator = KeysFirstPaginator(pages.filter(pk__in=keys(Page.objects.all())).order_by("pk"), PER_PAGE)
    first = list(pages.order_by("pk")[:PER_PAGE])
    with django_assert_num_queries(3) as captured:
        assert list(paginator.page(1)) == first
    assert not any("IN (SELECT" in query["sql"] for query in captured.captured_queries)


@pytest.mark.parametrize(
    "narrowed",
    [
        lambda pages: pages.filter(pk__in=keys(titled("Page 1"))),
        lambda pages: pages.filter(pk__in=keys(Page.objects.order_by("pk"))[:3]),
        lambda pages: pages.filter(pk__in=keys(StandardPage.objects.all())),
        lambda pages: pages.filter(pk__in=keys(titled("Page 1").union(titled("Page 2")))),
        lambda pages: pages.filter(pk__in=Page.objects.values("alias_of")),
        lambda pages: pages.filter(alias_of__in=keys(Page.objects.all())),
        lambda pages: pages.filter(pk__in=Page.objects.filter(sites_rooted_here__isnull=False).values("pk")),
        lambda pages: pages.exclude(pk__in=keys(Page.objects.all())),
        lambda pages: pages.filter(Q(title="Page 1") | Q(pk__in=keys(titled("Page 2")))),
    ],
)
def test_any_other_condition_stays(pages, narrowed):
    pages.filter(title="Page 1").first().create_alias(update_slug="alias")
    everything = narrowed(pages).order_by("pk")
    assert [page for part in KeysFirstPaginator(everything, PER_PAGE) for page in part] == list(everything)


@pytest.mark.parametrize(
    "address", ["/admin/pages/", "/admin/images/", "/admin/documents/", "/admin/reports/aging-pages/"]
)
def test_the_lists_of_the_admin_open(pages, editor_client, address):
    assert editor_client.get(address, follow=True).status_code == 200


def test_of_a_long_section_the_first_pages_are_sorted_by_hand(pages, tree, editor_client, monkeypatch):
    def shown():
        answer = editor_client.get(f"/admin/pages/{tree.home.pk}/", {"ordering": "ord"})
        return [page.pk for page in answer.context["object_list"]], answer.content.decode()

    keys, page = shown()
    assert len(keys) > PER_PAGE
    assert "to sort by hand" not in page
    monkeypatch.setattr("core.wagtail_hooks.MOST_SORTED_BY_HAND", PER_PAGE)
    some, page = shown()
    assert some == keys[:PER_PAGE]
    assert "The first 5 are shown, to sort by hand." in page
