"""A pytest plugin: tests that use a database get the marker `uses_database`, for the round on another database.

pytest-django refuses all others every query, so they cannot tell one database from another.
Tests whose processes use one, of which pytest-django sees nothing, set the marker themselves.
"""

import pytest
from django.test import SimpleTestCase

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
DATABASE_MARKS = ("django_db", "needs_postgresql")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "uses_database: set on each test with a fixture or mark of a database")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set the marker, before `-m` chooses and after marks of other plugins."""
    for item in items:
        if _uses_database(item):
            item.add_marker("uses_database")


def _uses_database(item: pytest.Item) -> bool:
    """Whether pytest-django lets a test query the database: by its class, its fixtures or its marks."""
    test_class = getattr(item, "cls", None)
    if test_class and issubclass(test_class, SimpleTestCase):
        return bool(test_class.databases)
    fixtures = getattr(item, "fixturenames", ())
    return not DATABASE_FIXTURES.isdisjoint(fixtures) or any(map(item.get_closest_marker, DATABASE_MARKS))
