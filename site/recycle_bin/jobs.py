"""What the worker's clock runs for the bin."""

from datetime import timedelta

from core.worker.jobs import Job
from recycle_bin.actions import delete_old_pages

JOBS = [Job("recycle-bin/empty", every=timedelta(days=1), run=delete_old_pages)]
