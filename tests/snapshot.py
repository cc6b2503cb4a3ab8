"""Making something in the database once for each process, and putting its rows back in each test that wants it.

A small site takes half a second to make through Wagtail and some milliseconds to put back.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

Rows = dict[str, set[tuple[Any, ...]]]


class Snapshot:
    """The rows that a function adds, changes and deletes. Each test runs in a transaction, so each begins alike."""

    def __init__(self, build: Callable[[], Any]) -> None:
        before = all_rows()
        self.result = build()
        after = all_rows()
        self.columns = {table: columns(table) for table in after}
        self.keys = {table: primary_key(table) for table in after}
        self.gone = {table: rows - after[table] for table, rows in before.items() if rows - after[table]}
        self.new = {table: rows - before[table] for table, rows in after.items() if rows - before[table]}

    def restore(self) -> None:
        """Do to the database what the function did."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.gone.items():
                key = self.keys[table]
                position = self.columns[table].index(key)
                cursor.executemany(f'DELETE FROM "{table}" WHERE "{key}" = %s', [[row[position]] for row in rows])  # noqa: S608 - our own names
            for table, rows in self.new.items():
                marks = ", ".join(["%s"] * len(self.columns[table]))
                names = quoted(self.columns[table])
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', sorted(rows, key=str))  # noqa: S608


# What was made in this process already, by the function that made it.
snapshots: dict[Callable[[], Any], Snapshot] = {}


def made_once(build: Callable[[], Any]) -> Any:
    """Give what a function makes in the database: by calling it the first time, by its rows afterwards.

    It must make the same each time, from the same: put what it builds upon in place first.
    """
    if build in snapshots:
        snapshots[build].restore()
    else:
        snapshots[build] = Snapshot(build)
    return snapshots[build].result


def as_it_is(record: Any) -> Any:
    """A record as it is in the database now, past what earlier tests did to the object."""
    return type(record)._default_manager.get(pk=record.pk)


def all_rows() -> Rows:
    """Every row of every table. The tables behind SQLite's full-text search are left out: triggers fill them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if "_fts" not in table:
                cursor.execute(f'SELECT {quoted(columns(table))} FROM "{table}"')  # noqa: S608
                found[table] = set(cursor.fetchall())
    return found


def quoted(names: list[str]) -> str:
    """Names of columns as SQL."""
    return ", ".join(f'"{name}"' for name in names)


def columns(table: str) -> list[str]:
    """The columns of a table, in their order."""
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def primary_key(table: str) -> str:
    """The column that tells the rows of a table apart."""
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_column(cursor, table) or columns(table)[0]
