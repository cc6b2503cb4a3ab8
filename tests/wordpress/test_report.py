"""The table of what became of each item."""

import csv
from pathlib import Path

from wordpress.export import Item
from wordpress.report import COLUMNS, LEFT_OUT, Line, write_report


def test_what_a_former_site_holds_becomes_no_formula(tmp_path: Path) -> None:
    formula = "=cmd|' /C calc'!A0"
    item = Item(position=0, number=-7, kind="+1", title=formula, link="@SUM(1)")
    write_report(
        tmp_path / "report.csv",
        [Line(item, "news", LEFT_OUT, to_do=["-1", "look"], changed=["\t=1"]), Line(item, "file")],
    )
    with (tmp_path / "report.csv").open(newline="", encoding="utf-8-sig") as file:
        head, *rows = csv.reader(file)
    assert tuple(head) == COLUMNS
    assert [row[2] for row in rows] == [f"'{formula}"] * 2
    for cell in [cell for row in rows for cell in row]:
        assert not cell.startswith(("=", "+", "-", "@", "\t"))
