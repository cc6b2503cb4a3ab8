"""What the worker's clock runs for the mailing list."""

from datetime import timedelta

from core.worker.jobs import Job
from newsletter.alerts import send_due_alert
from newsletter.campaigns.work import work_on_campaigns
from newsletter.delivery import deliver_due
from newsletter.inbox import act_on_messages
from newsletter.looks import look_at_unconfirmed
from newsletter.reconcile import keep_up
from newsletter.releases import release_held
from newsletter.retention import apply_retention, delete_traces
from newsletter.statistics import count_sign_ups


def _deliver() -> None:
    deliver_due()


def _look() -> None:
    look_at_unconfirmed()


JOBS = [
    # A sign-up also wakes the worker at once; this finds retries, and what a lost wake-up left.
    Job("newsletter/deliver", every=timedelta(seconds=5), run=_deliver),
    Job("newsletter/alert", every=timedelta(minutes=1), run=send_due_alert),
    # A message also wakes the worker at once.
    Job("newsletter/inbox", every=timedelta(seconds=5), run=act_on_messages),
    Job("newsletter/look", every=timedelta(seconds=20), run=_look),
    # Compares once an hour; more often it only looks whether to begin, or to go on with one that broke off.
    Job("newsletter/reconcile", every=timedelta(minutes=1), run=keep_up),
    # A person's wish also wakes the worker at once; this finds retries, schedules that ran out, and reports.
    Job("newsletter/campaigns", every=timedelta(seconds=10), run=work_on_campaigns),
    Job("newsletter/count", every=timedelta(minutes=1), run=count_sign_ups),
    Job("newsletter/release", every=timedelta(minutes=10), run=release_held),
    Job("newsletter/retention", every=timedelta(days=1), run=apply_retention),
    # They are of use for a day, so they go more often than that.
    Job("newsletter/traces", every=timedelta(hours=1), run=delete_traces),
]
