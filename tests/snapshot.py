"""Making something in the database once for each process, and putting its rows back in each test that wants it.

A small site takes half a second to make through Wagtail and some milliseconds to put back.
"""

import pickle
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

Row = tuple[Any, ...]
# What stands in a table: the names of its columns, in their order, and its rows.
Table = tuple[list[str], set[Row]]
# SQL, and the values for each time that it is run.
Statement = tuple[str, list[Row]]


class Snapshot:
    """The rows that a function adds, changes and deletes. Each test runs in a transaction, so each begins alike.

    What the function gives is kept too, as it is then: records that it gives should be as the database has them.
    """

    def __init__(self, build: Callable[[], Any]) -> None:
        before = all_tables()
        self._result = pickle.dumps(build())
        after = all_tables()
        gone = {table: rows - after[table][1] for table, (_, rows) in before.items()}
        new = {table: rows - before[table][1] for table, (_, rows) in after.items()}
        self._statements = [
            *(deletion(table, after[table][0], rows) for table, rows in gone.items() if rows),
            *(insertion(table, after[table][0], rows) for table, rows in new.items() if rows),
        ]

    @property
    def result(self) -> Any:
        """What the function gave, past what earlier tests did to it."""
        return pickle.loads(self._result)  # noqa: S301 - our own

    def restore(self) -> None:
        """Do to the database what the function did."""
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, rows in self._statements:
                cursor.executemany(statement, rows)


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


def all_tables() -> dict[str, Table]:
    """Every table, by name. Those behind SQLite's full-text search are left out: triggers fill them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if "_fts" not in table:
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
                found[table] = [column[0] for column in cursor.description], set(cursor.fetchall())
    return found


def deletion(table: str, columns: list[str], rows: set[Row]) -> Statement:
    """What deletes rows of a table, by the column that tells them apart."""
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table) or columns[0]
    position = columns.index(key)
    return f'DELETE FROM "{table}" WHERE "{key}" = %s', [(row[position],) for row in rows]  # noqa: S608 - our own names


def insertion(table: str, columns: list[str], rows: set[Row]) -> Statement:
    """What adds rows to a table."""
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})', sorted(rows, key=str)  # noqa: S608
