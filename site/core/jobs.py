"""The periodic jobs that every Wagtail site needs."""

from datetime import timedelta

from django.core.management import call_command
from django.db import connection

from core.schedule import publish_scheduled
from core.search import asked
from core.worker.jobs import Job
from core.worker.presence import forget_the_dead
from core.worker.tasks import BACKEND, recover_tasks


def recover() -> None:
    """Take up what workers left that were killed."""
    recover_tasks()
    forget_the_dead()


def prune_task_results() -> None:
    """Delete the records of tasks: a day after success, two weeks after a failure."""
    call_command(
        "prune_db_task_results",
        *("--backend", BACKEND, "--queue-name", "*", "--min-age-days", "1", "--failed-min-age-days", "14"),
        verbosity=0,
    )


def clear_sessions() -> None:
    """Delete the sessions of editors that have expired."""
    call_command("clearsessions")


def count_rows() -> None:
    """Have SQLite look how its tables are filled: without, it takes the wrong index in large ones.

    PostgreSQL does so by itself. The limit keeps it to a moment, whatever the size: see "approximate ANALYZE" at
    https://www.sqlite.org/lang_analyze.html.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


JOBS = [
    Job("core/publish-scheduled", timedelta(minutes=1), publish_scheduled),
    Job("core/recover", timedelta(seconds=10), recover),
    Job("core/prune-task-results", timedelta(days=1), prune_task_results),
    Job("core/clear-sessions", timedelta(days=1), clear_sessions),
    Job("core/forget-searches", timedelta(days=1), asked.forget),
    Job("core/count-rows", timedelta(days=1), count_rows),
]
