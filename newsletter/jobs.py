"""What the worker's clock runs for the mailing list."""

from datetime import timedelta

from core.worker.jobs import Job
from newsletter.delivery import deliver_due
from newsletter.looks import look_at_unconfirmed


def _deliver() -> None:
    deliver_due()


def _look() -> None:
    look_at_unconfirmed()


JOBS = [
    # A sign-up also wakes the worker at once; this finds retries, and what a lost wake-up left.
    Job("newsletter/deliver", every=timedelta(seconds=5), run=_deliver),
    Job("newsletter/look", every=timedelta(seconds=20), run=_look),
]
