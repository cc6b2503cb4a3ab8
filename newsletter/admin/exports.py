"""The mailing list as a spreadsheet: CSV or XLSX, row by row, so that a million people need little memory."""

import codecs
import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone

from core.spreadsheets import fit_for_xlsx, neutralised
from newsletter.models import Basis, Subscriber
from newsletter.states import Origin, State

FIELDS = {
    "email": "Email address",
    "first_name": "First name",
    "last_name": "Last name",
    "state": "State",
    "reason": "Reason",
    "signed_up_at": "Signed up",
    "source_page": "Signed up on",
    "topics": "Topics",
    "basis": "Basis",
    "wording_version": "Consent wording",
    "origin": "Known from",
    "state_changed_at": "Last change",
}
_COLUMNS = [name for name in FIELDS if name != "topics"]
_TOPICS = list(FIELDS).index("topics")
_LABELS: dict[str, dict[Any, str]] = {
    name: {choice.value: choice.label for choice in choices}
    for name, choices in {"state": State, "basis": Basis, "origin": Origin}.items()
}
CHUNK = 2000
# Source: Microsoft, "Excel specifications and limits": 1,048,576 rows on a sheet.
ROWS_PER_SHEET = 1_000_000


def known(subscribers: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
    """Without erased people, of whom nothing is known."""
    return subscribers.exclude(state=State.ERASED)


def rows(subscribers: QuerySet[Subscriber]) -> Iterator[list[str]]:
    """The cells of each person, in the order of FIELDS."""
    found = subscribers.values_list("pk", *_COLUMNS).iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        topics = _topics_of([row[0] for row in chunk])
        for pk, *values in chunk:
            cells = [_cell(name, value) for name, value in zip(_COLUMNS, values, strict=True)]
            cells.insert(_TOPICS, "; ".join(topics.get(pk, ())))
            yield cells


def csv_lines(people: Iterable[list[str]]) -> Iterator[bytes]:
    """The lines of a CSV file, with the mark by which Excel knows that it is UTF-8."""
    writer = csv.writer(_Echo())
    yield codecs.BOM_UTF8 + writer.writerow(FIELDS.values())
    for cells in people:
        yield writer.writerow([neutralised(cell) for cell in cells])


def write_xlsx(people: Iterable[list[str]]) -> IO[bytes]:
    """An XLSX file, kept on disk, at its beginning."""
    from openpyxl import Workbook  # here, so that only an export loads it

    book = Workbook(write_only=True)
    remaining = iter(people)
    first = next(remaining, None)
    while first is not None or not book.worksheets:
        sheet = book.create_sheet("Mailing list")
        sheet.append(list(FIELDS.values()))
        if first is not None:
            sheet.append(_as_texts(sheet, first))
        for cells in islice(remaining, ROWS_PER_SHEET - 1):
            sheet.append(_as_texts(sheet, cells))
        first = next(remaining, None)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the response that sends it)
    book.save(file)
    file.seek(0)
    return file


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> bytes:
        return line.encode()


def _as_texts(sheet: Any, cells: list[str]) -> list[Any]:
    """The cells as texts, also those that would be taken for a formula or an error."""
    from openpyxl.cell import WriteOnlyCell

    texts: list[Any] = []
    for cell in cells:
        clean = fit_for_xlsx(cell)
        if clean.startswith(("=", "#")):
            text = WriteOnlyCell(sheet, clean)
            text.data_type = "s"
            texts.append(text)
        else:
            texts.append(clean)
    return texts


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return _LABELS[name].get(value, str(value)) if name in _LABELS else str(value)


def _topics_of(keys: list[int]) -> dict[int, list[str]]:
    """The topics of many people, in one query."""
    chosen = Subscriber.interests.through._default_manager.filter(subscriber_id__in=keys)
    topics: dict[int, list[str]] = {}
    for pk, label in chosen.order_by("interest__sort_order").values_list("subscriber_id", "interest__label"):
        topics.setdefault(pk, []).append(label)
    return topics
