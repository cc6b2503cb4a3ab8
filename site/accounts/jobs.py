"""What the worker's clock runs for accounts."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.utils import timezone

from accounts.models import PasswordResetTrace
from core.worker.jobs import Job

# Both count within an hour at most; a day is left to look into an attack.
KEPT = timedelta(days=1)


def delete_traces() -> None:
    """Delete the traces of wrong passwords (with names and network addresses) and of asking for new ones."""
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - KEPT).delete()
    PasswordResetTrace.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()


JOBS = [Job("accounts/delete-traces", timedelta(hours=6), delete_traces)]
