"""Writing for several threads in one transaction (group commit).

A commit waits for the disk, and SQLite lets one connection write at a time. A hundred threads that each commit for
themselves stand in line for the lock, and the last one waits for a hundred flushes. Here, whoever holds the pen
writes for all who came while the one before wrote, so the line is as short as the number of processes (which stand
in line in core.turns).
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import OperationalError

from core.turns import write_turn

Row = TypeVar("Row")


@dataclass
class _Place(Generic[Row]):
    """One caller's row, and what became of it."""

    row: Row
    is_done: bool = False
    error: Exception | None = None


class Together(Generic[Row]):
    """Collects rows of several threads of this process and writes them in few transactions.

    Args:
        write: writes rows in one transaction: all of them, or it raises.
    """

    def __init__(self, write: Callable[[Sequence[Row]], object]) -> None:
        self._write = write
        self._line: list[_Place[Row]] = []
        self._is_writing = False
        self._changed = threading.Condition()

    def save(self, row: Row) -> None:
        """Write a row. Returns when it is on disk.

        Raises:
            Exception: what `write` raised for this row; it was not written.
        """
        place = _Place(row)
        with self._changed:
            self._line.append(place)
            self._changed.wait_for(lambda: place.is_done or not self._is_writing)
            places = [] if place.is_done else self._take_line()
        if places:
            self._write_all(places)
        if place.error is not None:
            raise place.error

    def _take_line(self) -> list[_Place[Row]]:
        """Take the pen, and everybody who stands in the line."""
        places, self._line, self._is_writing = self._line, [], True
        return places

    def _write_all(self, places: list[_Place[Row]]) -> None:
        """Write for everybody, and tell them."""
        try:
            self._write_group(places)
        finally:  # whatever it was, nobody may wait for ever
            with self._changed:
                for place in places:
                    place.is_done = True
                self._is_writing = False
                self._changed.notify_all()

    def _write_group(self, places: list[_Place[Row]]) -> None:
        """Write the rows together or, when one of them cannot be written, each by itself: the others can."""
        try:
            with write_turn():
                self._write([place.row for place in places])
        except Exception as caught:
            # A database that is locked or away is so for each of them, and all have waited long enough.
            if len(places) > 1 and not isinstance(caught, OperationalError):
                for place in places:
                    self._write_group([place])
                return
            for place in places:
                place.error = caught
