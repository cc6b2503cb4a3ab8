"""Moving the site from SQLite to PostgreSQL: every row of every table, in one transaction, counted and compared.

Rows are read as SQLite stores them and handed to PostgreSQL as text (COPY), which reads nearly all of them as they are.
Nothing of Django's stands between, so no signal fires and no row is changed on its way. Each table is then read back,
and both sides are compared by a checksum of what their values mean.
"""

import datetime
import hashlib
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

from core.backup.restore import is_empty
from core.health import unapplied_migrations
from core.worker.presence import living_workers

SOURCE, TARGET = DEFAULT_DB_ALIAS, "target"
# Rows fetched at once.
ROWS = 2000
# Wagtail's search index has other columns on each kind of database, and is made again from the pages.
MADE_AGAIN = ("wagtailsearch",)

Row = tuple[Any, ...]


class MoveError(Exception):
    """It cannot be done, or what arrived is not what was sent. The message quotes no row."""


@dataclass(frozen=True)
class Moved:
    """A table that has arrived whole.

    Attributes:
        checksum: of all rows on both sides, whatever their order.
    """

    name: str
    rows: int
    checksum: str


def move(url: str, config: dict[str, Any], tell: Callable[[Moved], None]) -> None:
    """Move everything to an empty database: all of it or nothing. When it fails or is stopped it can be run again.

    Nobody can write to the SQLite file meanwhile. It is only read and stays as it is.

    Args:
        url: of the PostgreSQL database.
        config: the same as Django's settings.
        tell: called after each table.

    Raises:
        MoveError: the databases are not as they must be, or a row does not fit.
    """
    _check_source()
    connections.databases[TARGET] = connections.configure_settings({SOURCE: {}, TARGET: config})[TARGET]
    try:
        if not is_empty(TARGET):
            raise MoveError("There is a site in that database already. Nothing was moved.")
        _manage(url, "migrate", "--no-input")
        with transaction.atomic(using=SOURCE), transaction.atomic(using=TARGET):  # the first takes the write lock
            _move_all(tell)
        _manage(url, "update_index")
    except DatabaseError as error:
        raise MoveError(f"{str(error).splitlines()[0]}. Nothing was moved.") from error
    finally:
        connections[TARGET].close()


def _check_source() -> None:
    if connections[SOURCE].vendor != "sqlite":
        raise MoveError("DATABASE_URL names no SQLite database: there is nothing to move.")
    if unapplied_migrations():
        raise MoveError("The SQLite database is of an older version of the site: run `manage.py migrate` first.")
    if living_workers():
        raise MoveError("A worker is running, or was a moment ago. Stop web and worker, then try again.")


def _manage(url: str, *command: str) -> None:
    """Run a command on the new database, in a process that knows no other: migrations write to the default one.

    Raises:
        MoveError: it failed.
    """
    result = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *command, "--verbosity", "0"],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        last = (result.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise MoveError(f"`{command[0]}` failed on the new database: {last}")


def _move_all(tell: Callable[[Moved], None]) -> None:
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in MADE_AGAIN
    ]
    quote = connections[TARGET].ops.quote_name
    with connections[TARGET].cursor() as cursor:
        # What the migrations have made is in the rows that come, with their own keys.
        cursor.execute(f"TRUNCATE {', '.join(quote(model._meta.db_table) for model in models)} CASCADE")
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")  # as which SQLite's moments are meant
        for model in models:
            tell(_move_table(model, cursor))
        for statement in connections[TARGET].ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _move_table(model: Any, cursor: Any) -> Moved:
    """Move the rows of a model and compare them.

    Raises:
        MoveError: a row does not fit, or what arrived differs.
    """
    table, fields = model._meta.db_table, model._meta.local_concrete_fields
    names = ", ".join(connections[TARGET].ops.quote_name(field.column) for field in fields)
    select = f'SELECT {names} FROM "{table}"'  # noqa: S608 - Django's own names
    sent, arrived = _Sum(fields), _Sum(fields)
    try:
        with (
            connections[SOURCE].cursor() as source,
            _errors_of(connections[TARGET]),  # which Django does not wrap for COPY
            cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
        ):
            source.execute(select)
            for row in sent.of(_rows(source)):
                copy.write_row(row)
        cursor.execute(select)
        for _ in arrived.of(_rows(cursor)):
            pass
    except (DatabaseError, ValueError) as error:
        reason = str(error).splitlines()[0] if isinstance(error, DatabaseError) else type(error).__name__
        raise MoveError(f"A row of {table} does not fit into PostgreSQL: {reason}. Nothing was moved.") from error
    if sent != arrived:
        raise MoveError(f"What arrived in {table} is not what was sent. Nothing was moved.")
    return Moved(table, sent.rows, sent.hexdigest)


def _errors_of(connection: Any) -> Any:
    """Turn the driver's errors into Django's, within a `with` block."""
    return connection.wrap_database_errors


def _rows(cursor: Any) -> Iterator[Row]:
    while rows := cursor.fetchmany(ROWS):
        yield from rows


class _Sum:
    """Counts rows and adds up their checksums, so that their order does not matter."""

    def __init__(self, fields: Iterable[Any]) -> None:
        self._readings = [_READINGS.get(_kind(field), str) for field in fields]
        self.rows = self._sum = 0

    def of(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Give rows on, counted."""
        for row in rows:
            meant = [None if value is None else read(value) for read, value in zip(self._readings, row, strict=True)]
            digest = hashlib.sha256(json.dumps(meant).encode()).digest()
            self._sum = (self._sum + int.from_bytes(digest)) % 2**256
            self.rows += 1
            yield row

    @property
    def hexdigest(self) -> str:
        return f"{self._sum:064x}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Sum) and (self.rows, self._sum) == (other.rows, other._sum)

    __hash__ = None


def _kind(field: Any) -> str:
    """What a column holds: of a foreign key, what the key it points to holds."""
    while field.is_relation:
        [field] = field.foreign_related_fields
    return field.get_internal_type()


def _moment(value: Any) -> str:
    moment = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC).isoformat()


def _json(value: Any) -> str:
    return json.dumps(json.loads(value) if isinstance(value, str) else value, sort_keys=True)


# How a value of one side is written so that it equals the other's; by the kind of column. All others: as text.
_READINGS: dict[str, Callable[[Any], Any]] = {
    "BooleanField": bool,
    "DateTimeField": _moment,
    "FloatField": float,
    "JSONField": _json,
    "UUIDField": lambda value: uuid.UUID(str(value)).hex,
}
