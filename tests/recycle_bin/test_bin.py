"""Deleting pages into the bin, and what of them is seen while they are there."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, Revision, Site, Workflow

from core.deleted import find_bin, is_in_bin
from recycle_bin.actions import put_in_bin
from recycle_bin.models import DeletedPage
from tests import factories as make
from tests.recycle_bin.conftest import browser_of, found_by_editors, person

XHR = {"X-Requested-With": "XMLHttpRequest"}


def delete(client: Client, page: Any, **data: str) -> Any:
    return client.post(f"/admin/pages/{page.pk}/delete/", data)


def test_a_deleted_page_is_in_the_bin_with_all_beneath_it(section: Any, manager: Client, client: Client) -> None:
    assert client.get("/zanzibar/stone-town/").status_code == 200
    answer = manager.get(f"/admin/pages/{section.pk}/delete/")
    assert "restored for 30 days" in answer.content.decode()
    answer = delete(manager, section)
    assert (answer.status_code, answer.url) == (302, f"/admin/pages/{section.get_parent().pk}/")
    assert "Undo" in manager.get(answer.url).content.decode()
    assert Page.objects.filter(title__in=["Zanzibar", "Stone Town", "Pemba"], live=False).count() == 3
    assert all(map(is_in_bin, Page.objects.filter(title__in=["Zanzibar", "Stone Town", "Pemba"])))
    for path in ("/zanzibar/", "/zanzibar/stone-town/", "/bin/", "/bin/zanzibar/"):
        assert client.get(path).status_code == 404, path
    deleted = DeletedPage.objects.get()
    assert (deleted.title, deleted.place, deleted.person) == ("Zanzibar", "Leadership Centre", "site-manager")
    assert Page.find_problems() == ([], [], [], [], [])


def test_asking_to_confirm_puts_nothing_in_the_bin(section: Any, manager: Client) -> None:
    manager.get(f"/admin/pages/{section.pk}/delete/")
    delete(manager, section, confirm_site_name="Another site")
    assert not DeletedPage.objects.exists()
    delete(manager, section, confirm_site_name="Leadership Centre")
    assert DeletedPage.objects.exists()


def test_who_may_not_delete_puts_nothing_in_the_bin(section: Any) -> None:
    for role in ("Editor", "Publisher", "Newsletter manager"):
        delete(browser_of(person(role)), section)  # pages beneath it: a site manager's
    assert not DeletedPage.objects.exists()
    assert Page.objects.get(pk=section.pk).live


def test_two_pages_of_one_name_may_be_deleted(tree: Any, editor: Any) -> None:
    for _ in range(2):
        put_in_bin(make.StandardPageFactory(slug="same"), editor)
    slugs = Page.objects.filter(pk__in=DeletedPage.objects.values("page")).values_list("slug", flat=True)
    assert len(set(slugs)) == 2


def test_a_page_that_two_people_delete_at_once_is_in_the_bin_once(section: Any) -> None:
    first = put_in_bin(section, None)
    assert put_in_bin(section, None) == first  # as it was read before
    assert Page.find_problems() == ([], [], [], [], [])


def test_several_pages_are_deleted_at_once_each_with_what_is_beneath_it(
    section: Any, tree: Any, manager: Client
) -> None:
    beneath = section.get_children().first()
    chosen = "&".join(f"id={page.pk}" for page in (beneath, section, tree.about))
    answer = manager.post(f"/admin/bulk/wagtailcore/page/delete/?next=/admin/&{chosen}")
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert {deleted.page_id for deleted in DeletedPage.objects.all()} == {section.pk, tree.about.pk}
    assert is_in_bin(Page.objects.get(pk=beneath.pk))
    assert "2 pages are in the bin" in manager.get("/admin/").content.decode()


def test_the_api_of_the_admin_deletes_into_the_bin_too(section: Any, manager: Client, tree: Any) -> None:
    place = f"/admin/api/main/pages/{section.pk}/action/delete/"
    assert browser_of(person("Editor")).post(place, headers=XHR).status_code == 403
    assert manager.post(place, headers=XHR).status_code == 204
    assert DeletedPage.objects.get().page_id == section.pk
    assert manager.post(f"/admin/api/main/pages/{tree.home.pk}/action/delete/", headers=XHR).status_code == 403


def test_the_front_page_cannot_be_deleted(tree: Any, manager: Client, admin_client: Client) -> None:
    for client in (manager, admin_client):
        delete(client, tree.home)
        client.post(f"/admin/bulk/wagtailcore/page/delete/?next=/admin/&id={tree.home.pk}")
    assert not DeletedPage.objects.exists()
    assert Site.objects.get(is_default_site=True).root_page_id == tree.home.pk
    assert Client().get("/").status_code == 200


def test_what_was_planned_for_a_page_ends(tree: Any, editor: Any) -> None:
    scheduled, submitted = make.NewsArticlePageFactory(live=False), make.NewsArticlePageFactory(live=False)
    scheduled.go_live_at = timezone.now() + timezone.timedelta(days=1)
    scheduled.save_revision(user=editor).publish()
    submitted.save_revision(user=editor)
    state = Workflow.objects.get(name="Publication").start(submitted, editor)
    assert Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    for page in (scheduled, submitted):
        put_in_bin(page, editor)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    state.refresh_from_db()
    assert state.status == state.STATUS_CANCELLED


def test_lists_searches_and_choosers_of_editors_leave_it_out(section: Any, tree: Any, admin_client: Client) -> None:
    places = [
        f"/admin/pages/{tree.home.pk}/",
        f"/admin/pages/{tree.home.pk}/?q=Zanzibar",
        "/admin/pages/search/?q=Zanzibar",
        "/admin/choose-page/?page_type=wagtailcore.page",
        f"/admin/choose-page/{tree.home.pk}/?page_type=wagtailcore.page",
        "/admin/choose-page/search/?q=Zanzibar",
        f"/admin/api/main/pages/?child_of={tree.home.pk}&for_explorer=1&limit=50",
        f"/admin/api/main/pages/?descendant_of={tree.home.get_root().pk}&limit=50",
    ]
    there = [place for place in places if f"/admin/pages/{section.pk}/" in admin_client.get(place).content.decode()]
    assert len(there) > 4
    entries = found_by_editors("Zanzibar")
    put_in_bin(section, None)
    bin_page = find_bin()
    assert bin_page
    for place in [*places, f"/admin/pages/{bin_page.pk}/", f"/admin/pages/{tree.home.get_root().pk}/"]:
        shown = admin_client.get(place).content.decode()
        assert f"/admin/pages/{section.pk}/" not in shown, place
        if not place.startswith(f"/admin/pages/{bin_page.pk}/"):
            assert f"/admin/pages/{bin_page.pk}/edit/" not in shown, place
    assert section.pk in entries
    assert section.pk not in found_by_editors("Zanzibar")


def test_filling_the_search_anew_leaves_it_out(section: Any) -> None:
    put_in_bin(section, None)
    call_command("update_index", verbosity=0)
    assert section.pk not in found_by_editors("Zanzibar")


@pytest.mark.parametrize("what", ["edit", "move", "copy", "delete"])
def test_nobody_works_on_a_page_in_the_bin(section: Any, admin_client: Client, what: str) -> None:
    put_in_bin(section, None)
    for method in (admin_client.get, admin_client.post):
        place = f"/admin/pages/{section.pk}/{what}/"
        if what == "move":
            place += f"{Page.objects.get(slug='leadership-centre').pk}/confirm/"
        answer = method(place)
        assert (answer.status_code, answer.url) == (302, "/admin/bin/"), what
    assert is_in_bin(Page.objects.get(pk=section.pk))
    assert DeletedPage.objects.count() == 1


def test_no_page_is_made_beneath_one_in_the_bin(section: Any, admin_client: Client) -> None:
    put_in_bin(section, None)
    answer = admin_client.get(f"/admin/pages/add/home/standardpage/{section.pk}/")
    assert (answer.status_code, answer.url) == (302, "/admin/bin/")


def test_an_empty_bin_says_so_and_costs_nothing(tree: Any, manager: Client) -> None:
    shown = manager.get("/admin/bin/").content.decode()
    assert "Deleted pages stay here for 30 days" in shown
    assert find_bin() is None


def test_a_full_bin_takes_as_many_queries_as_one_with_a_single_page(tree: Any, manager: Client) -> None:
    counts = []
    for pages in (1, 1, 3):
        for _ in range(pages):
            put_in_bin(make.NewsArticlePageFactory(), None)
        with CaptureQueriesContext(connection) as queries:
            assert manager.get("/admin/bin/").context["object_list"].count() >= pages
        counts.append(len(queries))
    assert counts[1] == counts[2]  # the first time some things are read that are kept
