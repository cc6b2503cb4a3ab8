"""What apps tell those who watch the site: states for `/health/ready/`, numbers for `/health/metrics/`.

An app lists its own in a module `monitoring`: `STATES`, functions that give a word for each part, and `METRICS`,
functions that give numbers. They ask the database and nobody else.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.module_loading import module_has_submodule
from django_tasks_db.models import DBTaskResult

from core.models.lease import Lease
from core.worker.jobs import JOB_PREFIX
from core.worker.presence import living_workers

# A clock looks at each job at least every ten seconds. One that is late by more is looked at by none.
LATE = timedelta(minutes=5)

Values = dict[tuple[tuple[str, str], ...], float]


@dataclass(frozen=True)
class Metric:
    """A number as Prometheus reads it: https://prometheus.io/docs/practices/naming/

    Attributes:
        name: with its unit, without the site's prefix. One that ends in `_total` only grows.
        help: what it is, in a sentence.
        values: by labels, `{label: value}` as a tuple of pairs.
    """

    name: str
    help: str
    values: Values = field(default_factory=dict)


def single(name: str, text: str, value: float) -> Metric:
    """A number without labels."""
    return Metric(name, text, {(): value})


def labelled(name: str, text: str, label: str, values: dict[str, float]) -> Metric:
    """Numbers that one label tells apart."""
    return Metric(name, text, {((label, key),): value for key, value in values.items()})


def of_apps(kind: str) -> Iterator[Callable[[], Any]]:
    """What all apps list as STATES or METRICS."""
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "monitoring"):
            yield from getattr(import_module(f"{config.name}.monitoring"), kind, ())


def late_jobs() -> dict[str, float]:
    """Periodic jobs whose time has come and gone, with the seconds since."""
    now = timezone.now()
    late = Lease.objects.filter(name__startswith=JOB_PREFIX, expires_at__lt=now - LATE)
    return {lease.name.removeprefix(JOB_PREFIX): (now - lease.expires_at).total_seconds() for lease in late}


def clock_state() -> dict[str, str]:
    """Whether the worker's clock ticks: whether each job is begun when it is due."""
    late = late_jobs()
    if not late:
        return {"clock": "ok"}
    worst = max(late, key=lambda name: late[name])
    return {"clock": f"{len(late)} jobs are late, {worst} by {late[worst] / 60:.0f} minutes"}


def work() -> Iterator[Metric]:
    """The worker: whether it is there, and what it is late with."""
    yield single("workers", "Worker processes that are alive.", len(living_workers()))
    yield labelled("job_late_seconds", "Since when a periodic job has been due.", "job", late_jobs())
    yield single("tasks_waiting", "Tasks that wait for the worker.", DBTaskResult.objects.ready().count())


def page_cache() -> Iterator[Metric]:
    """The page cache of the web process that answers: each has its own, and the next answer may be another's."""
    cache: Any = getattr(sys.modules.get("config.wsgi"), "application", None)
    if counts := getattr(cache, "counts", None):
        process = ("process", str(os.getpid()))
        values: Values = {(("result", name), process): float(value) for name, value in counts.items()}
        yield Metric("page_cache_requests_total", "Requests by what the page cache did.", values)
        yield Metric("page_cache_bytes", "Memory that kept pages take.", {(process,): float(cache.memory)})


STATES: list[Callable[[], dict[str, str]]] = [clock_state]
METRICS: list[Callable[[], Iterable[Metric]]] = [work, page_cache]


def as_text(metrics: Iterable[Metric]) -> str:
    """Numbers in the text format that Prometheus reads (https://prometheus.io/docs/instrumenting/exposition_formats/)."""
    lines = []
    for metric in metrics:
        name = f"site_{metric.name}"
        lines += [f"# HELP {name} {metric.help}", f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}"]
        for labels, value in metric.values.items():
            pairs = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
            lines.append(f"{name}{{{pairs}}} {value!r}" if pairs else f"{name} {value!r}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
