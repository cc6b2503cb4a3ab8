"""Rows of several threads written together: none is lost, none written twice, each caller learns what became of it."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

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


def test_everybody_of_a_failed_write_learns_of_it_and_the_next_goes_on() -> None:
    begun, go = threading.Event(), threading.Event()
    written: list[int] = []

    def write(rows: Sequence[int]) -> None:
        if not begun.is_set():
            begun.set()
            go.wait(5)
        elif -1 in rows:
            raise OSError("no disk")
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
        for future in rest:
            with pytest.raises(OSError, match="no disk"):
                future.result(5)
    together.save(3)
    assert written == [0, 3]
