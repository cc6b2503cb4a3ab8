"""Sharing drafts in the admin: making links, seeing what became of them, ending them, and who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import GroupPagePermission, PageLogEntry

from drafts.forms import ShareForm
from drafts.models import SharedDraft
from tests import factories as make


@pytest.fixture
def page(tree: Any, editor: Any) -> Any:
    page = make.StandardPageFactory()
    page.save_revision(user=editor)
    return page


@pytest.fixture
def place(page: Any) -> str:
    return f"/admin/pages/{page.pk}/share/"


def make_link(client: Client, place: str, days: Any = 7) -> SharedDraft:
    assert client.post(place, {"days": days}).status_code == 302
    return SharedDraft.objects.first()  # the last made


def test_an_editor_makes_a_link(editor_client: Client, place: str, page: Any, editor: Any) -> None:
    for days in (1, 30, 7):
        link = make_link(editor_client, place, days)
        assert abs(link.expires_at - timezone.now() - timedelta(days=days)) < timedelta(minutes=1)
    assert (link.page_id, link.shared_by) == (page.pk, editor)
    shown = editor_client.get(place).content.decode()
    assert link.address in shown
    assert "the newest" in shown
    assert "not yet" in shown
    assert Client().get(link.address).status_code == 200
    assert PageLogEntry.objects.filter(action="drafts.share", page=page.pk, user=editor).exists()


def test_a_link_lasts_as_long_as_can_be_chosen_seven_days_at_first(editor_client: Client, place: str) -> None:
    assert ShareForm()["days"].value() == 7
    assert not any(ShareForm({"days": days}).is_valid() for days in ("", "0", "365", "seven"))
    answer = editor_client.post(place, {"days": "365"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["days"]
    assert not SharedDraft.objects.exists()


def test_the_list_tells_of_openings_and_of_newer_drafts(
    editor_client: Client, place: str, page: Any, editor: Any
) -> None:
    link = make_link(editor_client, place)
    Client().get(link.address)
    page.save_revision(user=editor)
    shown = editor_client.get(place).content.decode()
    assert "1 time, last on" in shown
    assert "There is a newer draft" in shown


def test_one_link_is_revoked_and_the_others_stay(editor_client: Client, place: str, page: Any) -> None:
    first, second = make_link(editor_client, place), make_link(editor_client, place)
    editor_client.post(f"{place}revoke/", {"link": first.pk})
    assert Client().get(first.address).status_code == 404
    assert Client().get(second.address).status_code == 200
    shown = editor_client.get(place).content.decode()
    assert "Revoked on" in shown
    assert first.address not in shown
    assert PageLogEntry.objects.filter(action="drafts.revoke", page=page.pk).exists()


def test_all_links_of_a_page_are_revoked_and_those_of_others_stay(
    editor_client: Client, place: str, tree: Any, editor: Any
) -> None:
    links = [make_link(editor_client, place) for _ in range(2)]
    other = SharedDraft.share(tree.about, editor, timedelta(days=1))
    editor_client.post(f"{place}revoke/")
    assert [Client().get(link.address).status_code for link in (*links, other)] == [404, 404, 200]


@pytest.mark.parametrize("named", ["x", "-1", "0", "9" * 30])
def test_what_names_no_link_revokes_none(editor_client: Client, place: str, named: str) -> None:
    link = make_link(editor_client, place)
    assert editor_client.post(f"{place}revoke/", {"link": named}).status_code == 404
    assert Client().get(link.address).status_code == 200


def test_a_link_of_another_page_is_not_revoked(editor_client: Client, place: str, tree: Any, editor: Any) -> None:
    other = SharedDraft.share(tree.about, editor, timedelta(days=1))
    editor_client.post(f"{place}revoke/", {"link": other.pk})
    assert Client().get(other.address).status_code == 200


def test_revoking_takes_a_post(editor_client: Client, place: str) -> None:
    assert editor_client.get(f"{place}revoke/").status_code == 405


def test_who_may_not_edit_the_page_may_neither_share_nor_revoke(page: Any, place: str, tree: Any, editor: Any) -> None:
    link = SharedDraft.share(page, editor, timedelta(days=1))
    stranger = get_user_model()._default_manager.create_user("of-the-news")
    group = Group.objects.create(name="News only")
    group.permissions.add(Group.objects.get(name="Editor").permissions.get(codename="access_admin"))
    may_edit = GroupPagePermission.objects.filter(permission__codename="change_page").first().permission
    GroupPagePermission.objects.create(group=group, page=tree.news, permission=may_edit)
    stranger.groups.add(group)
    client = Client()
    client.force_login(stranger)
    assert client.get(f"/admin/pages/{tree.news.pk}/share/").status_code == 200
    for answer in (client.get(place), client.post(place, {"days": 7}), client.post(f"{place}revoke/")):
        assert answer.status_code == 302
        assert answer.url == "/admin/"
    assert SharedDraft.objects.get() == link
    assert Client().get(link.address).status_code == 200


def test_the_way_there_stands_in_the_menus_of_the_page(editor_client: Client, place: str, page: Any) -> None:
    for address in (f"/admin/pages/{page.pk}/edit/", f"/admin/pages/{page.get_parent().pk}/"):
        assert f'href="{place}"' in editor_client.get(address).content.decode(), address


def test_the_list_takes_as_many_queries_for_many_links(
    editor_client: Client, place: str, page: Any, editor: Any
) -> None:
    counts = []
    for links in (1, 1, 20):
        for _ in range(links):
            SharedDraft.share(page, editor, timedelta(days=1))
        with CaptureQueriesContext(connection) as queries:
            assert editor_client.get(place).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]  # the first time some things are read that are kept
