"""Say in plain words whether sign-ups reach Mailchimp, and what to do when not."""

import sys
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.timesince import timesince

from newsletter import queue
from newsletter.errors import GatewayError
from newsletter.gateway import Gateway, gateway_from_settings
from newsletter.models import OutboxEntry, QueueState, Subscriber
from newsletter.states import State

# A sign-up that waits longer than this, with Mailchimp in order, means that no worker is running.
STALE_SECONDS = 15 * 60

GOOD, NOTE, BAD = "ok", "note", "PROBLEM"
Finding = tuple[str, str]


class Command(BaseCommand):
    """Check the connection and the queue."""

    help = (
        "Check the way to Mailchimp: the key, the audience, its fields, and the queue of sign-ups. Says what to do "
        "about each problem. Exit code 0: sign-ups flow; 1: they do not. Changes nothing at Mailchimp."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        findings = [*check_connection(), *check_queue()]
        for mark, text in findings:
            self.stdout.write(f"{mark:>8}  {text}")
        if any(mark == BAD for mark, _ in findings):
            sys.exit(1)


def check_connection() -> Iterator[Finding]:
    """Try the key, the audience and its fields, and stop at the first that fails."""
    try:
        gateway = gateway_from_settings()
        if gateway is None:
            yield BAD, "MAILCHIMP_API_KEY is not set. Sign-ups are kept and wait. See docs/integrations/mailchimp.md."
            return
        yield GOOD, f"The key has the right form; calls go to {gateway.host}."
        gateway.ping()
        yield GOOD, "Mailchimp answers and accepts the key."
        yield from check_audience(gateway)
    except GatewayError as error:
        yield BAD, error.reason


def check_audience(gateway: Gateway) -> Iterator[Finding]:
    """Say which audience it is and how newcomers are treated.

    Raises:
        GatewayError: it cannot be read.
    """
    audience = gateway.audience(fresh=True)
    queue.remember(audience)
    yield GOOD, f"The audience is {audience.name!r}."
    asks = "asks newcomers to confirm by email" if audience.double_opt_in else "does not ask newcomers to confirm"
    setting = settings.MAILCHIMP_DOUBLE_OPT_IN
    if setting == "auto":
        yield GOOD, f"It {asks} (double opt-in {'on' if audience.double_opt_in else 'off'}), and so does this site."
    else:
        yield NOTE, f"It {asks}, but MAILCHIMP_DOUBLE_OPT_IN={setting} decides for sign-ups on this site."
    if missing := {"FNAME", "LNAME"} - gateway.merge_tags():
        yield NOTE, f"The audience has no field {' or '.join(sorted(missing))}: names are not sent."
    else:
        yield GOOD, "The audience has fields for first and last names."


def check_queue() -> Iterator[Finding]:
    """Say what waits, for how long and why."""
    state = QueueState.load()
    if state.paused_since:
        yield BAD, f"Deliveries are paused since {state.paused_since:%Y-%m-%d %H:%M} UTC: {state.paused_reason}"
    elif state.outage_since:
        yield NOTE, f"Mailchimp has not answered since {state.outage_since:%Y-%m-%d %H:%M} UTC. Sign-ups wait."
    waiting = OutboxEntry.objects.open().filter(held_at__isnull=True)
    oldest = waiting.order_by("created_at").first()
    if oldest is None:
        yield GOOD, "Nothing waits in the outbox."
    else:
        yield NOTE, f"{waiting.count()} waiting, the oldest for {timesince(oldest.created_at)}."
    late = OutboxEntry.objects.due().first()
    if late and (timezone.now() - late.due_at).total_seconds() > STALE_SECONDS:
        yield BAD, "Sign-ups have been due for a while and nobody delivers them. Is `manage.py worker` running?"
    for outcome, meaning in ((State.HELD, "held for an editor"), (State.NEEDS_ATTENTION, "in need of attention")):
        if count := Subscriber.objects.filter(state=outcome).count():
            yield NOTE, f"{count} {meaning}: see Mailing list in the admin."
