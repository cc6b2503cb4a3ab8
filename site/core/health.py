"""Health checks for load balancers and monitors, and numbers for those who draw them.

Live: this process answers. Ready: it can serve people, because the database is there and its tables are
those that the code expects. A missing worker, a clock that stands still or a Mailchimp that is away are
warnings: pages and sign-ups go on without them, and taking the web process out of service would help nobody.
"""

import logging
from functools import cache

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from core import leases
from core.monitoring import as_text, of_apps
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
        states = {} if missing else worker_state() | {k: v for state in of_apps("STATES") for k, v in state().items()}
    except DatabaseError as error:
        logger.warning("not ready: no database", extra={"error": type(error).__name__})
        return _answer({"status": "not ready", "database": "unreachable"}, status=503)
    report = {
        "status": "not ready" if missing else "ok",
        "database": "ok",
        "migrations": f"{len(missing)} unapplied" if missing else "ok",
    }
    return _answer(report | states, status=503 if missing else 200)


def worker_state() -> dict[str, str]:
    """Whether a worker has been heard of lately."""
    return {"worker": "ok" if leases.is_held(PREFIX) else "not heard of: scheduled pages and sign-ups wait"}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give numbers as Prometheus reads them, to whoever knows METRICS_TOKEN (`Authorization: Bearer`).

    Raises:
        Http404: to everybody else. A visitor's address would be no proof: behind a proxy on the same machine all come
            from there.
    """
    asked = request.headers.get("Authorization", "").encode()
    token = settings.METRICS_TOKEN
    if not token or not constant_time_compare(asked, f"Bearer {token}".encode()):
        raise Http404
    text = as_text(metric for numbers in of_apps("METRICS") for metric in numbers())
    response = HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


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
