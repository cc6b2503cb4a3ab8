"""People with rights to all pages see all in the admin, asked without a look at each page; others what is theirs."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group, Permission
from wagtail.models import GroupPagePermission, Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import page_permission_policy

from accounts.roles import EDITOR, NEWSLETTER_MANAGER, PUBLISHER, SITE_MANAGER
from tests import factories as make


def explored_by(user: Any) -> set[int]:
    return set(page_permission_policy.explorable_instances(user).values_list("pk", flat=True))


def person(*roles: str) -> Any:
    user = get_user_model()._default_manager.create_user("-".join(roles))
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def with_right(page: Page, codename: str) -> Any:
    group = Group.objects.create(name=f"{codename} {page}")
    right = Permission.objects.get(codename=codename)
    GroupPagePermission.objects.create(group=group, page=page, permission=right)
    return person(group.name)


@pytest.mark.parametrize("role", [EDITOR, PUBLISHER, SITE_MANAGER])
def test_the_roles_explore_every_page_by_no_comparison(tree: Any, role: str) -> None:
    user = person(role)
    assert explored_by(user) == set(Page.objects.values_list("pk", flat=True))
    assert "LIKE" not in str(page_permission_policy.explorable_instances(user).query)


def test_others_explore_what_wagtail_gives_them(tree: Any) -> None:
    article = make.NewsArticlePageFactory(parent=tree.news)
    assert explored_by(with_right(tree.news, "change_page")) == {tree.home.pk, tree.news.pk, article.pk}
    assert explored_by(AnonymousUser()) == explored_by(person(NEWSLETTER_MANAGER)) == set()


def test_an_account_that_is_closed_explores_nothing(tree: Any) -> None:
    for user in (person(EDITOR), get_user_model()._default_manager.create_superuser("super")):
        user.is_active = False
        assert explored_by(user) == set()


@pytest.mark.parametrize("codename", ["add_page", "change_page", "publish_page", "lock_page", "bulk_delete_page"])
def test_rights_to_the_root_are_those_that_wagtail_counts(tree: Any, codename: str, monkeypatch: Any) -> None:
    user = with_right(Page.get_first_root_node(), codename)
    quick = explored_by(user)
    monkeypatch.setattr(PagePermissionPolicy, "instances_with_direct_explore_permission", lambda *_: [])
    assert quick == explored_by(user)  # as Wagtail does
