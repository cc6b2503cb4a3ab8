"""What the worker's clock runs for readers' answers."""

from datetime import timedelta

from django.utils import timezone

from core.worker.jobs import Job
from feedback.models import Answer

# How long comments are kept, in which readers may have told of themselves (UK GDPR Art. 5(1)(e)).
COMMENTS = timedelta(days=365)


def forget_old_comments() -> int:
    """Delete comments that have been kept long enough; that a page was helpful or not stays. Returns how many."""
    return Answer.objects.filter(at__lte=timezone.now() - COMMENTS).exclude(comment="").update(comment="")


JOBS = [Job("feedback/retention", every=timedelta(days=1), run=forget_old_comments)]
