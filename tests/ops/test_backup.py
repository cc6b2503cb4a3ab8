"""The archive of a backup: nothing damaged, cut off or changed is taken for whole, and nothing unencrypted is in it."""

import io
import os
import signal
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.backup import archive, make, sealed
from core.backup.archive import Manifest, database_stream, members, verify, writing
from core.backup.errors import BackupError
from core.backup.sealed import CHUNK, OpeningReader, SealingWriter
from core.backup.sqlite import SQLite
from core.backup.stopping import ended_by_signals

KEY = "a key for the tests, long enough"
SECRET = b"ada@example.org" * 1000


def quietly(count: int) -> None:
    """Show no progress."""


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing a key is made costly on purpose, which is of no use here."""
    monkeypatch.setattr(sealed, "COST", 2)


def sealed_bytes(data: bytes) -> bytes:
    out = io.BytesIO()
    writer = SealingWriter(out, KEY)
    for start in range(0, len(data), 70_000):
        writer.write(data[start : start + 70_000])
    writer.finish()
    return out.getvalue()


def opened(data: bytes, key: str = KEY) -> bytes:
    reader = OpeningReader(io.BytesIO(data), key)
    return b"".join(iter(lambda: reader.read(50_000), b""))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_is_opened(size: int) -> None:
    data = os.urandom(size)
    assert opened(sealed_bytes(data)) == data


def test_the_same_is_never_sealed_alike() -> None:
    assert sealed_bytes(SECRET)[len(sealed.MAGIC) :] != sealed_bytes(SECRET)[len(sealed.MAGIC) :]


def changed(data: bytes) -> Iterator[bytes]:
    """What may happen to three sealed chunks."""
    head = len(sealed.MAGIC) + sealed.SALT_BYTES
    one = CHUNK + sealed.TAG_BYTES
    yield data[:-1]
    yield data[: head + one]  # ends with a whole chunk
    yield data[:head]
    yield data[: head - 3]
    yield data[:head] + data[head + one :]  # the first is gone
    yield data[:head] + data[head + one : head + 2 * one] + data[head : head + one] + data[head + 2 * one :]
    yield data + data[-one:]
    for place in (20, head + 5, len(data) - 2):
        yield data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_every_change_and_cut_is_noticed_and_so_is_another_key() -> None:
    data = sealed_bytes(os.urandom(2 * CHUNK + 10))
    for other in changed(data):
        with pytest.raises(BackupError):
            opened(other)
    with pytest.raises(BackupError, match="BACKUP_KEY"):
        opened(data, "another key that is long enough")


# --- The archive -------------------------------------------------------------------------------------


def manifest() -> Manifest:
    return Manifest("2026-03-01T12:00:00+00:00", "sqlite", ["core.0001_initial"], "fingerprint", [])


def written(path: Path, key: str = "") -> Path:
    with writing(path, key, quietly) as target:
        target.add_stream("database.sqlite3", iter([SECRET, SECRET]))
        target.add("media/images/Ünïcode and a very long name " + "x" * 150 + ".jpg", io.BytesIO(b"picture"), 7)
        target.finish(manifest())
    return path


@pytest.mark.parametrize("key", ["", KEY])
def test_an_archive_is_read_as_it_was_written(tmp_path: Path, key: str) -> None:
    path = written(tmp_path / "a", key)
    assert path.stat().st_mode & 0o777 == 0o600
    assert verify(path, key, quietly).migrations == ["core.0001_initial"]
    assert b"".join(database_stream(path, key)) == SECRET * 2
    names = [name for name, _ in members(path, key)]
    assert names[0] == "database.sqlite3.gz/000001" and names[-1] == "manifest.json" and len(names) == 3
    assert (b"picture" in path.read_bytes()) == (not key)


def test_a_long_dump_is_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PART", 1000)
    noise = os.urandom(10_000)
    with writing(tmp_path / "a", "", quietly) as target:
        target.add_stream("database.sql", iter([noise]))
        target.finish(manifest())
    assert len([name for name, _ in members(tmp_path / "a", "")]) > 10
    assert b"".join(database_stream(tmp_path / "a", "")) == noise


@pytest.mark.parametrize("key", ["", KEY])
def test_damage_anywhere_is_noticed(tmp_path: Path, key: str) -> None:
    whole = written(tmp_path / "a", key).read_bytes()
    end = len(whole) - 1 if key else whole.find(b"manifest.json") + 600  # then comes what fills up the last block
    for number, data in enumerate([whole[:600], whole[: end // 2], whole[:end], b"", b"no archive" * 99]):
        (tmp_path / f"cut{number}").write_bytes(data)
        with pytest.raises(BackupError):
            verify(tmp_path / f"cut{number}", key, quietly)
    places = [40, 520, whole.find(b"picture")] if not key else range(40, 2000, 300)
    for place in places:  # a name, the dump, the picture; what fills up a block is not looked at
        (tmp_path / "changed").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BackupError):
            verify(tmp_path / "changed", key, quietly)


def test_one_that_was_never_finished_is_not_whole(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), writing(tmp_path / "a", "", quietly) as target:
        target.add("media/x", io.BytesIO(b"x"), 1)
        raise KeyboardInterrupt
    with pytest.raises(BackupError, match="not whole"):
        verify(tmp_path / "a", "", quietly)


def test_one_that_is_encrypted_asks_for_its_key(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="set BACKUP_KEY"):
        verify(written(tmp_path / "a", KEY), "", quietly)
    with pytest.raises(BackupError, match="cannot be read"):
        verify(tmp_path / "none", "", quietly)


@pytest.mark.parametrize("name", ["/etc/passwd", "media/../../x", "../x"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "a", "w") as tar:
        tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    with pytest.raises(BackupError):
        list(members(tmp_path / "a", ""))


# --- The folder of backups ---------------------------------------------------------------------------


@pytest.fixture
def small_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A backup of nothing much. Gives the folder for backups."""

    def write(target: Any, now: Any) -> None:
        target.add_stream("database.sqlite3", iter([SECRET]))
        target.finish(manifest())

    monkeypatch.setattr(make, "_write", write)
    return tmp_path / "backups"


def test_the_oldest_go_and_what_is_not_ours_stays(small_site: Path, settings: Any) -> None:
    settings.BACKUP_KEY = ""
    small_site.mkdir()
    for name in ("backup-20240101T000000Z.tar", "backup-20250101T000000Z.tar.sealed", "notes.txt", "backup-notes"):
        (small_site / name).touch()
    (small_site / ".backup-20230101T000000Z.tar.part").touch()  # of one that was killed
    path, deleted = make.make_backup(small_site, 2, quietly)
    assert [old.name for old in deleted] == ["backup-20240101T000000Z.tar"]
    assert make.backups_in(small_site) == [path, small_site / "backup-20250101T000000Z.tar.sealed"]
    assert {other.name for other in small_site.iterdir()} >= {"notes.txt", "backup-notes"}
    assert not list(small_site.glob("*.part"))


def test_what_fails_leaves_nothing_and_deletes_nothing(
    small_site: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_KEY = KEY
    small_site.mkdir()
    (small_site / "backup-20240101T000000Z.tar").touch()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(make, "_write", full)
    with pytest.raises(BackupError, match="No space left"):
        make.make_backup(small_site, 1, quietly)
    assert [path.name for path in small_site.glob("*backup-*")] == ["backup-20240101T000000Z.tar"]


def test_two_do_not_write_at_once(small_site: Path, settings: Any) -> None:
    with make._alone_in(small_site), pytest.raises(BackupError, match="Another backup"):
        make.make_backup(small_site, 1, quietly)


def test_a_signal_ends_a_command_in_order() -> None:
    with pytest.raises(KeyboardInterrupt), ended_by_signals():
        signal.raise_signal(signal.SIGTERM)


# --- SQLite ------------------------------------------------------------------------------------------


def test_a_copy_is_of_one_moment_while_others_write(tmp_path: Path) -> None:
    """Each transaction writes to both tables: a copy in which they differ was made of two moments."""
    path = tmp_path / "live.sqlite3"
    over = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            while not over.is_set():
                with connection:
                    connection.execute("INSERT INTO first VALUES (hex(randomblob(1000)))")
                    connection.execute("INSERT INTO last VALUES (hex(randomblob(1000)))")

    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        for table in ("first", "filling", "last"):
            connection.execute(f"CREATE TABLE {table} (words)")
        connection.executemany("INSERT INTO filling VALUES (?)", [("x" * 4000,)] * 8000)
        connection.commit()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        dump = b"".join(SQLite({"NAME": path}).dump(["CREATE TABLE marked (x)"]))
    finally:
        over.set()
        writer.join()
    SQLite({"NAME": tmp_path / "copy.sqlite3"}).replace(iter([dump]))
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy, closing(sqlite3.connect(path)) as live:
        first, last = (copy.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("first", "last"))  # noqa: S608
        assert first == last <= live.execute("SELECT count(*) FROM first").fetchone()[0]
        assert copy.execute("SELECT count(*) FROM marked").fetchone() == (0,)
        assert not live.execute("SELECT 1 FROM sqlite_master WHERE name = 'marked'").fetchall()
    assert {entry.name.split("-")[0] for entry in tmp_path.iterdir()} == {"live.sqlite3", "copy.sqlite3"}


def test_a_damaged_copy_replaces_nothing_and_a_broken_database_is_set_aside(tmp_path: Path) -> None:
    good, live = tmp_path / "good.sqlite3", tmp_path / "live.sqlite3"
    for path in (good, live):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE words (word)")
            connection.execute("INSERT INTO words VALUES (?)", [path.name])
            connection.commit()
    data = good.read_bytes()
    for damaged in (data[:5000], b"nonsense" * 1000, data[:4096] + b"\xff" * (len(data) - 4096)):
        with pytest.raises(BackupError):
            SQLite({"NAME": live}).replace(iter([damaged]))
    with closing(sqlite3.connect(live)) as connection:
        assert connection.execute("SELECT word FROM words").fetchall() == [("live.sqlite3",)]

    live.write_bytes(b"overwritten by something" * 1000)
    SQLite({"NAME": live}).replace(iter([data]))
    with closing(sqlite3.connect(live)) as connection:
        assert connection.execute("SELECT word FROM words").fetchall() == [("good.sqlite3",)]
    assert (tmp_path / "live.sqlite3.broken").read_bytes().startswith(b"overwritten")


def test_a_database_that_somebody_writes_to_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.backup.sqlite.LOCK_SECONDS", 0.1)
    path = tmp_path / "live.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE words (word)")
        copy = path.read_bytes()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO words VALUES ('being written')")
        with pytest.raises(BackupError, match="Stop web and worker"):
            SQLite({"NAME": path}).replace(iter([copy]))
        connection.execute("COMMIT")
        assert connection.execute("SELECT word FROM words").fetchall() == [("being written",)]
