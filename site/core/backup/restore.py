"""Bringing a backup back. Nothing is touched before the archive was read in full and found whole."""

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
from core.backup.make import database, fingerprint
from core.backup.media import media
from core.page_cache.generation import advance
from core.worker.presence import living_workers

# The tree of an empty site: Wagtail's root and the page that greets whoever installed it.
DEPTH_OF_NOTHING = 2


def restore(path: Path, *, replace: bool, progress: Progress) -> tuple[Manifest, list[str]]:
    """Put what an archive holds in the place of the database and the uploaded files.

    The database changes in one transaction and a folder of files by renaming, one right after the other. When anything
    fails before, the site is as it was; killed between the two, running it again mends it. A store of files has no
    renaming: files are written into it before the database changes, and those that are not in the archive go after.

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
    try:
        with media().bringing(_files_in(path), progress) as files:
            connections.close_all()
            database().replace(database_stream(path, settings.BACKUP_KEY))
            files.put_in_place()
    except OSError as error:
        raise BackupError(f"It cannot be unpacked: {error.strerror or error}. Mend that, then run it again.") from error
    connections.close_all()
    call_command("migrate", interactive=False, verbosity=0)
    advance()
    return manifest, list(_advice(manifest))


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
    if not replace and not (empty and _has_no_files()):
        raise BackupError(
            "There is a site here already. To lose it and have the backup, stop web and worker and say --replace."
        )
    if working:
        raise BackupError("A worker is running, or was a moment ago. Stop web and worker, then try again.")


def _has_no_files() -> bool:
    """Whether nothing was uploaded yet.

    Raises:
        BackupError: the place where files are kept cannot be read.
    """
    try:
        return media().is_empty()
    except OSError as error:
        raise BackupError(f"Uploaded files cannot be looked at: {error.strerror or error}.") from error


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


def _files_in(path: Path) -> Iterator[tuple[str, Any]]:
    """Give the uploaded files in an archive."""
    for name, content in members(path, settings.BACKUP_KEY):
        if name.startswith(MEDIA):
            yield name.removeprefix(MEDIA), content


def _advice(manifest: Manifest) -> Iterator[str]:
    """What somebody should know now that the backup is back."""
    yield from manifest.told
    if manifest.secret_key != fingerprint():
        yield (
            "SECRET_KEY is not the one of the site that was backed up: people who asked to be erased are not"
            " recognised any more, links sent by email and the webhook's signatures do not hold, and codes of people's"
            " apps are wrong (recovery codes work). Set the former one if you have it."
        )
