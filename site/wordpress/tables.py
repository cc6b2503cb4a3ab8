"""Tables of old texts as blocks."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from bs4 import Tag

from wordpress.inline import Lines, trimmed


@dataclass(frozen=True)
class Made:
    """A table in the form that its block stores, and what a person should look at."""

    table: dict[str, Any]
    to_do: list[str]


def table_block(element: Tag, lines: Lines) -> Made | None:
    """A table's rows and columns; None for one that has no more than a row or a column."""
    rows = [row for row in element.find_all("tr") if row.find_parent("table") is element]
    cells = [row.find_all(["td", "th"], recursive=False) for row in rows]
    width = max((len(row) for row in cells), default=0)
    if len(rows) < 2 or width < 2 or element.find("table"):
        return None
    has_headings = all(cell.name == "th" for cell in cells[0])
    headings = [cell.get_text(" ", strip=True) for cell in cells[0]] if has_headings else []
    columns = [
        {"type": "rich_text", "heading": heading} for heading, _ in zip_longest(headings, range(width), fillvalue="")
    ]
    body = cells[1:] if has_headings else cells
    values = [[_cell(cell, lines) for cell in row] + [""] * (width - len(row)) for row in body]
    to_do = [] if has_headings else ["A table has no headings of columns: write them."]
    if element.find(_spans):
        to_do.append("A table had cells over more than one row or column: see whether its columns are right.")
    return Made({"columns": columns, "rows": [{"values": row} for row in values], "caption": ""}, to_do)


def _cell(cell: Tag, lines: Lines) -> str:
    return f"<p>{words}</p>" if (words := trimmed(lines.inside(cell))) else ""


def _spans(element: Tag) -> bool:
    return any(element.get(name, "1") != "1" for name in ("colspan", "rowspan"))
