"""Steps of migrations."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex, RunSQL


class AddIndexBesideWriters(AddIndexConcurrently):
    """Make an index while others go on writing. Its migration is not to be atomic.

    SQLite has no such way and needs none: it makes an index of 100,000 rows in a fraction of a second.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        step = super() if schema_editor.connection.vendor == "postgresql" else AddIndex(self.model_name, self.index)
        step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        step = super() if schema_editor.connection.vendor == "postgresql" else AddIndex(self.model_name, self.index)
        step.database_backwards(app_label, schema_editor, from_state, to_state)


class AddIndexOnTable(RunSQL):
    """Make an index on a table of somebody else's app while others go on writing. Its migration is not to be atomic.

    The state of that app's models does not know of it, so that its own migrations never touch it.
    """

    def __init__(self, index: str, table: str, columns: str) -> None:
        """Name the index and say, in SQL, what it holds.

        Args:
            columns: as PostgreSQL knows them. SQLite, which has no NULLS LAST, orders descending columns so anyway.
        """
        self.index, self.table, self.columns = index, table, columns
        super().__init__(self._made("", columns.replace(" NULLS LAST", "")), self._dropped(""))

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(self._dropped("CONCURRENTLY "))  # what was left when it was broken off
            schema_editor.execute(self._made("CONCURRENTLY ", self.columns))
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(self._dropped("CONCURRENTLY "))
        else:
            super().database_backwards(app_label, schema_editor, from_state, to_state)

    def _made(self, how: str, columns: str) -> str:
        return f"CREATE INDEX {how}IF NOT EXISTS {self.index} ON {self.table} ({columns})"

    def _dropped(self, how: str) -> str:
        return f"DROP INDEX {how}IF EXISTS {self.index}"
