"""What became of each item, for people: a table that spreadsheets open, those first that need somebody."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from core.spreadsheets import neutralised
from wordpress.export import Item

NEW = "brought over"
DRAFT = "brought over as a draft"
BEFORE = "brought over before"
LEFT_OUT = "left out"
FAILED = "failed"
NOT_YET = "not begun yet"
OUTCOMES = (NEW, DRAFT, BEFORE, LEFT_OUT, FAILED, NOT_YET)
KINDS = {"news": "News", "story": "Case story", "page": "Standard page", "file": "File", "nothing": ""}
COLUMNS = ("Number", "Type there", "Title", "Old address", "What became of it", "Type here", "Edit", "To do", "Changed")


@dataclass
class Line:
    """What became of one item.

    Attributes:
        edit: name and key of the address in the admin where it is looked at; empty for what has none.
        to_do: what a person should look at.
        changed: what was changed on the way.
    """

    item: Item
    kind: str
    outcome: str = NOT_YET
    edit: tuple[str, int] | None = None
    to_do: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        """The line as the columns of the table."""
        edit = f"{settings.SITE_URL}{reverse(self.edit[0], args=[self.edit[1]])}" if self.edit else ""
        item = self.item
        words = (str(item.number), item.kind, item.title, item.link, self.outcome, KINDS[self.kind], edit)
        return tuple(neutralised(cell) for cell in (*words, "\n".join(self.to_do), "\n".join(self.changed)))


def write_report(path: Path, lines: Iterable[Line]) -> None:
    """Write the table as CSV, in UTF-8 with the mark by which Excel knows it.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(line.cells() for line in sorted(lines, key=lambda line: (not line.to_do, line.item.position)))


def summary(lines: list[Line]) -> list[str]:
    """The numbers, each on a line; those of the outcomes add up to the number of items."""
    counts = Counter(line.outcome for line in lines)
    told = [f"{counts[outcome]:7} {outcome}" for outcome in OUTCOMES if counts[outcome]]
    comments = sum(line.item.comments for line in lines)
    pingbacks = sum(line.item.pingbacks for line in lines)
    return [
        f"{len(lines):7} items in the export",
        *told,
        f"{sum(bool(line.to_do) for line in lines):7} of them need a person",
        f"{comments:7} comments and {pingbacks} pingbacks were left behind: pages here have none",
    ]
