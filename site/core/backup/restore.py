"""Bringing a backup back. Nothing is touched before the archive was read in full and found whole."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Page

from core.backup.archive import MEDIA, Manifest, Progress, database_stream, members, verify
from core.backup.errors import BackupError
from core.backup.make import database, fingerprint, media_folder
from core.page_cache.generation import advance
from core.worker.presence import living_workers

BLOCK = 1024 * 1024
# The tree of an empty site: Wagtail's root and the page that greets whoever installed it.
DEPTH_OF_NOTHING = 2


def restore(path: Path, *, replace: bool, progress: Progress) -> tuple[Manifest, list[str]]:
    """Put what an archive holds in the place of the database and the uploaded files.

    The database changes in one transaction and the folder of files by renaming, one right after the other. When
    anything fails before, the site is as it was; killed between the two, running it again mends it.

    Args:
        replace: also when there is a site, which is lost.

    Returns:
        What the archive says of itself, and what the operator should know, in sentences.

    Raises:
        BackupError: it cannot be done; what was there is still there.
    """
    _check_that_nobody_works(replace=replace)
    manifest = verify(path, settings.BACKUP_KEY, progress)
    _check_that_it_fits(manifest)
    folder = media_folder() if manifest.has_media else None
    with _unpacked(path, folder, progress) as unpacked:
        connections.close_all()
        database().replace(database_stream(path, settings.BACKUP_KEY))
        if folder is not None:
            _put_in_place(unpacked, folder)
    connections.close_all()
    call_command("migrate", interactive=False, verbosity=0)
    advance()
    return manifest, list(_advice(manifest, has_folder=folder is not None))


def is_empty(alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether a database holds no site: no tables, or what migrations alone make."""
    if Page._meta.db_table not in connections[alias].introspection.table_names():
        return True
    users = get_user_model()._default_manager.using(alias)
    return not (users.exists() or Page.objects.using(alias).filter(depth__gt=DEPTH_OF_NOTHING).exists())


def _check_that_nobody_works(*, replace: bool) -> None:
    """Refuse to write over a site, and beneath a running worker.

    Raises:
        BackupError: there is one.
    """
    try:
        empty, working = is_empty(), False
        if not empty:
            working = bool(living_workers())
    except DatabaseError:  # broken, which may be why somebody is here
        empty, working = False, False
    folder = media_folder()
    has_files = folder is not None and folder.is_dir() and any(folder.iterdir())
    if not replace and (has_files or not empty):
        raise BackupError(
            "There is a site here already. To lose it and have the backup, stop web and worker and say --replace."
        )
    if working:
        raise BackupError("A worker is running, or was a moment ago. Stop web and worker, then try again.")


def _check_that_it_fits(manifest: Manifest) -> None:
    """Refuse an archive that this code, or this database, cannot take.

    Raises:
        BackupError: it is so.
    """
    if manifest.engine != database().name:
        raise BackupError(
            f"The backup is of a {manifest.engine} database and DATABASE_URL names another kind. Restore it to its own"
            " kind; manage.py move_database brings SQLite to PostgreSQL."
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupError(
            f"The backup is of a newer version of the site, which has migrations that are not here ({unknown[0]})."
            " Install that version, then try again."
        )


@contextlib.contextmanager
def _unpacked(path: Path, folder: Path | None, progress: Progress) -> Iterator[Path]:
    """Unpack the uploaded files into a new folder beside theirs; it goes away unless it was put in place."""
    target = _beside(folder or settings.DATA_DIR / "media", "restore")
    shutil.rmtree(target, ignore_errors=True)
    try:
        if folder is not None:
            target.mkdir(parents=True)
            for name, content in members(path, settings.BACKUP_KEY):
                if name.startswith(MEDIA):
                    _unpack(content, target / name.removeprefix(MEDIA), progress)
        yield target
    except OSError as error:
        raise BackupError(f"It cannot be unpacked: {error.strerror or error}. The site is as it was.") from error
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _unpack(content: Any, path: Path, progress: Progress) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        while block := content.read(BLOCK):
            progress(file.write(block))
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o644)


def _put_in_place(unpacked: Path, folder: Path) -> None:
    former = _beside(folder, "replaced")
    shutil.rmtree(former, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        folder.rename(former)
    unpacked.rename(folder)
    shutil.rmtree(former, ignore_errors=True)


def _beside(folder: Path, purpose: str) -> Path:
    return folder.with_name(f".{folder.name}.{purpose}")


def _advice(manifest: Manifest, *, has_folder: bool) -> Iterator[str]:
    """What somebody should know now that the backup is back."""
    yield from manifest.told
    if manifest.secret_key != fingerprint():
        yield (
            "SECRET_KEY is not the one of the site that was backed up: people who asked to be erased are not"
            " recognised any more, links sent by email and the webhook's signatures do not hold, and codes of people's"
            " apps are wrong (recovery codes work). Set the former one if you have it."
        )
    if not has_folder:
        yield "Uploaded files were not in the backup: bring them back from where they are kept."
