"""Rows of several threads written together: none is lost, none written twice, each caller learns what became of it."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import DataError, OperationalError

from newsletter.together import Together


def test_many_threads_share_few_writes() -> None:
    written: list[int] = []
    sizes: list[int] = []

    def write(rows: Sequence[int]) -> None:
        time.sleep(0.01)
        sizes.append(len(rows))
        written.extend(rows)

    together = Together(write)

    def save(row: int) -> bool:
        together.save(row)
        return row in written

    with ThreadPoolExecutor(40) as pool:
        assert all(pool.map(save, range(400)))  # on disk by the time each caller goes on
    assert sorted(written) == list(range(400))
    assert len(sizes) < 100


def save_behind_a_slow_one(error: type[Exception]) -> tuple[list[int], list[BaseException | None]]:
    """Rows 1, -1 and 2 come while 0 is being written; -1 cannot be written. Returns what is written, and the errors."""
    begun, go = threading.Event(), threading.Event()
    written: list[int] = []

    def write(rows: Sequence[int]) -> None:
        if not begun.is_set():
            begun.set()
            go.wait(5)
        elif -1 in rows:
            raise error
        written.extend(rows)

    together = Together(write)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(together.save, 0)
        begun.wait(5)
        rest = [pool.submit(together.save, row) for row in (1, -1, 2)]
        while len(together._line) < 3:
            time.sleep(0.001)
        go.set()
        assert first.result(5) is None
        errors = [future.exception(5) for future in rest]
    together.save(3)
    return written, errors


def test_a_row_that_cannot_be_written_is_no_fault_of_the_others() -> None:
    written, errors = save_behind_a_slow_one(DataError)
    assert sorted(written) == [0, 1, 2, 3]
    assert [type(error) for error in errors] == [type(None), DataError, type(None)]


def test_everybody_learns_that_the_database_is_away_and_the_next_goes_on() -> None:
    written, errors = save_behind_a_slow_one(OperationalError)
    assert written == [0, 3]
    assert [type(error) for error in errors] == [OperationalError] * 3
