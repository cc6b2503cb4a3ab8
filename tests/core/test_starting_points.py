"""Editors begin from a starting point; site managers change it; readers never meet one."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page

from core.advice import advice_for
from core.content import Content
from core.models import StartingPoint
from core.starting_points import points_for
from news.content import load as load_news
from news.models import NewsArticlePage
from programmes.content import load_starting_points
from programmes.models import CaseStoryPage, ProgrammePage
from tests import factories as make
from tests.html import parse


def person(*roles):
    user = get_user_model()._default_manager.create_user("-".join(roles) or "nobody")
    user.groups.set(Group.objects.filter(name__in=roles))
    client = Client()
    client.force_login(user)
    return user, client


@pytest.fixture
def points(tree):
    """The starting points that the site is loaded with, by name."""
    content = Content()
    content.page = lambda *args: None  # the pages are not needed
    load_news(content)
    load_starting_points(content)
    return {point.name: point for point in StartingPoint.objects.all()}


def begin(client, point, title="A new one"):
    return client.post("/admin/starting-points/", {"point": str(point.pk), "title": title})


@pytest.mark.parametrize(
    ("name", "model", "field", "words"),
    [
        ("A case story", CaseStoryPage, "challenge", "Why the usual ways did not help"),
        ("An interview", NewsArticlePage, "body", "What surprised you?"),
        ("A programme", ProgrammePage, "body", "How it works"),
    ],
)
def test_an_editor_begins_from_each(points, client, name, model, field, words):
    user, editor = person("Editor")
    answer = begin(editor, points[name])
    page = model.objects.get()
    assert answer.headers["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert (page.title, page.slug, page.live, page.owner) == ("A new one", "a-new-one", False, user)
    assert words in str(getattr(page, field).raw_data[:])
    assert words in editor.get(answer.headers["Location"]).content.decode()
    assert any("sample text" in advice.message for advice in advice_for(page))
    assert client.get(f"{page.get_parent().url}a-new-one/").status_code == 404


def test_two_pages_from_one_are_apart(points):
    _, editor = person("Editor")
    for _ in range(2):
        begin(editor, points["An interview"])
    first, second = NewsArticlePage.objects.order_by("pk")
    assert (first.slug, second.slug) == ("a-new-one", "a-new-one-2")
    first.body = []
    first.save()
    second.refresh_from_db()
    assert len(second.body) == 6
    assert len(StartingPoint.objects.get(name="An interview").content["body"]) > 100


def test_the_menu_and_the_form_name_those_that_a_person_may_add(points):
    _, editor = person("Editor")
    assert "Start from a template" in editor.get("/admin/").content.decode()
    form = parse(editor.get("/admin/starting-points/").content.decode())
    labels = [" ".join(label.get_text().split()) for label in form.select("#id_point label")]
    assert [label.partition(".")[0] for label in labels] == ["A case story", "An interview", "A programme"]
    answer = begin(editor, points["An interview"], title="")
    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()
    assert editor.post("/admin/starting-points/", {"point": "0", "title": "x"}).status_code == 200
    assert Page.objects.filter(live=False).count() == 0


@pytest.mark.parametrize("roles", [(), ("Newsletter manager",)])
def test_others_may_not(points, roles):
    _, client = person(*roles)
    assert begin(client, points["An interview"]).status_code == 302  # to the login, or to the admin with a message
    assert client.get("/admin/starting-points/").headers["Location"].startswith("/admin/")
    assert NewsArticlePage.objects.count() == 0


def test_a_site_manager_changes_one_by_saving_a_page_as_it(points, tree):
    _, manager = person("Site manager")
    point = points["An interview"]
    begin(manager, point)
    page = NewsArticlePage.objects.get()
    page.body = [{"type": "text", "value": "<p>Another beginning</p>"}]
    page.save_revision()  # a draft is enough
    address = f"/admin/starting-points/save/{page.pk}/"
    assert address in manager.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert manager.post(address, {"replaced": "", "name": ""}).status_code == 200
    assert manager.post(address, {"replaced": "", "name": "an INTERVIEW"}).status_code == 200
    assert manager.post(address, {"replaced": point.pk, "name": "Both"}).status_code == 200
    assert (
        manager.post(address, {"replaced": points["A programme"].pk, "name": ""}).status_code == 200
    )  # of another type
    point.refresh_from_db()
    assert "Another" not in str(point.content)
    assert manager.post(address, {"replaced": point.pk, "name": ""}).status_code == 302
    assert manager.post(address, {"replaced": "", "name": "A note"}).status_code == 302
    begin(manager, StartingPoint.objects.get(name="A note"), "From the note")
    assert "Another beginning" in str(NewsArticlePage.objects.get(title="From the note").body)
    point.refresh_from_db()
    assert "Another beginning" in str(point.content)


def test_editors_and_publishers_may_not_change_one(points):
    page = make.NewsArticlePageFactory()
    for role in ("Editor", "Publisher"):
        _, client = person(role)
        assert client.post(f"/admin/starting-points/save/{page.pk}/", {"name": "Mine"}).status_code == 302
        assert "Save as template" not in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
        assert client.get("/admin/snippets/core/startingpoint/").status_code == 302
    assert StartingPoint.objects.count() == 3


def test_what_is_of_one_page_alone_is_not_kept(full_site):
    article = NewsArticlePage.objects.exclude(listing_title="").get()
    point = StartingPoint(name="All of it")
    point.take_from(article)
    assert not {"date", "title", "slug", "author_person", "tagged_items", "path"} & set(point.content)
    assert {"body", "introduction", "category"} <= set(point.content)
    assert point.build("New").body.raw_data[0]["type"] == article.body.raw_data[0]["type"]


def test_one_whose_type_or_category_is_gone_does_no_harm(tree):
    user, _ = person("Editor")
    StartingPoint.objects.create(name="Gone", model="news.nosuchpage")
    point = StartingPoint.objects.create(
        name="News", model="news.newsarticlepage", content={"category": 999, "no_such_field": 1, "author_name": "A"}
    )
    assert points_for(user) == [point]
    built = point.build("New")
    assert (built.category, built.author_name) == (None, "A")
    assert StartingPoint.objects.get(name="Gone").kind == "unknown"
    with pytest.raises(ValidationError, match="Save as template"):
        StartingPoint(name="Empty").full_clean()
