"""The roles are made on a new site and on one in service, and can be unmade, without anybody losing anything."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupApprovalTask, Page, Workflow

from accounts.roles import ROLES
from tests.accounts.conftest import person
from tests.core.test_settings import manage

pytestmark = pytest.mark.django_db
migration: Any = importlib.import_module("accounts.migrations.0002_roles")
of_templates: Any = importlib.import_module("accounts.migrations.0003_starting_points")


def rights() -> dict[str, set[Any]]:
    """All that each group holds."""
    return {
        group.name: {
            *group.permissions.values_list("content_type__model", "codename"),
            *group.page_permissions.values_list("page__depth", "permission__codename"),
            *group.collection_permissions.values_list("collection__depth", "permission__codename"),
        }
        for group in Group.objects.all()
    }


def test_there_are_four_roles_and_no_other_groups() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


def test_publishers_approve_what_is_submitted_anywhere() -> None:
    workflow = Workflow.objects.get()
    (task,) = workflow.tasks.all()
    assert (workflow.name, task.name) == ("Publication", "Approval by a publisher")
    assert workflow.workflow_pages.get().page == Page.get_first_root_node()
    names = GroupApprovalTask.objects.get().groups.values_list("name", flat=True)
    assert set(names) == {"Publisher", "Site manager"}


def test_no_role_may_give_rights() -> None:
    """Whoever may change groups, sites or administrators could give themselves everything."""
    for name, held in rights().items():
        assert not {model for model, _ in held} & {"group", "permission", "site", "locale"}, name


def test_going_back_and_forth_keeps_people_and_their_rights() -> None:
    before = rights()
    editor, publisher = person("ed", "Editor"), person("pub", "Publisher")
    of_templates.take_rights(apps, None)
    assert rights()["Site manager"] == before["Site manager"] - {
        ("startingpoint", f"{action}_startingpoint") for action in ("view", "change", "delete")
    }
    migration.unmake_roles(apps, None)
    assert {"Editors", "Moderators"} <= set(Group.objects.values_list("name", flat=True))
    assert editor.groups.get().name == "Editors"
    assert editor.has_perm("wagtailadmin.access_admin")
    assert Workflow.objects.get().name == "Moderators approval"
    migration.make_roles(apps, None)
    of_templates.give_rights(apps, None)
    assert (editor.groups.get().name, publisher.groups.get().name) == ("Editor", "Publisher")
    assert rights() == before


def test_a_site_with_groups_of_its_own_keeps_them() -> None:
    migration.unmake_roles(apps, None)
    Group.objects.filter(name="Moderators").delete()
    own = Group.objects.get(name="Editors")
    own.permissions.add(Permission.objects.get(codename="add_redirect"))
    Workflow.objects.all().delete()
    migration.make_roles(apps, None)
    migration.make_roles(apps, None)
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
    assert ("redirect", "add_redirect") in rights()["Editor"]
    assert Workflow.objects.get().name == "Publication"
    assert Page.get_first_root_node().get_workflow() is not None


def test_https_asks_everybody_for_a_second_factor(tmp_path: Any) -> None:
    say = "from django.conf import settings as s; print(s.SECOND_FACTOR_REQUIRED, s.SESSION_COOKIE_NAME)"
    for address, told in (
        ("https://www.example.org", "True __Host-sessionid"),
        ("http://127.0.0.1:8000", "False sessionid"),
    ):
        assert manage(tmp_path, "shell", "-v0", "-c", say, SITE_URL=address).stdout.strip() == told
