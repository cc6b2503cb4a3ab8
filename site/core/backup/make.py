"""Making a backup: write, read back, rename, and delete the oldest."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import salted_hmac

from core.backup.archive import MEDIA, ArchiveWriter, Manifest, Progress, verify, writing
from core.backup.errors import BackupError
from core.backup.media import media
from core.backup.postgresql import PostgreSQL
from core.backup.sqlite import SQLite

ENDINGS = (".tar", ".tar.sealed")


def database() -> SQLite | PostgreSQL:
    """The site's database, as something to copy."""
    kind = SQLite if connection.vendor == "sqlite" else PostgreSQL
    return kind(connection.settings_dict)


def fingerprint() -> str:
    """What tells whether two sites have the same SECRET_KEY, and nothing else of it."""
    digest = salted_hmac("core.backup", "fingerprint", algorithm="sha256")  # ty: ignore[unknown-argument]
    return digest.hexdigest()[:16]


def make_backup(folder: Path, keep: int, progress: Progress) -> tuple[Path, list[Path]]:
    """Make a backup in a folder, encrypted when BACKUP_KEY is set.

    What was committed before is in it. It has its name only when it is whole and was read back.

    Args:
        keep: how many stay in the folder, this one included; 0 deletes none.

    Returns:
        The new one, and those that were deleted.

    Raises:
        BackupError: it cannot be made; the folder is as it was.
    """
    with _alone_in(folder):
        now = datetime.now(UTC)
        path = folder / f"backup-{now:%Y%m%dT%H%M%SZ}{ENDINGS[bool(settings.BACKUP_KEY)]}"
        draft = folder / f".{path.name}.part"
        try:
            with writing(draft, settings.BACKUP_KEY, progress) as archive:
                _write(archive, now)
            verify(draft, settings.BACKUP_KEY, progress)
            draft.rename(path)
            _to_disk(folder)
        except OSError as error:
            raise BackupError(
                f"It cannot be written: {error.strerror or error} ({error.filename or folder})."
            ) from error
        finally:
            draft.unlink(missing_ok=True)
        return path, _rotate(folder, keep)


def backups_in(folder: Path) -> list[Path]:
    """The backups in a folder, the newest first."""
    return sorted((path for path in folder.glob("backup-*") if path.name.endswith(ENDINGS)), reverse=True)


def _write(archive: ArchiveWriter, now: datetime) -> None:
    """Write everything. The database goes first: the files that its rows name are there by then."""
    source = database()
    statements, told = rules_for(now)
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        engine=source.name,
        migrations=sorted(
            ".".join(key) for key in MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()
        ),
        secret_key=fingerprint(),
        told=told,
    )
    with contextlib.closing(source.dump(statements)) as chunks:
        archive.add_stream(source.member, chunks)
    for name, file, size, changed_at in media().files():
        archive.add(MEDIA + name, file, size, changed_at)
    archive.finish(manifest)


def rules_for(now: datetime) -> tuple[list[str], list[str]]:
    """What is to be done in a copy made now, as SQL, and what is to be told when it is brought back."""
    moment = f"'{now:%Y-%m-%d %H:%M:%S}+00'"
    statements, told = [], []
    for rule in (rule for config in apps.get_app_configs() for rule in getattr(config, "copy_rules", ())):
        wanted = [statement.format(moment=moment) for statement in rule.sql]
        fits = all(map(_fits, wanted))
        statements += wanted if fits else []
        told.append(rule.told if fits else rule.otherwise)
    return statements, told


def _fits(statement: str) -> bool:
    """Whether the database has the tables and columns that a statement names. It is not run, and locks nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement}")
    except DatabaseError:
        return False
    return True


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[Any]:
    """Make a folder for backups, and be the only one that backs this site up or writes there.

    Raises:
        BackupError: it cannot be written, or another backup is being made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.ExitStack() as locks:
            for place in (settings.DATA_DIR, folder):  # of this site, and to this folder
                lock = locks.enter_context((place / ".backup.lock").open("a"))
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in folder.glob(".backup-*.part"):  # by one that was killed
                left.unlink()
            yield
    except BlockingIOError as error:
        raise BackupError("Another backup is being made at this moment.") from error
    except OSError as error:
        raise BackupError(f"Nothing can be written to {folder}: {error.strerror}.") from error


def _rotate(folder: Path, keep: int) -> list[Path]:
    old = backups_in(folder)[keep:] if keep else []
    for path in old:
        path.unlink()
    return old


def _to_disk(folder: Path) -> None:
    """Have the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
