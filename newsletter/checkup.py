"""What `newsletter_doctor` finds out on this side: worker, queue, comparisons, messages, limits."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince

from core.worker.presence import living_workers
from newsletter import queue
from newsletter.connect import Finding, test_connection
from newsletter.models import OutboxEntry, QueueState, Reconciliation, Subscriber, WebhookEvent
from newsletter.states import State

# With a worker and Mailchimp in order nothing waits longer than this.
LATE = timedelta(minutes=15)
# Two comparisons that did not happen.
TOO_LONG_AGO = timedelta(hours=3)


def check_all() -> list[Finding]:
    """Everything there is to check, from Mailchimp to the limits."""
    return [
        *test_connection(),
        check_worker(),
        *check_queue(),
        *check_messages(),
        check_comparison(),
        check_limits(),
    ]


def verdict(findings: list[Finding]) -> Finding:
    """Whether sign-ups flow, in a sentence."""
    problems = [finding for finding in findings if finding.level == "bad"]
    notes = sum(finding.level == "note" for finding in findings)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Finding("bad", f"Sign-ups are kept, but something must be done: {problems[0].text}{more}")
    return Finding("good", "Sign-ups flow." + (f" Worth reading: {notes} of the lines above." if notes else ""))


def check_worker() -> Finding:
    """Say whether anybody delivers."""
    number = len(living_workers())
    if number == 0:
        return Finding("bad", "No worker is running: nobody delivers. Start `manage.py worker`.")
    return Finding("good", f"{number} worker{'' if number == 1 else 's'} running.")


def check_queue() -> Iterator[Finding]:
    """Say what waits, for how long and why."""
    state = QueueState.load()
    if state.paused_since:
        yield Finding("bad", f"Deliveries are paused since {_moment(state.paused_since)}: {state.paused_reason}")
    elif state.outage_since:
        yield Finding("note", f"Mailchimp has not answered since {_moment(state.outage_since)}. Sign-ups wait.")
    copied = queue.held_as_copy(state)
    if copied:
        yield Finding("note", f"{copied} The worker does that; manage.py reconcile --full does it now.")
    waiting = OutboxEntry.objects.open().filter(held_at__isnull=True)
    oldest = waiting.order_by("created_at").first()
    if oldest is None:
        yield Finding("good", "Nothing waits in the outbox.")
    else:
        yield Finding("note", f"{waiting.count()} waiting, the oldest for {timesince(oldest.created_at)}.")
    late = OutboxEntry.objects.due().first()
    if late and not copied and timezone.now() - late.due_at > LATE:
        text = "Sign-ups have been due for a while and nobody delivers them. Is `manage.py worker` running?"
        yield Finding("bad", text)
    for outcome, meaning in ((State.HELD, "held for an editor"), (State.NEEDS_ATTENTION, "in need of attention")):
        if count := Subscriber.objects.filter(state=outcome).count():
            yield Finding("note", f"{count} {meaning}: see Mailing list in the admin.")


def check_messages() -> Iterator[Finding]:
    """Say when Mailchimp last sent a message, and whether messages wait."""
    last = QueueState.load().last_webhook_at
    none = "Mailchimp has sent no message so far."
    yield Finding("good", f"The last message from Mailchimp came {_ago(last)}." if last else none)
    late = WebhookEvent.objects.filter(done_at__isnull=True, received_at__lt=timezone.now() - LATE).order_by("pk")
    if oldest := late.first():
        why = f" {oldest.outcome}" if oldest.outcome else ""
        yield Finding("note", f"{late.count()} messages wait, the oldest for {timesince(oldest.received_at)}.{why}")


def check_comparison() -> Finding:
    """Say when the list here was last compared with Mailchimp's."""
    if not settings.MAILCHIMP_API_KEY:
        return Finding("note", "Nothing is compared without a key.")
    last = Reconciliation.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    broken = Reconciliation.objects.filter(finished_at__isnull=True).exclude(error="").first()
    why = f" The one under way stopped: {broken.error}" if broken else ""
    if last is None or last.finished_at is None:
        return Finding("note", f"The list has not been compared with Mailchimp's yet; the worker does that.{why}")
    text = f"The list was last compared with Mailchimp's {_ago(last.finished_at)}.{why}"
    if timezone.now() - last.finished_at > TOO_LONG_AGO:
        return Finding("bad", f"{text} That should happen every hour: is `manage.py worker` running?")
    return Finding("note" if broken else "good", text)


def check_limits() -> Finding:
    """Say how many sign-ups are passed on."""
    names = ("SIGNUP_LIMIT_PER_IP", "SIGNUP_LIMIT_GLOBAL", "SIGNUP_LIMIT_PER_ADDRESS")
    limits = ", ".join(f"{name}={getattr(settings, name) or 'none'}" for name in names)
    if not all(getattr(settings, name) for name in names[:2]):
        return Finding("note", f"Without limits robots can sign up as many people as they like: {limits}.")
    return Finding("good", f"Limits of an hour: {limits}.")


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _ago(moment: datetime) -> str:
    return f"{timesince(moment)} ago ({_moment(moment)})"
