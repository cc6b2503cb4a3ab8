"""Putting pages back from the bin: what comes back, where to, by whom; and what is deleted for good."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageLogEntry, PageViewRestriction

from core.deleted import is_in_bin
from core.worker import stopping
from recycle_bin.actions import delete_old_pages, put_in_bin
from recycle_bin.forms import RestoreForm
from recycle_bin.models import DeletedPage
from tests import factories as make
from tests.recycle_bin.conftest import browser_of, found_by_editors, person


def put_back(client: Client, deleted: DeletedPage, **values: Any) -> Any:
    old = {"parent": deleted.parent_id or "", "slug": deleted.slug}
    return client.post(f"/admin/bin/{deleted.pk}/", old | values)


def errors_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.context["form"].errors)


@pytest.fixture
def deleted(section: Any) -> DeletedPage:
    return put_in_bin(section, None)


def test_a_page_comes_back_as_it_was_with_all_beneath_it(section: Any, manager: Client, client: Client) -> None:
    specific = section.specific
    specific.introduction = "What readers see"
    specific.save_revision().publish()
    specific.introduction = "A draft"
    specific.save_revision()
    before = Page.objects.get(pk=section.pk)
    fields = ("title", "slug", "url_path", "live", "has_unpublished_changes", "live_revision_id", "latest_revision_id")
    was = [list(before.get_descendants(inclusive=True).order_by("path").values(*fields))]
    deleted = put_in_bin(section, None)
    shown = manager.get(f"/admin/bin/{deleted.pk}/").content.decode()
    assert "Stone Town" in shown
    assert deleted.last_day in shown
    assert deleted.last_day in manager.get("/admin/bin/").content.decode()
    answer = put_back(manager, deleted)
    assert (answer.status_code, answer.url) == (302, f"/admin/pages/{before.get_parent().pk}/")
    after = Page.objects.get(pk=section.pk)
    was.append(list(after.get_descendants(inclusive=True).order_by("path").values(*fields)))
    assert was[0] == was[1]
    assert "What readers see" in client.get("/zanzibar/").content.decode()
    assert client.get("/zanzibar/stone-town/").status_code == 200
    assert client.get("/zanzibar/pemba/").status_code == 404
    assert "Zanzibar" in client.get("/search/", {"q": "Zanzibar"}).content.decode()
    assert section.pk in found_by_editors("Zanzibar")
    assert not DeletedPage.objects.exists()
    assert not Redirect.objects.exists()
    assert PageLogEntry.objects.filter(page=section.pk, action="wagtail.move").count() == 2
    assert Page.find_problems() == ([], [], [], [], [])


def test_an_address_that_is_taken_has_to_be_another(deleted: DeletedPage, manager: Client, client: Client) -> None:
    page = deleted.page.specific
    make.StandardPageFactory(slug="zanzibar", title="The new Zanzibar")
    answer = put_back(manager, deleted)
    assert "“The new Zanzibar” has this address now." in errors_of(answer)
    assert is_in_bin(Page.objects.get(pk=page.pk))
    assert put_back(manager, deleted, slug="zanzibar-before").status_code == 302
    assert client.get("/zanzibar-before/stone-town/").status_code == 200
    assert "The new Zanzibar" in client.get("/zanzibar/").content.decode()


def test_the_draft_keeps_the_new_address(section: Any, manager: Client, client: Client) -> None:
    section.specific.save_revision().publish()
    deleted = put_in_bin(section, None)
    put_back(manager, deleted, slug="pemba")
    Page.objects.get(pk=section.pk).specific.get_latest_revision().publish()
    assert client.get("/pemba/").status_code == 200
    assert client.get("/zanzibar/").url == "/pemba/"


def test_an_address_is_one(deleted: DeletedPage, editor: Any) -> None:
    for slug in ("", "a b", "a/b", "x" * 300):
        form = RestoreForm({"parent": deleted.parent_id, "slug": slug}, deleted=deleted, user=editor)
        assert "slug" in form.errors, slug


def test_an_address_that_a_section_answers_itself_is_refused(tree: Any, manager: Client) -> None:
    deleted = put_in_bin(make.NewsArticlePageFactory(), None)
    assert "uses this address for something else" in errors_of(put_back(manager, deleted, slug="feed"))


def test_a_place_that_is_in_the_bin_too_is_restored_first(section: Any, manager: Client, client: Client) -> None:
    town = section.get_children().get(slug="stone-town")
    inner = put_in_bin(town, None)
    outer = put_in_bin(Page.objects.get(pk=section.pk), None)
    inner.refresh_from_db()
    assert manager.get(f"/admin/bin/{inner.pk}/").context["form"]["parent"].value() is None
    assert "“Zanzibar” is in the bin too. Restore it first" in errors_of(put_back(manager, inner))
    put_back(manager, outer)
    inner.refresh_from_db()
    assert put_back(manager, inner).status_code == 302
    assert client.get("/zanzibar/stone-town/").status_code == 200


def test_a_place_that_is_gone_is_replaced_by_another(section: Any, manager: Client, tree: Any, client: Client) -> None:
    deleted = put_in_bin(section.get_children().get(slug="stone-town"), None)
    Page.objects.get(pk=section.pk).delete()
    deleted.refresh_from_db()
    assert deleted.place == "A page that is gone"
    assert "A page that is gone" in manager.get("/admin/bin/").content.decode()
    assert "Choose the page that it should stand beneath." in errors_of(put_back(manager, deleted))
    assert put_back(manager, deleted, parent=tree.about.pk).status_code == 302
    page = Page.objects.get(pk=deleted.page_id)
    assert page.get_parent() == tree.about.page_ptr
    assert (page.live, page.live_revision_id, page.has_unpublished_changes) == (False, None, True)


def test_a_place_that_takes_no_such_pages_is_refused(deleted: DeletedPage, manager: Client, tree: Any) -> None:
    said = errors_of(put_back(manager, deleted, parent=tree.news.pk))
    assert "cannot stand beneath “News”. Choose another page." in said


def test_a_page_that_was_private_is_not_published_elsewhere(section: Any, manager: Client, tree: Any) -> None:
    PageViewRestriction.objects.create(page=section, restriction_type=PageViewRestriction.LOGIN)
    town = section.get_children().get(slug="stone-town")
    deleted = put_in_bin(town, None)
    put_back(manager, deleted, parent=tree.about.pk)
    assert Client().get("/about/stone-town/").status_code == 404
    assert not Page.objects.get(pk=town.pk).live


def test_who_deleted_a_page_restores_it(tree: Any) -> None:
    editor = person("Editor")
    own = make.NewsArticlePageFactory(live=False, owner=editor)
    client = browser_of(editor)
    assert client.post(f"/admin/pages/{own.pk}/delete/").status_code == 302
    deleted = DeletedPage.objects.get()
    assert own.title in client.get("/admin/bin/").content.decode()
    assert put_back(client, deleted).status_code == 302
    assert not is_in_bin(Page.objects.get(pk=own.pk))


def test_an_editor_sees_nothing_that_others_deleted_and_a_publisher_does(deleted: DeletedPage) -> None:
    editor, publisher = browser_of(person("Editor")), browser_of(person("Publisher"))
    assert "Zanzibar" not in editor.get("/admin/bin/").content.decode()
    assert editor.get(f"/admin/bin/{deleted.pk}/").status_code == 404
    assert put_back(editor, deleted).status_code == 404
    assert "Zanzibar" in publisher.get("/admin/bin/").content.decode()
    assert put_back(publisher, deleted).status_code == 302
    assert Page.objects.get(slug="zanzibar").live


def test_who_may_not_publish_restores_a_draft(section: Any) -> None:
    editor = person("Editor")
    deleted = put_in_bin(section, editor)
    assert put_back(browser_of(editor), deleted).status_code == 302
    assert not Page.objects.filter(slug__in=["zanzibar", "stone-town"], live=True).exists()
    assert Client().get("/zanzibar/").status_code == 404


def test_who_writes_no_pages_has_no_bin(deleted: DeletedPage) -> None:
    client = browser_of(person("Newsletter manager"))
    for place in ("/admin/bin/", f"/admin/bin/{deleted.pk}/", f"/admin/bin/{deleted.pk}/delete/"):
        assert client.get(place).status_code == 302
        assert client.get(place).url == "/admin/"
    assert 'href="/admin/bin/"' not in client.get("/admin/").content.decode()


def test_a_page_is_deleted_for_good_by_those_who_may_delete_sections(deleted: DeletedPage, manager: Client) -> None:
    place = f"/admin/bin/{deleted.pk}/delete/"
    publisher = browser_of(person("Publisher"))
    assert "Delete for good" not in publisher.get(f"/admin/bin/{deleted.pk}/").content.decode()
    assert publisher.post(place).url == "/admin/"
    assert "Nothing brings them back" in manager.get(place).content.decode()
    assert Page.objects.filter(title="Stone Town").exists()
    assert manager.post(place).url == "/admin/bin/"
    assert not Page.objects.filter(title__in=["Zanzibar", "Stone Town", "Pemba"]).exists()
    assert not DeletedPage.objects.exists()


def test_the_bin_is_emptied_of_what_is_older_than_30_days(section: Any, tree: Any) -> None:
    old, new = put_in_bin(section, None), put_in_bin(tree.about, None)
    now = timezone.now()
    DeletedPage.objects.filter(pk=old.pk).update(deleted_at=now - timedelta(days=30, minutes=1))
    DeletedPage.objects.filter(pk=new.pk).update(deleted_at=now - timedelta(days=29, hours=23))
    assert delete_old_pages() == 1
    assert not Page.objects.filter(title__in=["Zanzibar", "Stone Town", "Pemba"]).exists()
    assert DeletedPage.objects.get() == new
    assert delete_old_pages() == 0


def test_a_worker_that_ends_leaves_the_rest_for_the_next_time(deleted: DeletedPage) -> None:
    DeletedPage.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    stopping.set()
    try:
        assert delete_old_pages() == 0
    finally:
        stopping.clear()
    assert DeletedPage.objects.exists()


def test_an_account_that_is_deleted_takes_no_page_with_it(section: Any) -> None:
    editor = person("Editor")
    deleted = put_in_bin(section, editor)
    get_user_model()._default_manager.filter(pk=editor.pk).delete()
    deleted.refresh_from_db()
    assert deleted.person == ""
