"""Files of redirects that are imported in the admin, as people's programs write them."""

from collections.abc import Iterable
from typing import Any

from wagtail.contrib.redirects import base_formats


class TidyDataset(base_formats.Dataset):
    """The rows of a file, without those that are empty, each with as many cells as the head.

    Wagtail's own fails at the first row that is too short, such as an empty last line, with those above imported.
    """

    def __init__(self, rows: Iterable[Any] = (), headers: Any = None) -> None:
        super().__init__([row for row in rows if any(row)], headers)
        self[:] = [[*row, *[""] * (len(self.headers) - len(row))] for row in self]


def take_untidy_files() -> None:
    """Have Wagtail's import read files so."""
    base_formats.Dataset = TidyDataset  # ty: ignore[invalid-assignment]
