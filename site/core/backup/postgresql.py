"""Copying a PostgreSQL database and putting a copy in its place, by its own pg_dump and psql."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from core.backup.errors import BackupError

BLOCK = 1024 * 1024
# Nobody but us knows the roles of the server it is restored on.
DUMP = ("--no-owner", "--no-privileges", "--no-comments", "--encoding=UTF8", "--no-password")
# Quiet, no personal psqlrc, and the first error ends it.
RESTORE = ("--no-psqlrc", "--quiet", "--no-password", "-v", "ON_ERROR_STOP=1", "-o", os.devnull)


class PostgreSQL:
    """The database on a server."""

    name = "postgresql"
    member = "database.sql"

    def __init__(self, settings: dict[str, Any]) -> None:
        """Take Django's settings of the database."""
        self.settings = settings

    def dump(self, statements: Iterable[str]) -> Generator[bytes]:
        """Give the database as SQL, as it was when this began, and statements to be run after it.

        Raises:
            BackupError: pg_dump is missing or failed.
        """
        with self._running("pg_dump", DUMP, stdout=subprocess.PIPE) as process:
            while block := process.stdout.read(BLOCK):
                yield block
        schema = connection.ops.quote_name(_schema())
        yield "".join([f"\nSET search_path TO {schema};\n", *(f"{statement};\n" for statement in statements)]).encode()

    def replace(self, chunks: Iterable[bytes]) -> None:
        """Put a copy in the database's place, all of it or nothing.

        The transaction is ended by its last line. So when this process is killed, and psql sees the end of what it is
        given, nothing has happened.

        Raises:
            BackupError: psql is missing or failed; nothing was changed.
        """
        emptied = _emptied()
        with self._running("psql", RESTORE, stdin=subprocess.PIPE) as process:
            try:
                process.stdin.write(f"BEGIN;\n{emptied}".encode())
                for chunk in chunks:
                    process.stdin.write(chunk)
                process.stdin.write(b"\nCOMMIT;\n")
                process.stdin.close()
            except BrokenPipeError:
                pass  # it has ended, and says why
            except BaseException:
                process.kill()  # without the end of the transaction
                raise

    @contextmanager
    def _running(self, program: str, arguments: tuple[str, ...], **pipes: int) -> Iterator[Any]:
        """Run a program of PostgreSQL's against the database; its password is in no command line."""
        if shutil.which(program) is None:
            raise BackupError(f"There is no {program} here (Debian, Ubuntu: apt-get install postgresql-client).")
        client: Any = DatabaseClient  # which the type checker's Django does not know in full
        command, environment = client.settings_to_cmd_args_env(self.settings, list(arguments))
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(
                [program, *command[1:]], env=os.environ | (environment or {}), stderr=complaints, **pipes
            )
            try:
                yield process
            finally:
                if process.stdout:
                    process.stdout.close()  # one that writes on then ends
                code = process.wait()
            if code:
                complaints.seek(0)
                raise BackupError(f"{program} failed: {_first_error(complaints.read().decode(errors='replace'))}")


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_schema(), 'public')")
        [(schema,)] = cursor.fetchall()
    return schema


def _emptied() -> str:
    """SQL that empties the schema of the site. An empty one is left alone: so every role may restore into it."""
    schema = _schema()
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(%s))", [schema])
        [(has_tables,)] = cursor.fetchall()
    if not has_tables:
        return ""
    name = connection.ops.quote_name(schema)
    again = f"CREATE SCHEMA {name};\n" if schema == "public" else ""  # pg_dump makes any other
    return f"SET lock_timeout = '10s';\nDROP SCHEMA {name} CASCADE;\n{again}"


def _first_error(complaints: str) -> str:
    """The first line that tells what is wrong. Never those that follow: they may quote a row."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    told = next((line for line in lines if "ERROR" in line or "error:" in line), "")
    if "lock timeout" in told:
        return "somebody is using the database. Stop web and worker, and try again."
    return told or "it said nothing"
