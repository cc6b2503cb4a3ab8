"""Steps of migrations."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


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
