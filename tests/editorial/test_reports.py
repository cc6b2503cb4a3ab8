"""The reports on broken links and on pages that need care, for those who may write the pages."""

import csv
import datetime
import io
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from openpyxl import load_workbook
from wagtail.models import GroupPagePermission

from editorial.audit import audit
from editorial.models import PageLink
from tests import factories as make
from tests.html import parse

LINKS, CARE = "/admin/reports/broken-links/", "/admin/reports/pages-that-need-care/"


def rows(client: Client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response.status_code == 200
    found = parse(response.content.decode()).select("main table tbody tr")
    return [[" ".join(cell.get_text().split()) for cell in row("td")] for row in found]


def spreadsheet(client: Client, address: str) -> list[list[str]]:
    response = client.get(address, {"export": "csv"})
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode(), newline="")))


def limited(page: Any) -> Client:
    """A browser of somebody who may write one page and what lies beneath it."""
    group = Group.objects.create(name="One section")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group, page=page, permission=Permission.objects.get(codename="change_page")
    )
    user = get_user_model()._default_manager.create_user("limited")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def linked(tree: Any) -> Any:
    """A page with a link to an address where there is nothing, and one to a draft."""
    draft = make.StandardPageFactory(title="=A draft", live=False)
    page = make.StandardPageFactory(
        title="=Linking",
        body=[
            ("text", '<p><a href="/no-such-page/">nothing there</a></p>'),
            ("text", f'<p><a linktype="page" id="{draft.pk}">=HYPERLINK(1)</a></p>'),
        ],
    )
    audit(page)
    return page


def test_broken_links_are_listed_with_what_is_wrong(linked, editor_client):
    found = {row[2]: row for row in rows(editor_client, LINKS)}
    assert found["nothing there"][:2] == ["=Linking", "Body"]
    assert found["nothing there"][3:5] == ["/no-such-page/", "There is nothing at this address of the site"]
    assert found["=HYPERLINK(1)"][3:5] == ["=A draft", "Not published, or private"]
    assert f"/admin/pages/{linked.pk}/edit/" in editor_client.get(LINKS).content.decode()


def test_a_report_without_anything_says_so(tree, editor_client):
    assert rows(editor_client, LINKS) == rows(editor_client, CARE) == []
    assert "No broken links" in editor_client.get(LINKS).content.decode()
    assert "Every live page has what it needs" in editor_client.get(CARE).content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?fault=nowhere", {"nothing there"}),
        ("?fault=hidden", {"=HYPERLINK(1)"}),
        ("?fault=nowhere&fault=hidden", {"nothing there", "=HYPERLINK(1)"}),
        ("?fault=elsewhere", set()),
        ("?q=no-such", {"nothing there"}),
        ("?ignored=only", set()),
        ("?ordering=-words&fault=nonsense", {"nothing there", "=HYPERLINK(1)"}),
    ],
)
def test_broken_links_can_be_filtered(linked, editor_client, query, words):
    assert {row[2] for row in rows(editor_client, LINKS + query)} == words


def test_a_link_can_be_ignored_and_reported_again(linked, editor, editor_client):
    link = PageLink.objects.get(words="nothing there")
    form = parse(editor_client.get(LINKS).content.decode()).find("form", action=f"{LINKS}{link.pk}/ignore/")
    assert form["method"] == "post"
    back = form.find("input", {"name": "next"})["value"]
    answer = editor_client.post(form["action"], {"ignored": "yes", "next": back})
    assert answer.url == back
    assert [row[2] for row in rows(editor_client, LINKS)] == ["=HYPERLINK(1)"]
    assert [row[2] for row in rows(editor_client, f"{LINKS}?ignored=only")] == ["nothing there"]
    assert len(rows(editor_client, f"{LINKS}?ignored=with")) == 2
    assert PageLink.objects.get(pk=link.pk).ignored_by == editor
    editor_client.post(form["action"], {"ignored": "no", "next": "https://example.org/"})
    assert len(rows(editor_client, LINKS)) == 2


def test_the_form_asks_for_its_token_and_a_link_ignores_nothing(linked, editor_client):
    link = PageLink.objects.get(words="nothing there")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor_client.cookies
    form = parse(strict.get(LINKS).content.decode()).find("form", action=f"{LINKS}{link.pk}/ignore/")
    assert strict.post(form["action"], {"ignored": "yes"}).status_code == 403
    token = form.find("input", {"name": "csrfmiddlewaretoken"})["value"]
    assert strict.post(form["action"], {"ignored": "yes", "csrfmiddlewaretoken": token}).status_code == 302
    assert editor_client.get(form["action"]).status_code == 405


def test_only_those_who_may_write_a_page_see_it(linked, tree):
    client, link = limited(tree.news), PageLink.objects.first()
    assert rows(client, LINKS) == rows(client, CARE) == []
    assert spreadsheet(client, LINKS)[1:] == spreadsheet(client, CARE)[1:] == []
    assert client.post(f"{LINKS}{link.pk}/ignore/", {"ignored": "yes"}).status_code == 404
    GroupPagePermission.objects.update_or_create(group=Group.objects.get(name="One section"), defaults={"page": linked})
    assert len(rows(client, LINKS)) == 2


def test_links_of_a_page_that_was_taken_down_are_not_listed(linked, editor_client):
    linked.unpublish()
    assert rows(editor_client, LINKS) == rows(editor_client, CARE) == []


def test_pages_are_listed_with_what_they_lack(tree, editor_client):
    bare = make.StandardPageFactory(title="Bare", introduction="", review_by=datetime.date(2020, 1, 31))
    fine = make.StandardPageFactory(title="Fine", introduction="Words.", listing_image=make.SiteImageFactory())
    silent = make.StandardPageFactory(
        title="Silent",
        introduction="Words.",
        body=[("picture", {"image": {"image": make.SiteImageFactory(), "alt_text": "", "decorative": False}})],
    )
    for page in (bare, fine, silent):
        audit(page)
    found = {row[0]: row[1:] for row in rows(editor_client, CARE)}
    assert found.keys() == {"Bare", "Silent"}
    assert found["Bare"] == ["Standard page", "Missing", "Missing", "0", "31 January 2020"]
    assert found["Silent"][1:4] == ["", "", "1"]
    for query, titles in {"picture": ["Bare"], "words": ["Silent"], "review": ["Bare"], "nonsense": None}.items():
        shown = [row[0] for row in rows(editor_client, f"{CARE}?lacks={query}")]
        assert shown == (titles or ["Bare", "Silent"])
    for ordering, first in {"-pictures_without_words": "Silent", "pictures_without_words": "Bare"}.items():
        assert rows(editor_client, f"{CARE}?ordering={ordering}")[0][0] == first


@pytest.mark.parametrize(("report", "place"), [(LINKS, "Page or setting"), (CARE, "Page")])
def test_downloads_hold_no_formula(linked, editor_client, report, place):
    head, *lines = spreadsheet(editor_client, report)
    assert head[:2] == [place, "Address"]
    assert lines
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "@"))]
    assert lines[0][:2] == ["'=Linking", linked.full_url]
    book = load_workbook(io.BytesIO(b"".join(editor_client.get(report, {"export": "xlsx"}).streaming_content)))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=Linking", "s")


@pytest.mark.parametrize("report", [LINKS, CARE])
def test_the_reports_take_few_queries_however_much_there_is(
    linked, editor_client, django_assert_max_num_queries, report
):
    for number in range(9):
        audit(
            make.StandardPageFactory(introduction="", body=[("text", f'<p><a href="/nothing-{number}/">words</a></p>')])
        )
    editor_client.get(report)
    with django_assert_max_num_queries(26):
        assert len(rows(editor_client, report)) > 9


def test_the_menu_offers_them_to_people_who_write(tree, editor_client):
    manager = get_user_model()._default_manager.create_user("manager")
    manager.groups.add(Group.objects.get(name="Newsletter manager"))
    client = Client()
    client.force_login(manager)
    menu, other = (browser.get("/admin/").content.decode() for browser in (editor_client, client))
    for address in (LINKS, CARE, "/admin/calendar/"):
        assert address in menu
        assert address not in other
        assert client.get(address).status_code == 302
