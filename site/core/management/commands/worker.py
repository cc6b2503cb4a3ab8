"""`manage.py worker`: the task queue and the clock of periodic jobs, in one process."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.autoreload import run_with_reloader

from core.worker.process import WorkerProcess


class Command(BaseCommand):
    help = (
        "Run background tasks and periodic jobs (scheduled pages, mailing list, housekeeping) until stopped."
        " Several may run, on several machines: each job and task is done by one of them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reload", action="store_true", help="start again when the code changes, for development")

    def handle(self, *, reload: bool, **options: Any) -> None:
        if reload:
            run_with_reloader(lambda: WorkerProcess().run())
            return
        process = WorkerProcess()
        process.stop_on_signals()
        process.run()
