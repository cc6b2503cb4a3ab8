"""Migrations of later releases leave the release before them running, and lock nobody out for long."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from core.checks import OWN_APPS
from tests.ops.migration_rules import is_later, problems


def test_our_own_keep_the_rules() -> None:
    ours = {key: found for key, found in MigrationLoader(None).disk_migrations.items() if key[0] in OWN_APPS}
    later = {key: found for key, found in ours.items() if is_later(key)}
    assert len(ours) > 15  # the search finds something
    found = [f"{key[0]}.{key[1]}: {problem}" for key, migration in later.items() for problem in problems(migration)]
    assert not found, "\n".join(found)


def made_of(*operations: object) -> list[str]:
    migration = migrations.Migration("0099_x", "newsletter")
    migration.operations = list(operations)
    return list(problems(migration))


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.AddField("subscriber", "x", models.TextField()), "db_default or null"),
        (migrations.AddField("subscriber", "x", models.TextField(default="x")), "db_default or null"),
        (migrations.AddField("subscriber", "x", models.TextField(null=True, db_index=True)), "its index locks"),
        (migrations.RemoveField("subscriber", "email"), "in the next"),
        (migrations.RenameField("subscriber", "email", "address"), "in the next"),
        (migrations.DeleteModel("Subscriber"), "in the next"),
        (migrations.RenameModel("Subscriber", "Person"), "in the next"),
        (migrations.AlterModelTable("Subscriber", "people"), "in the next"),
        (migrations.AlterField("subscriber", "email", models.TextField()), "under a lock"),
        (migrations.AddIndex("subscriber", models.Index(fields=["email"], name="x")), "Concurrently"),
        (
            migrations.AddConstraint("subscriber", models.UniqueConstraint(fields=["email"], name="x")),
            "NOT VALID",
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_what_harms_is_found(operation: object, why: str) -> None:
    [found] = made_of(operation)
    assert why in found


def test_what_does_no_harm_is_left_alone() -> None:
    key = models.BigAutoField(primary_key=True)
    index = models.Index(fields=["x"], name="x")
    assert not made_of(
        migrations.CreateModel("New", [("id", key), ("x", models.TextField())]),
        migrations.AddIndex("new", index),  # of a table that is empty
        migrations.AddField("new", "y", models.TextField(default="")),
        migrations.AddField("subscriber", "y", models.TextField(null=True)),
        migrations.AddField("subscriber", "z", models.TextField(db_default="")),
        migrations.AddField("subscriber", "pages", models.ManyToManyField("wagtailcore.Page")),
        migrations.RunPython(migrations.RunPython.noop),
        migrations.AlterModelOptions("subscriber", {}),
    )
