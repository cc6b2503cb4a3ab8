"""Every export of the admin, found by asking all of its addresses for one: no cell is a formula, none makes it fail."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Task, Workflow

from core.models import SearchOutcome
from core.spreadsheets import fit_for_xlsx, neutralised
from editorial.models import PageAudit, PageLink
from feedback.models import Answer
from tests.roles.addresses import Address, addresses
from tests.roles.asking import without_pages_drawn
from tests.roles.samples import SUPERUSER, make_pages, make_people, make_records

FORMULA = "=cmd|' /C calc'!A0"
# A control character that a form lets through and that XML cannot hold.
HOSTILE = f"{FORMULA}\x01"
STARTS = "=+-@\t\r\n＝＋－＠"
# Where what people have typed must come out, as a text. Whatever else exports is looked at as well. The mailing list
# takes a POST: tests/newsletter/test_admin_exports.py.
EXPORTS = {
    "admin/redirects/",
    "admin/reports/aging-pages/",
    "admin/reports/broken-links/",
    "admin/reports/feedback/",
    "admin/reports/locked/",
    "admin/reports/pages-that-need-care/",
    "admin/reports/searches/",
    "admin/reports/searches-without-results/",
    "admin/reports/site-history/",
    "admin/reports/workflow/",
    "admin/reports/workflow_tasks/",
}


@pytest.mark.parametrize("cell", [f"{start}1" for start in STARTS])
def test_a_cell_that_looks_like_a_formula_is_a_text(cell: str) -> None:
    assert neutralised(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are() -> None:
    for cell in ("", "a=1", " =1", "1-2", "food, places\nand people"):
        assert neutralised(cell) == fit_for_xlsx(cell) == cell
    assert fit_for_xlsx("a\x00b\x01c\x0bd\x1fe\ufffef\tg\n") == "abcdef\tg\n"


@pytest.fixture
def exporting(tree: Any) -> tuple[Client, list[Address]]:
    """A superuser, and every address of a site in which all that people have typed is a formula."""
    client = make_people()[SUPERUSER]
    pages = make_pages(tree)
    things = pages | make_records(pages["page"])
    page, locked = pages["page"], pages["locked"]
    page.title = HOSTILE
    type(locked).objects.filter(pk=locked.pk).update(title=HOSTILE, locked_at=timezone.now())
    type(pages["submitted"]).objects.update(title=HOSTILE)
    locked.locked_by._meta.model.objects.update(first_name=HOSTILE, last_name=HOSTILE)
    page.save_revision(log_action=True).publish()
    for model in (Task, Workflow):
        model.objects.update(name=HOSTILE)
    Redirect.objects.update(old_path=HOSTILE)
    PageLink.objects.update(words=HOSTILE)
    PageAudit.objects.update_or_create(
        page=page,
        defaults={
            "audited_at": timezone.now(),
            "rules": 1,
            "has_picture": False,
            "has_description": False,
            "pictures_without_words": 1,
        },
    )
    Answer.objects.create(page=page, is_helpful=False, comment=HOSTILE)
    query = Query.get(FORMULA)
    query.add_hit()
    SearchOutcome.objects.create(query=query, results=0)
    return client, addresses(things)


def exported(client: Client, address: Address, kind: str) -> list[list[Any]] | None:
    """The cells of an export, row by row; None when there is none at the address."""
    answer = client.get(address.path, {"export": kind})
    if not answer.get("Content-Disposition", "").startswith("attachment") or not answer.streaming:
        return None
    data = b"".join(answer.streaming_content)
    if kind == "csv":
        return list(csv.reader(StringIO(data.decode(), newline="")))
    rows = load_workbook(BytesIO(data)).worksheets[0].iter_rows()
    return [[(cell.data_type, cell.value) for cell in row] for row in rows]


def test_no_export_holds_a_formula(exporting: tuple[Client, list[Address]]) -> None:
    client, everywhere = exporting
    found: dict[str, Any] = {}
    with without_pages_drawn():
        for address in everywhere:
            if "logout" in address.path or (rows := exported(client, address, "csv")) is None:
                continue
            cells = [cell for row in rows for cell in row]
            if not cells:  # a list of which nothing is exported
                continue
            assert not [cell for cell in cells if cell.startswith(tuple(STARTS))], address
            typed = exported(client, address, "xlsx")
            assert typed is not None and len(typed) == len(rows), address
            assert not [value for row in typed for kind, value in row if kind == "f"], address
            found[address.route] = any(cell.lower().startswith(f"'{FORMULA}".lower()) for cell in cells)
    print(f"{len({route.removesuffix('results/') for route in found})} exports: {found}")
    assert {route for route, has_what_was_typed in found.items() if has_what_was_typed} >= EXPORTS
