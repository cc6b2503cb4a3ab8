"""The mailing list as CSV and XLSX."""

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from newsletter.admin import exports
from newsletter.models import Interest, Subscriber
from newsletter.states import State
from tests.newsletter.conftest import EMAIL, text_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
LISTING = "/admin/newsletter/subscriber/"
FORMULAS = ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1dx"]


def lines_of(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def cells_of(response: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [row for sheet in book for row in sheet.iter_rows()]


def test_csv_holds_what_the_listing_shows_at_its_filters(manager: Client, sign_up_as: SignUpAs) -> None:
    topics = [Interest.objects.create(label=label, sort_order=n) for n, label in enumerate(("Systems", "Places"))]
    sign_up_as(first_name="Ada", last_name="Lovelace", page="/news/", interests=tuple(topics))
    sign_up_as("held@example.org", held="Many came.")
    response = manager.post(f"{LISTING}export/csv/?state=waiting")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="mailing-list-{timezone.localdate()}.csv"'
    heading, row = lines_of(response)
    assert heading == list(exports.FIELDS.values())
    told = dict(zip(exports.FIELDS, row, strict=True))
    today = timezone.localdate().isoformat()
    assert told.pop("signed_up_at").startswith(today)
    assert told.pop("state_changed_at").startswith(today)
    assert told == {
        "email": EMAIL,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "state": "Waiting",
        "reason": "",
        "source_page": "/news/",
        "topics": "Systems; Places",
        "basis": "Consent",
        "wording_version": "0",
        "origin": "Sign-up form",
    }


def test_a_search_is_exported_as_it_is_shown(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    sign_up_as("second@example.org")
    query = manager.post(f"{LISTING}search/", {"term": "second"}).url.partition("?")[2]
    assert [row[0] for row in lines_of(manager.post(f"{LISTING}export/csv/?{query}"))[1:]] == ["second@example.org"]


def test_xlsx_holds_the_same_as_csv(manager: Client, sign_up_as: SignUpAs) -> None:
    for n in range(3):
        sign_up_as(f"person{n}@example.org", first_name="Ada\x0b", page="/news/")
    text = lines_of(manager.post(f"{LISTING}export/csv/"))
    response = manager.post(f"{LISTING}export/xlsx/")
    assert response["Content-Disposition"].endswith('.xlsx"')
    sheet = [[cell.value or "" for cell in row] for row in cells_of(response)]
    assert sheet == [[cell.replace("\x0b", "") for cell in row] for row in text]


@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_typed_becomes_a_formula(manager: Client, sign_up_as: SignUpAs, formula: str) -> None:
    subscriber = sign_up_as()
    Subscriber.objects.filter(pk=subscriber.pk).update(first_name=formula, email=f"{formula}@example.org")
    row = lines_of(manager.post(f"{LISTING}export/csv/"))[1]
    assert row[:2] == [f"'{formula}@example.org", f"'{formula}"]
    for cell in cells_of(manager.post(f"{LISTING}export/xlsx/"))[1][:2]:
        assert cell.data_type == "s"
        assert str(cell.value).lstrip("\n\t\r ").startswith(formula.strip())


def test_erased_people_are_left_out(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    Subscriber.objects.filter(pk=subscriber.pk).update(email="", email_key="erased:x", state=State.ERASED)
    assert len(lines_of(manager.post(f"{LISTING}export/csv/"))) == 1
    assert len(cells_of(manager.post(f"{LISTING}export/xlsx/"))) == 1


def test_an_export_is_logged_without_addresses(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    sign_up_as("second@example.org")
    manager.post(f"{LISTING}export/xlsx/")
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user.username, entry.data) == (
        "newsletter.export",
        "manager",
        {"count": 2, "format": "xlsx"},
    )
    assert "example.org" not in f"{entry.label} {entry.data}"
    assert entry.message == "Exported 2 people as XLSX"


def test_an_export_takes_a_post_and_its_own_right(
    manager: Client, sign_up_as: SignUpAs, django_user_model: Any
) -> None:
    from django.contrib.auth.models import Permission

    sign_up_as()
    assert manager.get(f"{LISTING}export/csv/").status_code == 405
    assert manager.post(f"{LISTING}export/ods/").status_code == 404
    reader = django_user_model._default_manager.create_user("reader", password="a long password for tests")
    reader.user_permissions.set(Permission.objects.filter(codename__in=("access_admin", "view_subscriber")))
    client = Client()
    client.force_login(reader)
    assert "Export as" not in text_of(client.get(LISTING))
    assert client.post(f"{LISTING}export/csv/").status_code == 302
    assert not ModelLogEntry.objects.exists()


def test_a_sheet_that_is_full_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ROWS_PER_SHEET", 2)
    book = load_workbook(exports.write_xlsx([str(n)] * len(exports.FIELDS) for n in range(5)))
    assert [sheet.max_row for sheet in book] == [3, 3, 2]


@pytest.mark.parametrize("write", [exports.csv_lines, exports.write_xlsx])
def test_memory_does_not_grow_with_the_number_of_rows(write: Callable[[Iterator[list[str]]], Any]) -> None:
    def people(number: int) -> Iterator[list[str]]:
        for n in range(number):
            yield [f"person{n}@example.org"] * len(exports.FIELDS)

    def peak(number: int) -> int:
        tracemalloc.start()
        for _ in write(people(number)):
            pass
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(4000) < peak(200) + 300_000


def test_topics_are_fetched_for_many_at_once(sign_up_as: SignUpAs, django_assert_num_queries: Any) -> None:
    topic = Interest.objects.create(label="Systems")
    for n in range(10):
        sign_up_as(f"person{n}@example.org", interests=(topic,))
    with django_assert_num_queries(2):
        assert len(list(exports.rows(Subscriber.objects.all()))) == 10
