"""Taking turns at SQLite's one write lock.

SQLite lets one connection write at a time, and whoever finds it taken looks again after pauses that grow to 100 ms: a
lock that is free for a millisecond now and then is missed for a long time, and nobody is next. Those who write much
stand in line here first. Who does not still gets the lock as SQLite gives it. PostgreSQL needs none of this.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

LOOK_SECONDS = 0.001
# As long as SQLite itself waits (`timeout` in the settings). Then it may decide: whoever has the turn may hang.
LONGEST_SECONDS = 10.0


@contextmanager
def write_turn() -> Iterator[None]:
    """Hold the turn to write, among all processes of this machine, for the length of a `with` block.

    Wrap it around a transaction, not inside one.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with (Path(settings.DATA_DIR) / "write.lock").open("a") as lock:  # closing it gives the turn back
        _wait_for(lock.fileno())
        yield


def _wait_for(descriptor: int) -> None:
    ends = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < ends:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
        else:
            return
