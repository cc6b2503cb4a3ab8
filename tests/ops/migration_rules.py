"""What a migration may not do while the release before it still serves people.

The release step migrates first and starts the new code afterwards. Until then the old code reads and writes the tables
as it knows them; and on PostgreSQL some changes lock a table for as long as they take, which on a million rows is long.
https://www.postgresql.org/docs/current/sql-altertable.html, "Notes"
"""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.migrations import Migration, operations
from django.db.models.fields import NOT_PROVIDED

# Migrations up to this number, in each app, are of the first release, which finds an empty database.
FIRST_RELEASE = 12
IN_TWO_STEPS = "the old code still asks for it: stop using it in one release, and do this in the next"
REMOVES = (
    operations.RemoveField,
    operations.RenameField,
    operations.DeleteModel,
    operations.RenameModel,
    operations.AlterModelTable,
)
LOCKS = {
    operations.AddIndex: "locks out writers while it is made: use AddIndexConcurrently, in a migration of its own",
    operations.AddConstraint: "locks the table while each row is checked: add it NOT VALID and validate it afterwards",
    operations.AlterField: "may write the whole table anew under a lock: add a new field and fill it in steps",
}


def is_later(key: tuple[str, str]) -> bool:
    """Whether a migration, named by app and name, meets a database that people use."""
    return int(key[1][:4]) > FIRST_RELEASE


def problems(migration: Migration) -> Iterator[str]:
    """What is wrong with a migration, in sentences. Tables that it makes itself may be changed as it likes."""
    new: set[str] = set()
    for operation in migration.operations:
        if isinstance(operation, operations.CreateModel):
            new.add(operation.name_lower)
        elif _model(operation) not in new:
            yield from (f"{operation.describe()}: {why}" for why in _reasons(operation))


def _model(operation: Any) -> str:
    return getattr(operation, "model_name_lower", getattr(operation, "name_lower", ""))


def _reasons(operation: Any) -> Iterator[str]:
    if isinstance(operation, REMOVES):
        yield IN_TWO_STEPS
    if isinstance(operation, operations.AddField):
        yield from _of_new_field(operation.field)
    if type(operation) in LOCKS and not _keeps_its_column(operation):
        yield LOCKS[type(operation)]


def _of_new_field(field: "models.Field[Any, Any]") -> Iterator[str]:
    """The old code leaves a new column out when it writes a row, and Django puts no default into the database."""
    if not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED):
        yield "rows of the old code have no value for it, so people's sign-ups would fail: give it db_default or null"
    if field.unique or field.db_index:
        yield "its index locks out writers while it is made: add the field first"


def _keeps_its_column(operation: Any) -> bool:
    """Whether a changed field is one of many rows, which has no column of its own."""
    return isinstance(operation, operations.AlterField) and bool(operation.field.many_to_many)
