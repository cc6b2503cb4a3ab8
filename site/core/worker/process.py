"""The worker process as a whole: starts the clock and the task queue, and ends both in time."""

import logging
import os
import signal
import threading
from types import FrameType

from django.db import DatabaseError, connections

from core.worker import stopping
from core.worker.clock import Clock
from core.worker.jobs import all_jobs
from core.worker.presence import Presence
from core.worker.tasks import TaskQueue

logger = logging.getLogger(__name__)

# Platforms kill 20 to 30 seconds after SIGTERM. What is still running then would be cut anyway, and leases
# see to it that it is run again; so the process ends by itself shortly before.
STOP_SECONDS = 18


class WorkerProcess:
    """One `manage.py worker`."""

    def __init__(self) -> None:
        self.presence = Presence()
        self.clock = Clock(all_jobs(), self.presence)
        self.tasks = TaskQueue(self.presence)

    def run(self) -> None:
        """Work until told to stop. Returns when everything has ended in order."""
        logger.info("worker started", extra={"worker": self.presence.worker_id, "jobs": len(self.clock.jobs)})
        self.clock.beat()
        self.clock.start()
        self.tasks.run()
        self.clock.stop()
        self._leave()
        logger.info("worker ended")

    def stop_on_signals(self) -> None:
        """Stop in order on SIGTERM and SIGINT; at once when asked a second time."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if stopping.is_set():
            os._exit(128 + number)
        stopping.set()
        deadline = threading.Timer(STOP_SECONDS, self._give_up)
        deadline.daemon = True
        deadline.start()

    def _give_up(self) -> None:
        logger.warning("worker ended with work left, which will be done again", extra={"jobs": self.clock.running()})
        logging.shutdown()
        os._exit(0)

    def _leave(self) -> None:
        try:
            self.presence.leave()
        except DatabaseError:
            logger.info("worker could not sign off; others notice by its lease")
        finally:
            connections.close_all()
