"""Periodic jobs. An app lists its own in a module `jobs`:

JOBS = [Job("newsletter/reconcile", timedelta(hours=6), reconcile)]
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

# The name of a job's lease is this and its own name.
JOB_PREFIX = "job/"


@dataclass(frozen=True)
class Job:
    """Something to do every so often, by whichever worker gets to it first.

    `run` takes nothing and may be started again after a worker was killed in the middle of it, so doing
    it twice must do no harm. Long ones look at `core.worker.stopping` now and then.
    """

    name: str
    every: timedelta
    run: Callable[[], object]


def all_jobs() -> list[Job]:
    """Collect the jobs of every installed app.

    Raises:
        ImproperlyConfigured: when two jobs share a name, which is the name of their lease.
    """
    jobs: list[Job] = []
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "jobs"):
            jobs += getattr(import_module(f"{config.name}.jobs"), "JOBS", [])
    names = [job.name for job in jobs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ImproperlyConfigured(f"Two jobs are named {', '.join(twice)}")
    return jobs
