"""What the worker's clock runs for shared drafts."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.worker.jobs import Job
from drafts.models import SharedDraft

# How long a link that has ended stays in the list, with who made it and the copy of the draft.
KEPT_AFTER_ITS_END = timedelta(days=30)


def forget_old_links() -> int:
    """Delete links that ended long enough ago. Returns how many."""
    then = timezone.now() - KEPT_AFTER_ITS_END
    return SharedDraft.objects.filter(Q(expires_at__lte=then) | Q(revoked_at__lte=then)).delete()[0]


JOBS = [Job("drafts/retention", every=timedelta(days=1), run=forget_old_links)]
