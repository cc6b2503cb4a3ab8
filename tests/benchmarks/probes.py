"""Somebody who writes what a sign-up writes and somebody who reads what a page reads, while a database is worked on."""

import contextlib
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.million_subscribers import OWN
from tests.reliability.databases import Database

EVERY_SECONDS = 0.02
# What a page asks for: the tables that its own migrations and those of what it shows may lock.
READ = {
    "news_newsarticlepage": "page_ptr_id",
    "programmes_casestorypage": "page_ptr_id",
    "programmes_programmepage": "page_ptr_id",
    "changemaking_changemakingpage": "page_ptr_id",
    "wagtailcore_page": "id",
    "wagtailcore_revision": "id",
    "core_sitedocument": "id",
}


@dataclass
class Probe:
    """Somebody who does the same every 20 ms over a connection of their own, for the length of a `with` block.

    `longest` is in seconds; `failure` is what went wrong, if anything did.
    """

    database: Database
    statements: list[str]
    longest: float = 0.0
    done: int = 0
    failure: str = ""
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Probe":
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with contextlib.closing(self.database.connect()) as connection:
            while not self._over.wait(EVERY_SECONDS):
                began = time.perf_counter()
                try:
                    self._do(connection)
                except Exception as error:
                    self.failure = self.failure or f"{type(error).__name__}: {error}".splitlines()[0]
                    with contextlib.suppress(Exception):  # SQLite's, when there is nothing to roll back
                        connection.execute("ROLLBACK")
                self.longest = max(self.longest, time.perf_counter() - began)

    def _do(self, connection: Any) -> None:
        connection.execute("BEGIN IMMEDIATE" if self.database.is_sqlite else "BEGIN")
        for statement in self.statements:
            connection.execute(statement.replace("{number}", str(self.done))).fetchone()
        connection.execute("COMMIT")
        self.done += 1


class Reader(Probe):
    """The same in a transaction that writes nothing, which on SQLite waits for nobody."""

    def _do(self, connection: Any) -> None:
        for statement in self.statements:
            connection.execute(statement).fetchone()
        self.done += 1


def writer(database: Database) -> Probe:
    """Signs somebody up as the code of this moment does: by the columns that there are now."""
    statements = []
    for table in OWN:
        if names := columns(database, table) - {"id"}:
            person = f"'{time.time_ns()}-{{number}}@example.net'"
            newest = "(SELECT max(id) FROM newsletter_subscriber)"
            own = {"email_key": person} if table == "newsletter_subscriber" else {"subscriber_id": newest}
            listed = ", ".join(f'"{name}"' for name in sorted(names))
            values = ", ".join(own.get(name, f'"{name}"') for name in sorted(names))
            one = f"WHERE id = (SELECT min(id) FROM {table})"  # noqa: S608 (our own names, here and below)
            statements.append(f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} {one} RETURNING id")  # noqa: S608
    return Probe(database, statements)


def reader(database: Database) -> Reader:
    """Reads a row of each table that a page needs, by the columns that there are now."""
    statements = []
    for table, key in READ.items():
        listed = ", ".join(f'"{name}"' for name in sorted(columns(database, table)))
        statements.append(f'SELECT {listed} FROM {table} WHERE "{key}" = (SELECT max("{key}") FROM {table})')  # noqa: S608
    return Reader(database, statements)


def columns(database: Database, table: str) -> set[str]:
    """The names of a table's columns; none when there is no such table."""
    of_postgres = "SELECT column_name FROM information_schema.columns WHERE table_name = ?"
    found = database.rows("SELECT name FROM pragma_table_info(?)" if database.is_sqlite else of_postgres, table)
    return {name for (name,) in found}
