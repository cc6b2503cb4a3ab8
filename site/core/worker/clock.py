"""The clock: runs each periodic job when it is due, once over all workers.

When a job is due stands in the database, as the end of its lease: while it runs, the lease is short and
keeps being extended; afterwards it lasts until the job's next time. So a job runs in one worker at a time,
a restart neither forgets nor repeats a daily job, and one left by a killed worker is taken up within
seconds. APScheduler gives the ticks and the threads.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from django.db import DatabaseError, connections
from django.utils import timezone

from core import leases
from core.worker import stopping
from core.worker.jobs import JOB_PREFIX, Job
from core.worker.presence import BEAT_SECONDS, LEASE_SECONDS, Presence

logger = logging.getLogger(__name__)

# How soon a job that failed is tried again, when its own time is longer.
RETRY = timedelta(minutes=5)


class Clock:
    """Ticks for a list of jobs, and for the worker's own heartbeat."""

    def __init__(self, jobs: list[Job], presence: Presence) -> None:
        self.jobs = jobs
        self.presence = presence
        self._held: set[leases.HeldLease] = set()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(jobs) + 1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to tick, in threads of its own."""
        self._add(self.beat, timedelta(seconds=BEAT_SECONDS))
        for job in self.jobs:
            self._add(self.tick, tick_time(job), job)
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking and wait for the jobs that are running."""
        self._scheduler.shutdown(wait=True)

    def running(self) -> list[str]:
        """List the jobs that are running in this worker now."""
        return sorted(lease.name.removeprefix(JOB_PREFIX) for lease in self._held.copy())

    def beat(self) -> None:
        """Keep this worker and the leases of its running jobs alive."""
        with _database_may_be_away("beat"):
            self.presence.beat()
            for lease in self._held.copy():
                lease.extend(LEASE_SECONDS)

    def tick(self, job: Job) -> None:
        """Run a job if it is due and no other worker is at it."""
        if stopping.is_set():
            return
        with _database_may_be_away(job.name):
            lease = leases.acquire(JOB_PREFIX + job.name, LEASE_SECONDS)
            if lease is not None:
                self._run(job, lease)

    def _run(self, job: Job, lease: leases.HeldLease) -> None:
        started = timezone.now()
        pause = job.every
        self._held.add(lease)
        try:
            job.run()
        except Exception:
            logger.exception("a job failed", extra={"job": job.name})
            pause = min(job.every, RETRY)
        finally:
            self._held.discard(lease)
        lease.keep_until(started + pause)

    def _add(self, run: object, every: timedelta, *arguments: object) -> None:
        self._scheduler.add_job(
            run, "interval", seconds=every.total_seconds(), args=arguments, next_run_time=datetime.now(UTC)
        )


def tick_time(job: Job) -> timedelta:
    """How often to look whether a job is due: a quarter of its time, at most ten seconds."""
    return min(job.every / 4, timedelta(seconds=10))


@contextmanager
def _database_may_be_away(what: str) -> Iterator[None]:
    """Let a tick fail without a traceback when there is no database, and close its connections."""
    try:
        yield
    except DatabaseError as error:
        logger.warning("no database for a tick", extra={"job": what, "error": type(error).__name__})
    finally:
        connections.close_all()
