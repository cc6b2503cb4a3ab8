"""What editors do to approaches, as the explorer follows it: hidden is hidden at once, and the drawing is kept true."""

from typing import Any

import pytest
from wagtail.models import PageViewRestriction

from changemaking.layouts import refresh_layouts
from changemaking.models import ApproachGroup, ApproachPage, ChangeMakingPage, Connection, MapLayout
from tests.changemaking.asking import ADDRESS, ask, words

ASKED = [
    "",
    "?approach=a",
    "?approach=b",
    "?from=a&to=c",
    "?from=c&to=a",
    "?group=first",
    "?kind=builds_on",
    "map.json",
]


@pytest.mark.parametrize("way", ["unpublished", "password", "login"])
@pytest.mark.parametrize("is_laid_out_anew", [True, False])
def test_what_is_not_public_is_nowhere(small, client, way, is_laid_out_anew, django_capture_on_commit_callbacks):
    """Not even before the drawing has been laid out anew."""
    hidden = small["b"]
    hidden.title = "Zanzibar"
    hidden.save()
    refresh_layouts()
    assert "Zanzibar" in client.get(ADDRESS).content.decode()
    with django_capture_on_commit_callbacks(execute=is_laid_out_anew):
        if way == "unpublished":
            hidden.unpublish()
        else:
            PageViewRestriction.objects.create(page=hidden, restriction_type=way, password="sesame")
    for query in ASKED:
        response = client.get(ADDRESS + query)
        text = response.content.decode()
        assert "Zanzibar" not in text, query
        assert f"{ADDRESS}b/" not in text, query
        assert f'data-n="{hidden.pk}"' not in text, query
        assert response.status_code == (404 if query == "?approach=b" else 200)
    assert "No connections lead" in client.get(f"{ADDRESS}?from=a&to=c").content.decode()
    kept = str(MapLayout.objects.get().data)
    assert ("Zanzibar" in kept) != is_laid_out_anew


def layout() -> dict[str, Any]:
    return MapLayout.objects.get().data


def change_title(pages: dict[str, ApproachPage]) -> None:
    pages["a"].title = "Another"
    pages["a"].save_revision().publish()


def add_connection(pages: dict[str, ApproachPage]) -> None:
    page = ApproachPage.objects.get(pk=pages["d"].pk)
    page.connections = [Connection(to=pages["a"], kind="uses")]
    page.save_revision().publish()


def rename_group(pages: dict[str, ApproachPage]) -> None:
    group = ApproachGroup.objects.get(slug="first")
    group.name = "A new name"
    group.save()


def delete_approach(pages: dict[str, ApproachPage]) -> None:
    ApproachPage.objects.get(pk=pages["c"].pk).delete()


def restrict(pages: dict[str, ApproachPage]) -> None:
    PageViewRestriction.objects.create(page=pages["c"], restriction_type="login")


@pytest.mark.parametrize("change", [change_title, add_connection, rename_group, delete_approach, restrict])
def test_what_changes_the_drawing_lays_it_out_anew(small, change, django_capture_on_commit_callbacks):
    before = layout()
    with django_capture_on_commit_callbacks(execute=True):
        change(small)
    assert layout() != before


def test_what_does_not_change_the_drawing_leaves_it(small, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("changemaking.layouts.lay_out", lambda graph: pytest.fail("laid out again"))
    page = ApproachPage.objects.get(pk=small["a"].pk)
    page.introduction = "Other words."
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
        ChangeMakingPage.objects.get().save_revision().publish()


def test_a_drawing_that_fails_spoils_nothing(small, client, monkeypatch, django_capture_on_commit_callbacks):
    def fail(graph: Any) -> None:
        raise ArithmeticError

    monkeypatch.setattr("changemaking.layouts.lay_out", fail)
    with django_capture_on_commit_callbacks(execute=True):
        change_title(small)
    assert "Another" in words(ask(client).select_one("#found"))
