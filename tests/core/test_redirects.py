"""Old addresses: a page that is renamed or moved is found by them, and by links to what lay beneath it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from tests import factories as make
from tests.html import parse
from tests.wsgi_browser import WsgiBrowser

Commit = Any  # pytest-django's fixture: what waits for the end of the transaction


@pytest.fixture
def section(tree: Any) -> Any:
    section = make.StandardPageFactory(slug="reports")
    make.StandardPageFactory(parent=section, slug="annual")
    return section


def rename(page: Any, slug: str, commit: Commit) -> None:
    """As an editor does: in the form, and publish."""
    page = Page.objects.get(pk=page.pk).specific
    page.slug = slug
    with commit(execute=True):
        page.save_revision().publish()


def move(page: Any, parent: Any, commit: Commit) -> None:
    with commit(execute=True):
        Page.objects.get(pk=page.pk).move(Page.objects.get(pk=parent.pk), pos="last-child")


def leads_to(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 301, path
    return answer.url


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Commit) -> Commit:
    return django_capture_on_commit_callbacks


def test_a_renamed_page_is_found_by_its_old_address_and_those_beneath_it_too(section: Any, commit: Commit) -> None:
    rename(section, "publications", commit)
    assert leads_to("/reports/") == "/publications/"
    assert leads_to("/reports/annual/") == "/publications/annual/"
    assert Client().get("/publications/annual/").status_code == 200


def test_a_moved_page_is_found_by_its_old_address_and_those_beneath_it_too(
    section: Any, tree: Any, commit: Commit
) -> None:
    move(section, tree.about, commit)
    assert leads_to("/reports/") == "/about/reports/"
    assert leads_to("/reports/annual/") == "/about/reports/annual/"


def test_a_page_that_changes_place_among_its_neighbours_leaves_no_redirect(tree: Any, commit: Commit) -> None:
    with commit(execute=True):
        Page.objects.get(pk=tree.about.pk).move(Page.objects.get(pk=tree.home.pk), pos="first-child")
    assert not Redirect.objects.exists()


def test_a_page_renamed_often_is_one_step_away_from_each_old_address(section: Any, tree: Any, commit: Commit) -> None:
    rename(section, "publications", commit)
    move(section, tree.about, commit)
    rename(section, "library", commit)
    for path in ("/reports/", "/publications/", "/about/publications/"):
        assert leads_to(path) == "/about/library/"
    assert leads_to("/publications/annual/") == "/about/library/annual/"


def test_a_page_that_gets_its_old_address_back_is_not_sent_to_itself(section: Any, tree: Any, commit: Commit) -> None:
    rename(section, "publications", commit)
    rename(section, "reports", commit)
    move(section, tree.about, commit)
    move(section, tree.home, commit)
    assert Client().get("/reports/annual/").status_code == 200
    assert leads_to("/publications/annual/") == "/reports/annual/"
    assert leads_to("/about/reports/") == "/reports/"
    # What is unpublished answers 404, for which redirects are looked up.
    for page in Page.objects.get(pk=section.pk).get_descendants(inclusive=True).specific():
        page.unpublish()
    assert Client().get("/reports/").status_code == 404
    assert Client().get("/reports/annual/").status_code == 404


def test_redirects_that_people_made_stay(section: Any, tree: Any, commit: Commit) -> None:
    Redirect.objects.create(old_path="/annual-report", redirect_page=section)
    rename(section, "publications", commit)
    assert leads_to("/annual-report/") == "/publications/"


def test_a_new_page_at_an_old_address_is_shown(section: Any, tree: Any, commit: Commit) -> None:
    rename(section, "publications", commit)
    make.StandardPageFactory(slug="reports", title="New reports")
    assert "New reports" in Client().get("/reports/").content.decode()


def test_a_page_that_is_kept_leads_on_once_it_is_renamed(section: Any, commit: Commit) -> None:
    browser = WsgiBrowser()
    assert [browser.get("/reports/").status_code for _ in range(2)] == [200, 200]
    rename(section, "publications", commit)
    browser.make_new_generation()
    answer = browser.get("/reports/")
    assert (answer.status_code, answer["Location"]) == (301, "/publications/")
    assert browser.get("/publications/").status_code == 200


# --- Files -------------------------------------------------------------------------------------------


def import_file(client: Client, name: str, data: bytes) -> Any:
    """Import a file of redirects in the admin, from its first column to its second."""
    shown = client.post("/admin/redirects/import/", {"import_file": SimpleUploadedFile(name, data)}, follow=True)
    assert shown.status_code == 200
    hidden = {
        field["name"]: field["value"] for field in parse(shown.content.decode()).select("input[type=hidden][name]")
    }
    if "import_file_name" not in hidden:
        return shown  # with a message that says why
    return client.post("/admin/redirects/import/process/", hidden | {"from_index": "0", "to_index": "1"}, follow=True)


def test_a_file_of_redirects_may_have_short_and_empty_rows(tree: Any, admin_client: Client) -> None:
    rows = ["from,to", "/one,{0}", "", "/two", "/three,{0},more", ",", "\x00,{0}", "{0},/five", "/four,{0}", "", ""]
    data = "\n".join(rows).format("https://www.example.org/").encode()
    answer = import_file(admin_client, "old.csv", data)
    assert answer.status_code == 200
    led = dict(Redirect.objects.values_list("old_path", "redirect_link"))
    assert set(led) == {"/one", "/two", "/three", "/four"}
    assert led["/three"] == led["/four"] == "https://www.example.org/" and not led["/two"]
    assert "/five" in answer.content.decode()  # among those that were not imported


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b"x"),
        ("latin.csv", b"from,to\n/caf\xe9,/about/\n"),
        ("old.xlsx", b"no workbook"),
        ("old.xlsx", b"PK\x03\x04 no workbook"),
        ("old.exe", b"MZ"),
        ("old.tsv", b"\x00\x01\x02\n\n"),
        ("one.csv", b"from\n/one\n"),
    ],
)
def test_what_is_no_file_of_redirects_is_told_so(tree: Any, admin_client: Client, name: str, data: bytes) -> None:
    before = Redirect.objects.count()
    assert import_file(admin_client, name, data).status_code == 200
    assert Redirect.objects.count() == before
