"""What people who write pages see of readers' answers."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client

from feedback.models import Answer
from tests import factories as make
from tests.html import parse


@pytest.fixture
def answered(tree: Any) -> Any:
    """A page with two answers for it, one against, and comments; another with one answer."""
    page, other = make.StandardPageFactory(title="=Answered"), make.NewsArticlePageFactory(title="Other")
    for is_helpful, comment in ((True, "It helped"), (True, ""), (False, "=HYPERLINK(1)\nand more")):
        Answer.objects.create(page=page, is_helpful=is_helpful, comment=comment)
    Answer.objects.create(page=other, is_helpful=False)
    return page


def table(client: Client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response.status_code == 200
    rows = parse(response.content.decode()).select("main table tbody tr")
    return [[" ".join(cell.get_text().split()) for cell in row("td")] for row in rows]


def spreadsheet(client: Client, address: str) -> list[list[str]]:
    response = client.get(f"{address}?export=csv")
    assert response["Content-Type"] == "text/csv"
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode(), newline="")))


def test_pages_are_listed_with_their_numbers(answered, editor_client):
    rows = table(editor_client, "/admin/reports/feedback/")
    assert [row[:4] for row in rows] == [["Other", "0", "1", "0"], ["=Answered", "2", "1", "2"]]
    assert f"/admin/reports/feedback/{answered.pk}/" in editor_client.get("/admin/reports/feedback/").content.decode()
    assert "=Answered" in editor_client.get("/admin/reports/feedback/results/").content.decode()


def test_the_comments_on_a_page_are_listed_the_newest_first(answered, editor_client):
    rows = table(editor_client, f"/admin/reports/feedback/{answered.pk}/")
    assert [row[:2] for row in rows] == [["=HYPERLINK(1) and more", "Not helpful"], ["It helped", "Helpful"]]


def test_spreadsheets_hold_no_formula(answered, editor_client):
    heading, *rows = spreadsheet(editor_client, "/admin/reports/feedback/")
    assert heading == ["Title", "Address", "Helpful", "Not helpful", "Comments", "Latest answer"]
    assert [row[:5] for row in rows][1] == ["'=Answered", answered.full_url, "2", "1", "2"]
    heading, first, *_ = spreadsheet(editor_client, f"/admin/reports/feedback/{answered.pk}/")
    assert heading == ["Time", "Opinion", "Comment"]
    assert first[1:] == ["Not helpful", "'=HYPERLINK(1)\nand more"]
    book = editor_client.get("/admin/reports/feedback/?export=xlsx")
    assert b"".join(book.streaming_content).startswith(b"PK")


def test_the_report_stands_in_the_menu(answered, editor_client):
    assert "/admin/reports/feedback/" in editor_client.get("/admin/").content.decode()


def test_nothing_answered_is_no_error(tree, editor_client):
    assert table(editor_client, "/admin/reports/feedback/") == []
    assert table(editor_client, f"/admin/reports/feedback/{tree.about.pk}/") == []
    assert editor_client.get("/admin/reports/feedback/999999/").status_code == 404


def test_people_who_write_no_pages_see_nothing(answered, client):
    user = get_user_model()._default_manager.create_user("other", password="a long password for tests")
    group = Group.objects.create(name="Looks in")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    client.force_login(user)
    for address in ("/admin/reports/feedback/", f"/admin/reports/feedback/{answered.pk}/"):
        assert client.get(address).status_code in (302, 403, 404)
    assert "/admin/reports/feedback/" not in client.get("/admin/").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_pages(answered, editor_client, django_assert_max_num_queries):
    for _ in range(20):
        Answer.objects.create(page=make.StandardPageFactory(), is_helpful=True, comment="Good")
    editor_client.get("/admin/reports/feedback/")
    with django_assert_max_num_queries(24):
        assert len(table(editor_client, "/admin/reports/feedback/")) == 22
