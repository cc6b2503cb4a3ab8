"""Cells of spreadsheets: no program that opens one runs or refuses what somebody has typed."""

import re
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

# Source: OWASP, "CSV Injection". The last four are the wide forms that Excel takes for the same signs.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What XML 1.0, and so an XLSX file, cannot hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def neutralised(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: with an apostrophe before what looks like one."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def fit_for_xlsx(cell: str) -> str:
    """A cell without the control characters that an XLSX file cannot hold."""
    return _NOT_IN_XML.sub("", cell)


def protect_exports() -> None:
    """Make every export of Wagtail's lists and reports safe, ours among them.

    Wagtail writes formulas into XLSX as texts by itself, but into CSV as they are; and one control character in a title
    makes an XLSX export fail.
    """
    as_wagtail_does = SpreadsheetExportMixin.preprocess_field_value

    def preprocess_field_value(self: SpreadsheetExportMixin, field: str, value: Any, export_format: str) -> Any:
        cell = as_wagtail_does(self, field, value, export_format)
        if not isinstance(cell, str):
            return cell
        return neutralised(cell) if export_format == self.FORMAT_CSV else fit_for_xlsx(cell)

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
