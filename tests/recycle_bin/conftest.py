"""People, and a section to delete."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.admin.views.pages.search import page_filter_search
from wagtail.models import Page

from tests import factories as make


def person(role: str) -> Any:
    user = get_user_model()._default_manager.create_user(role.lower().replace(" ", "-"))
    user.groups.set(Group.objects.filter(name=role))
    return user


def browser_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def found_by_editors(words: str) -> set[int]:
    return {page.pk for page in page_filter_search(words, Page.objects.all())[0]}


@pytest.fixture
def section(tree: Any) -> Any:
    """A page with two beneath it, one of them a draft."""
    section = make.StandardPageFactory(title="Zanzibar", slug="zanzibar")
    make.StandardPageFactory(parent=section, title="Stone Town", slug="stone-town")
    make.StandardPageFactory(parent=section, title="Pemba", slug="pemba", live=False)
    return Page.objects.get(pk=section.pk)


@pytest.fixture
def manager(db: None) -> Client:
    return browser_of(person("Site manager"))
