"""The task queue: django-tasks-db's worker, made to outlive a database that is away for a while."""

import logging

from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from core.worker import stopping
from core.worker.presence import Presence, living_workers

logger = logging.getLogger(__name__)

BACKEND = "background"
# How long a task may wait before it is looked at, and how long a database that is away is left alone.
POLL_SECONDS = 0.5
AWAY_SECONDS = 5
# A task that has taken so many workers with it is not given to another.
MAX_WORKERS_PER_TASK = 3


class TaskQueue(Worker):
    """Runs the tasks of the `background` backend, one after the other, until told to stop."""

    def __init__(self, presence: Presence) -> None:
        super().__init__(
            queue_names=["*"],
            interval=POLL_SECONDS,
            batch=False,
            backend_name=BACKEND,
            startup_delay=False,
            max_tasks=None,
            worker_id=presence.worker_id,
            excluded_queue_names=[],
        )
        self.presence = presence

    def run(self) -> None:
        """Run tasks as they come, until `stopping` is set."""
        while not stopping.is_set():
            try:
                ran = self.run_next()
            except DatabaseError as error:
                self._leave_what_is_undone(error)
                stopping.wait(AWAY_SECONDS)
            else:
                if not ran:
                    stopping.wait(self.interval)

    def run_next(self) -> bool:
        """Run the next task. Returns False when there is none.

        A task that raises is recorded as failed and logged.

        Raises:
            DatabaseError: when the task could not be fetched, or its outcome not be written.
        """
        try:
            task = self._claim()
            if task is not None:
                self.run_task(task)
            return task is not None
        finally:
            close_old_connections()

    def _claim(self) -> DBTaskResult | None:
        ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not ready.exists():  # a read first: claiming takes SQLite's write lock
            return None
        with exclusive_transaction(ready.db):
            task = ready.get_locked()
            if task is not None:
                task.claim(self.worker_id)
        return task

    def _leave_what_is_undone(self, error: DatabaseError) -> None:
        """Go on under another identity: a task whose outcome was not written is then taken up again."""
        logger.warning("no database for the task queue", extra={"error": type(error).__name__})
        self.worker_id = self.presence.start_afresh()


def recover_tasks() -> int:
    """Put back the tasks of workers that are gone, which would stay RUNNING for ever.

    Returns:
        How many were put back. One that has now ended several workers is recorded as failed instead.
    """
    alive = living_workers()
    recovered = 0
    for task in DBTaskResult.objects.running().filter(backend_name=BACKEND):
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        # The moment of its start tells this run from a later one that another worker began meanwhile.
        same_run = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
        if len(task.worker_ids) >= MAX_WORKERS_PER_TASK:
            same_run.update(
                status=TaskResultStatus.FAILED,
                finished_at=timezone.now(),
                exception_class_path="core.worker.tasks.WorkerLost",
            )
            logger.error("a task ended every worker that ran it", extra={"task": task.task_path})
        else:
            recovered += same_run.update(status=TaskResultStatus.READY, started_at=None)
    return recovered


class WorkerLost(Exception):
    """Named as the reason of a task that ended every worker that ran it."""
