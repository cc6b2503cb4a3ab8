"""What the mailing list tells those who watch the site. Numbers only: no address, no name."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from core.monitoring import Metric, labelled, single
from newsletter.models import DailyCount, OutboxEntry, QueueState, Subscriber, WebhookEvent
from newsletter.states import State


def mailchimp_state() -> dict[str, str]:
    """How deliveries stand. Never a reason to take the site out of service: sign-ups are kept."""
    if not settings.MAILCHIMP_API_KEY:
        return {"mailchimp": "not connected: sign-ups wait"}
    state = QueueState.load()
    if state.paused_since:
        return {"mailchimp": "paused until somebody acts: sign-ups wait"}
    if state.outage_since:
        return {"mailchimp": "does not answer: sign-ups wait"}
    if state.copied_at:
        return {"mailchimp": "restored from a backup: sign-ups wait for a comparison"}
    return {"mailchimp": "ok"}


def mailing_list() -> Iterator[Metric]:
    """Who stands where, and what waits since when."""
    now, state = timezone.now(), QueueState.load()
    by_state = dict.fromkeys(State.values, 0.0) | dict(
        Subscriber.objects.order_by().values_list("state").annotate(Count("pk"))
    )
    yield labelled("subscribers", "People by their state.", "state", by_state)
    today = DailyCount.objects.filter(day=now.date())
    counted = dict.fromkeys(DailyCount.Kind.values, 0.0) | dict(today.values_list("kind", "count"))
    yield labelled("form_today", "What the sign-up form took and turned away since midnight, UTC.", "kind", counted)
    waiting = OutboxEntry.objects.open().filter(held_at__isnull=True).aggregate(Count("pk"), Min("due_at"))
    yield single("outbox_waiting", "Wishes that have not reached Mailchimp yet.", waiting["pk__count"])
    late = (now - waiting["due_at__min"]).total_seconds() if waiting["due_at__min"] else 0.0
    yield single("outbox_late_seconds", "Since when the oldest of them has been due.", max(late, 0.0))
    held = OutboxEntry.objects.open().filter(held_at__isnull=False).count()
    yield single("outbox_held", "Wishes that wait for an editor.", held)
    messages = WebhookEvent.objects.filter(done_at__isnull=True).count()
    yield single("messages_waiting", "Messages from Mailchimp that wait.", messages)
    yield single(
        "deliveries_paused", "1 while somebody must act for deliveries to go on.", float(bool(state.paused_since))
    )
    yield single("mailchimp_away", "1 while Mailchimp does not answer.", float(bool(state.outage_since)))
    if state.reconciled_until:
        age = (now - state.reconciled_until).total_seconds()
        yield single("comparison_age_seconds", "Since when changes at Mailchimp may be unknown here.", age)


STATES = [mailchimp_state]
METRICS = [mailing_list]
