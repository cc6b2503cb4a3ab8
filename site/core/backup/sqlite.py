"""Copying a SQLite database while others write to it, and putting a copy in its place in one transaction."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

from core.backup.errors import BackupError

BLOCK = 1024 * 1024
# So many pages are copied between two looks at whether to stop.
PAGES = 2000
# As long as the site's own writers wait (settings).
LOCK_SECONDS = 10


class SQLite:
    """The database in a file."""

    name = "sqlite"
    member = "database.sqlite3"

    def __init__(self, settings: dict[str, Any]) -> None:
        """Take Django's settings of the database."""
        self.path = Path(settings["NAME"])

    def dump(self, statements: Iterable[str]) -> Generator[bytes]:
        """Give a copy as it is now, with statements run in it.

        The copy is made beside the database, on the same disk and for its owner only, and deleted when this ends.
        """
        copy = self._beside("backup")
        try:
            self._copy_to(copy)
            with contextlib.closing(_connect(copy)) as connection:
                for statement in statements:
                    connection.execute(statement)
                connection.execute("PRAGMA journal_mode=DELETE")  # one file
                _check(connection)
            with copy.open("rb") as file:
                while block := file.read(BLOCK):
                    yield block
        finally:
            _delete(copy)

    def _copy_to(self, copy: Path) -> None:
        """Copy what one reader sees, page by page; writers do not wait.

        In a transaction of its own the reader keeps seeing the same. Without it the copy would begin anew with each
        write of somebody else: https://www.sqlite.org/c3ref/backup_finish.html
        """
        with contextlib.closing(_connect(self.path)) as source, contextlib.closing(_connect(copy)) as target:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(target, pages=PAGES, progress=lambda *_: None, sleep=0)

    def replace(self, chunks: Iterable[bytes]) -> None:
        """Put a copy in the database's place, all of it or nothing; whoever is connected sees it at their next look.

        Raises:
            BackupError: the copy is damaged, or somebody is writing.
        """
        copy = self._beside("restore")
        try:
            with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
            self._set_aside_if_broken()
            with contextlib.closing(_connect(copy)) as source, contextlib.closing(_connect(self.path)) as target:
                _check(source, thoroughly=True)
                source.backup(target, progress=_patience(), sleep=0.01)  # in one step: one transaction of the target
                target.execute("PRAGMA journal_mode=WAL")
        except sqlite3.Error as error:
            raise BackupError(f"The database was not replaced: {error}. Stop web and worker, and try again.") from error
        finally:
            _delete(copy)

    def _set_aside_if_broken(self) -> None:
        """Rename a file that is no database any more: it can be no target, and somebody may want to look at it."""
        try:
            with contextlib.closing(_connect(self.path)) as connection:
                connection.execute("PRAGMA schema_version").fetchone()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    Path(f"{self.path}{suffix}").rename(f"{self.path}.broken{suffix}")

    def _beside(self, purpose: str) -> Path:
        path = self.path.with_name(f".{self.path.name}.{purpose}")
        _delete(path)  # of one that was killed
        return path


def _patience() -> Callable[[int, int, int], None]:
    """What ends a copy that waits for a lock: Python itself would wait for ever."""
    ends = time.monotonic() + LOCK_SECONDS

    def look(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > ends:
            raise sqlite3.OperationalError("somebody is writing to it")

    return look


def _connect(path: Path) -> sqlite3.Connection:
    if not path.exists():
        os.close(os.open(path, os.O_CREAT, 0o600))
    return sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)


def _check(connection: sqlite3.Connection, *, thoroughly: bool = False) -> None:
    """See that a copy is sound.

    Raises:
        BackupError: it is not.
    """
    try:
        found = connection.execute("PRAGMA integrity_check" if thoroughly else "PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BackupError("The copy of the database is damaged (SQLite's own check says so). Use another backup.")


def _delete(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
