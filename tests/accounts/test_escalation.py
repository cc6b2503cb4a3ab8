"""Who may change accounts, and that nobody gets further by it than is meant."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import Collection, Page

from accounts.roles import ROLES
from tests import factories as make
from tests.accounts.conftest import PASSWORD, person, signed_in
from tests.conftest import Tree

pytestmark = pytest.mark.django_db
NEW = "a wholly new password"


@pytest.fixture
def manager(db: None) -> Any:
    return person("mia", "Site manager")


@pytest.fixture
def guests(db: None) -> Group:
    """A group of the site's own, which may look after groups."""
    group = Group.objects.create(name="Guests")
    group.permissions.add(Permission.objects.get(codename="change_group"))
    return group


def account(user: Any, **more: Any) -> dict[str, Any]:
    return {"username": user.username, "email": "x@example.org", "first_name": "X", "last_name": "Y"} | more


def group_key(name: str) -> int:
    return Group.objects.get(name=name).pk


# --- Adding and changing -----------------------------------------------------------------------------


def test_a_site_manager_adds_people_with_roles(manager: Any, django_user_model: Any) -> None:
    client = signed_in(manager)
    page = client.get("/admin/users/new/").content.decode()
    assert all(role in page for role in ROLES)
    form = {"username": "new", "email": "n@example.org", "first_name": "N", "last_name": "W", "is_active": "on"}
    form |= {"password1": NEW, "password2": NEW, "groups": [group_key("Editor")]}
    assert client.post("/admin/users/new/", form).status_code == 302
    added = django_user_model._default_manager.get(username="new")
    assert [group.name for group in added.groups.all()] == ["Editor"]


def test_a_site_manager_makes_no_administrator(manager: Any, editor: Any, django_user_model: Any) -> None:
    client = signed_in(manager)
    client.post(f"/admin/users/edit/{editor.pk}/", account(editor, is_superuser="on", is_active="on"))
    form = {"username": "new", "email": "n@example.org", "first_name": "N", "last_name": "W", "is_superuser": "on"}
    client.post("/admin/users/new/", form | {"password1": NEW, "password2": NEW})
    assert django_user_model._default_manager.filter(username="new").exists()
    assert not django_user_model._default_manager.filter(is_superuser=True).exists()


def test_a_site_manager_gives_no_group_but_the_roles(manager: Any, editor: Any, guests: Group) -> None:
    client = signed_in(manager)
    assert "Guests" not in client.get(f"/admin/users/edit/{editor.pk}/").content.decode()
    client.post(f"/admin/users/edit/{editor.pk}/", account(editor, groups=[guests.pk], is_active="on"))
    client.post(f"/admin/bulk/core/user/assign_role/?id={editor.pk}&next=/admin/users/", {"role": guests.pk})
    assert not editor.groups.filter(pk=guests.pk).exists()


def test_nobody_gives_themselves_a_role(manager: Any) -> None:
    client = signed_in(manager)
    role = group_key("Newsletter manager")
    client.post(f"/admin/users/edit/{manager.pk}/", account(manager, groups=[role], is_active="on"))
    client.post(f"/admin/bulk/core/user/assign_role/?id={manager.pk}&next=/admin/users/", {"role": role})
    manager.refresh_from_db()
    assert manager.email == "x@example.org", "the rest of the form was saved"
    assert [group.name for group in manager.groups.all()] == ["Site manager"]


@pytest.mark.parametrize("kind", ["administrator", "other group", "own right"])
def test_a_site_manager_does_not_touch_those_with_other_rights(
    manager: Any, editor: Any, guests: Group, kind: str
) -> None:
    editor.is_superuser = kind == "administrator"
    editor.save()
    if kind == "other group":
        editor.groups.add(guests)
    if kind == "own right":
        editor.user_permissions.add(Permission.objects.get(codename="change_group"))
    client = signed_in(manager)
    address = f"/admin/users/edit/{editor.pk}/"
    assert client.get(address).status_code == 302
    client.post(address, account(editor, password1=NEW, password2=NEW))
    client.post(f"/admin/users/delete/{editor.pk}/")
    query = f"?id={editor.pk}&next=/admin/users/"
    client.post(f"/admin/bulk/core/user/delete/{query}")
    client.post(f"/admin/bulk/core/user/set_active_state/{query}", {"mark_as_active": "False"})
    client.post(f"/admin/bulk/core/user/assign_role/{query}", {"role": group_key("Publisher")})
    editor.refresh_from_db()
    assert (editor.is_active, editor.email) == (True, "ed@example.org")
    assert editor.check_password(PASSWORD)
    assert not editor.groups.filter(name="Publisher").exists()


def test_an_administrator_may_do_all_of_it(admin_user: Any, editor: Any, guests: Group) -> None:
    client = signed_in(admin_user)
    form = account(editor, is_active="on", is_superuser="on", groups=[guests.pk])
    assert client.post(f"/admin/users/edit/{editor.pk}/", form).status_code == 302
    editor.refresh_from_db()
    assert editor.is_superuser
    assert list(editor.groups.all()) == [guests]


def test_a_site_manager_looks_after_people_with_roles(manager: Any, editor: Any) -> None:
    client = signed_in(manager)
    query = f"?id={editor.pk}&next=/admin/users/"
    client.post(f"/admin/bulk/core/user/assign_role/{query}", {"role": group_key("Publisher")})
    assert editor.groups.filter(name="Publisher").exists()
    client.post(f"/admin/users/edit/{editor.pk}/", account(editor, password1=NEW, password2=NEW, is_active="on"))
    editor.refresh_from_db()
    assert editor.check_password(NEW)
    client.post(f"/admin/bulk/core/user/delete/{query}")
    assert not type(editor)._default_manager.filter(pk=editor.pk).exists()


def test_users_are_not_copied(admin_user: Any) -> None:
    assert signed_in(admin_user).get(f"/admin/users/copy/{admin_user.pk}/").status_code == 404


# --- Pages -------------------------------------------------------------------------------------------


def act(client: Client, action: str, page: Page, **data: Any) -> int:
    return client.post(
        f"/admin/api/main/pages/{page.pk}/action/{action}/", json.dumps(data), content_type="application/json"
    ).status_code


def test_an_editor_changes_nothing_that_readers_see(tree: Tree, editor: Any) -> None:
    page = make.StandardPageFactory(parent=tree.home, title="Before")
    page.title = "After"
    revision = page.save_revision()
    client = signed_in(editor)
    query = f"?id={page.pk}&next=/admin/"
    assert act(client, "publish", page) == 403
    assert act(client, "unpublish", page) == 403
    assert act(client, "delete", page) == 403
    assert act(client, "move", page, destination_page_id=tree.about.pk) == 403
    for action, data in (("publish", {}), ("unpublish", {}), ("delete", {}), ("move", {"chooser": tree.about.pk})):
        client.post(f"/admin/bulk/wagtailcore/page/{action}/{query}", data)
    form = {"title": "After", "slug": page.slug, "action-publish": "1", "body-count": "0"}
    client.post(f"/admin/pages/{page.pk}/edit/", form)
    client.post(f"/admin/pages/{page.pk}/revisions/{revision.pk}/revert/", form)
    kept = Page.objects.get(pk=page.pk)
    assert (kept.live, kept.title) == (True, "Before")
    assert kept.get_parent().pk == tree.home.pk


def test_an_editor_submits_and_a_publisher_approves(tree: Tree, editor: Any) -> None:
    page = make.StandardPageFactory(parent=tree.home, live=False)
    page.save_revision(user=editor)
    state = page.get_workflow().start(page, editor)
    task = state.current_task_state
    address = f"/admin/pages/workflow/action/{page.pk}/approve/{task.pk}/"
    signed_in(editor).post(address)
    page.refresh_from_db()
    assert not page.live
    signed_in(person("pub", "Publisher")).post(address)
    page.refresh_from_db()
    assert page.live


def test_a_publisher_does_not_delete_a_section(tree: Tree) -> None:
    make.NewsArticlePageFactory(parent=tree.news)
    client = signed_in(person("pub", "Publisher"))
    for page in (tree.home, tree.news):
        assert client.post(f"/admin/pages/{page.pk}/delete/").status_code == 302
        assert act(client, "delete", page) == 403
        assert Page.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("kind", ["documents", "images"])
def test_the_api_lists_what_a_person_may_choose(editor: Any, kind: str) -> None:
    private = Collection.get_first_root_node().add_child(name="Private")
    made = make.SiteDocumentFactory if kind == "documents" else make.SiteImageFactory
    made(title="Canary", collection=private)
    reader = person("news", "Newsletter manager")
    address = f"/admin/api/main/{kind}/"
    assert "Canary" in signed_in(editor).get(address).content.decode()
    answer = signed_in(reader).get(address)
    assert answer.json()["items"] == []
