"""Health checks for load balancers and monitors.

Live: this process answers. Ready: it can serve people, because the database is there and its tables are
those that the code expects. A missing worker is a warning: pages and sign-ups go on without one, and
taking the web process out of service would help nobody.
"""

import logging
from functools import cache

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from core import leases
from core.worker.presence import PREFIX

logger = logging.getLogger(__name__)


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process answers at all. Asks no database."""
    return _answer({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when people can be served, otherwise 503, with a word on each part."""
    try:
        missing = unapplied_migrations()
        worker = not missing and leases.is_held(PREFIX)
    except DatabaseError as error:
        logger.warning("not ready: no database", extra={"error": type(error).__name__})
        return _answer({"status": "not ready", "database": "unreachable"}, status=503)
    report = {
        "status": "not ready" if missing else "ok",
        "database": "ok",
        "migrations": f"{len(missing)} unapplied" if missing else "ok",
        "worker": "ok" if worker else "not heard of: scheduled pages and sign-ups wait",
    }
    return _answer(report, status=503 if missing else 200)


def unapplied_migrations() -> frozenset[tuple[str, str]]:
    """Give the migrations, as (app, name), that the code has and the database has not.

    Raises:
        DatabaseError: when the database does not answer.
    """
    return _migrations_of_the_code() - MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations().keys()


@cache
def _migrations_of_the_code() -> frozenset[tuple[str, str]]:
    """Read the names of all migrations from disk, once for each process."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _answer(report: dict[str, str], status: int = 200) -> JsonResponse:
    response = JsonResponse(report, status=status)
    response["Cache-Control"] = "no-store"
    return response
