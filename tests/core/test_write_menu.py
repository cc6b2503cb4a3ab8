"""The menu "Write" offers what a person may begin, and asks the database as little for many kinds as for one."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.admin.menu import MenuItem
from wagtail.models import GroupPagePermission

from accounts.roles import EDITOR, NEWSLETTER_MANAGER
from core.write_menu import HOOK, WriteMenu, WriteMenuItem, parents_for
from home.models import HomePage, PersonPage, StandardPage
from news.models import NewsArticlePage
from programmes.models import CaseStoryPage, ProgrammePage
from tests import factories as make

KINDS = (NewsArticlePage, ProgrammePage, CaseStoryPage, StandardPage, PersonPage)


def person(*roles: str) -> Any:
    user = get_user_model()._default_manager.create_user("-".join(roles) or "nobody")
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def asked_by(user: Any) -> HttpRequest:
    request = RequestFactory().get("/admin/")
    request.user = get_user_model()._default_manager.get(pk=user.pk)  # without what was read of its rights before
    return request


def menu_of(kinds: tuple[Any, ...]) -> WriteMenu:
    return WriteMenu(items=[WriteMenuItem(kind, "edit", order) for order, kind in enumerate(kinds)])


def names(items: list[MenuItem]) -> set[str]:
    return {item.name for item in items}


def test_the_menu_takes_the_same_queries_for_many_kinds_as_for_one(tree: Any) -> None:
    user = person(EDITOR)
    counts = []
    for kinds in (KINDS[:1], KINDS):
        menu, request = menu_of(kinds), asked_by(user)
        names(menu.menu_items_for_request(request))  # types of content are remembered for good
        with CaptureQueriesContext(
            connection,
        ) as captured:
            menu, request = menu_of(kinds), asked_by(user)
            shown = names(menu.menu_items_for_request(request))
            assert names(menu.menu_items_for_request(request)) == shown
        assert shown == {f"write-{kind._meta.model_name}" for kind in kinds}
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 3  # the person, their rights, the places


def test_the_whole_menu_takes_few_queries_on_a_page_of_the_admin(tree: Any, django_assert_num_queries: Any) -> None:
    user = person(EDITOR)
    WriteMenu(register_hook_name=HOOK).menu_items_for_request(asked_by(user))
    menu, request = WriteMenu(register_hook_name=HOOK), asked_by(user)
    with django_assert_num_queries(3):  # their rights, the places, the templates: there are none
        found = names(menu.menu_items_for_request(request))
        menu.render_component(request)
    assert {"write-newsarticlepage", "write-casestorypage", "write-programmepage"} <= found
    assert "starting-points" not in found


def test_people_see_what_they_may_add(tree: Any, admin_user: Any) -> None:
    assert set(parents_for(KINDS, admin_user)) == set(KINDS)
    for user in (person(), person(NEWSLETTER_MANAGER), AnonymousUser()):
        assert parents_for(KINDS, user) == {}
    group = Group.objects.create(name="News")
    right = Permission.objects.get(codename="add_page")
    GroupPagePermission.objects.create(group=group, page=tree.news, permission=right)
    assert parents_for(KINDS, person("News")) == {NewsArticlePage: tree.news.page_ptr}
    get_user_model()._default_manager.filter(username="News").update(is_active=False)
    assert parents_for(KINDS, get_user_model()._default_manager.get(username="News")) == {}


def test_the_first_place_in_the_tree_is_taken(tree: Any, admin_user: Any) -> None:
    for _ in range(3):
        make.StandardPageFactory()
    assert parents_for([StandardPage], admin_user) == {StandardPage: tree.home.page_ptr}


def test_nothing_is_offered_that_there_is_no_room_for(tree: Any, admin_user: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(NewsArticlePage, "max_count", 1)
    assert NewsArticlePage in parents_for([NewsArticlePage], admin_user)
    make.NewsArticlePageFactory(parent=tree.news)
    assert parents_for([NewsArticlePage], admin_user) == {}
    assert parents_for([HomePage], admin_user) == {}


@pytest.mark.parametrize("role", [EDITOR])
def test_a_page_of_the_admin_has_the_menu(tree: Any, client: Any, role: str) -> None:
    client.force_login(person(role))
    assert "write-newsarticlepage" in client.get("/admin/").content.decode()
