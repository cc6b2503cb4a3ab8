"""Cells of spreadsheets."""

# Source: OWASP, "CSV Injection". The last four are the wide forms that Excel takes for the same signs.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def neutralised(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: with an apostrophe before what looks like one."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
