"""The periodic jobs of the core that do more than call a command."""

import pytest
from django.db import connection

from core.jobs import count_rows


@pytest.mark.django_db
def test_sqlite_learns_how_its_tables_are_filled_and_postgresql_is_left_alone(tree):
    count_rows()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'wagtailcore_page'")
            assert cursor.fetchone()[0] > 1
