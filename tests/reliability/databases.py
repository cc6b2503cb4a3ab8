"""Databases of their own for real processes, and a look into them by plain SQL."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

# A database on the PostgreSQL server that the tests use in this round; empty in the round with SQLite.
POSTGRES = os.environ.get("TEST_DATABASE_URL", "")
LONG_AGO = "2000-01-01 00:00:00"


@dataclass(frozen=True)
class Database:
    """A database of the site's processes: a SQLite file or a PostgreSQL database, by its URL."""

    url: str

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def connect(self) -> Any:
        """A connection in which each statement is a transaction until one is begun."""
        if self.is_sqlite:
            return sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
        return psycopg.connect(self.url, autocommit=True)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement with `?` for parameters and give its rows."""
        with contextlib.closing(self.connect()) as connection:
            cursor = connection.execute(sql if self.is_sqlite else sql.replace("?", "%s"), parameters)
            return cursor.fetchall() if cursor.description else []

    def value(self, sql: str, *parameters: Any) -> Any:
        """The first column of the first row; None when there is no row."""
        rows = self.rows(sql, *parameters)
        return rows[0][0] if rows else None

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody write a sign-up or what became of one, for the length of a `with` block."""
        with contextlib.closing(self.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
            if not self.is_sqlite:
                connection.execute("LOCK TABLE newsletter_subscriber, newsletter_outboxentry IN EXCLUSIVE MODE")
            yield
            connection.execute("ROLLBACK")


def new_database(name: str, folder: Path, server: str = "") -> Database:
    """Make an empty database: on a PostgreSQL server, given by the URL of a database there, or a file in a folder."""
    if not server:
        return Database(f"sqlite:///{folder}/{name}.sqlite3")
    Database(server).rows(f'CREATE DATABASE "{name}"')
    return Database(server.rsplit("/", 1)[0] + f"/{name}")


def copied(template: Database, name: str, folder: Path) -> Database:
    """Make a database with what another one holds. Nobody may be connected to that one."""
    if template.is_sqlite:
        copy = new_database(name, folder)
        with contextlib.closing(template.connect()) as source, contextlib.closing(copy.connect()) as target:
            source.backup(target)
        return copy
    server, _, source_name = template.url.rpartition("/")
    Database(f"{server}/postgres").rows(f'CREATE DATABASE "{name}" TEMPLATE "{source_name}"')
    return Database(f"{server}/{name}")


def removed(database: Database) -> None:
    """Drop a PostgreSQL database; SQLite's go with their folder."""
    if not database.is_sqlite:
        server, _, name = database.url.rpartition("/")
        Database(f"{server}/postgres").rows(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
