"""How long personal data is kept (UK GDPR Art. 5(1)(e)). The worker applies it daily."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.worker import stopping
from newsletter.looks import NEVER_CONFIRMED
from newsletter.models import Consent, OutboxEntry, SignUpTrace, Subscriber, WebhookEvent
from newsletter.states import State

UNCONFIRMED = timedelta(days=60)  # when Mailchimp itself gives up waiting for a confirmation
IP_ADDRESSES = timedelta(days=30)
MESSAGES = timedelta(days=30)
TRACES = timedelta(days=1)
OUTBOX = timedelta(days=365)
# Records a transaction. Short ones, so that sign-ups never wait long for the database.
BATCH = 500


def apply_retention() -> dict[str, int]:
    """Delete or empty what has been kept long enough. Returns how many records of each kind, in words.

    Stops early, between two batches, when the worker is told to stop; the next run goes on.
    """
    return {
        "unconfirmed sign-ups deleted": delete_unconfirmed(),
        "IP addresses removed": forget_ip_addresses(),
        "messages from Mailchimp deleted": delete_messages(),
        "traces of forms deleted": delete_traces(),
        "old deliveries deleted": delete_old_deliveries(),
        "error texts of old deliveries removed": forget_old_errors(),
    }


def delete_unconfirmed() -> int:
    """Delete people who were asked to confirm and never did, with all that belongs to them."""
    never = Q(state=State.AWAITING_CONFIRMATION) | Q(state=State.UNSUBSCRIBED, reason=NEVER_CONFIRMED)
    unconfirmed = Subscriber.objects.filter(never, signed_up_at__lte=timezone.now() - UNCONFIRMED)
    return _in_batches(unconfirmed, _delete_people)


def forget_ip_addresses() -> int:
    """Empty the IP address in evidence of consent; the rest of the evidence stays."""
    consents = Consent.objects.filter(ip__isnull=False, given_at__lte=timezone.now() - IP_ADDRESSES)
    return _in_batches(consents, lambda batch: batch.forget("ip"))


def delete_messages() -> int:
    """Delete raw messages from Mailchimp. What they said is in the subscriber's state and history."""
    return _in_batches(WebhookEvent.objects.filter(received_at__lte=timezone.now() - MESSAGES), _delete)


def delete_traces() -> int:
    """Delete what the limits look back on."""
    return _in_batches(SignUpTrace.objects.filter(at__lte=timezone.now() - TRACES), _delete)


def delete_old_deliveries() -> int:
    """Delete closed outbox entries, except each subscriber's latest."""
    newer = OutboxEntry.objects.filter(subscriber=OuterRef("subscriber"), pk__gt=OuterRef("pk"))
    return _in_batches(_old_deliveries().filter(Exists(newer)), _delete)


def forget_old_errors() -> int:
    """Empty the error texts of closed entries that are kept."""
    return _in_batches(_old_deliveries().exclude(error=""), lambda batch: batch.update(error=""))


def _old_deliveries() -> QuerySet[OutboxEntry]:
    return OutboxEntry.objects.filter(done_at__lte=timezone.now() - OUTBOX)


def _in_batches(records: QuerySet, act: Callable[[QuerySet], int]) -> int:
    """Act on records in the order of their keys, some at a time, each time on those that are still meant."""
    total, last = 0, 0
    while not stopping.is_set():
        keys = list(records.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        last = keys[-1]
        with transaction.atomic():
            total += act(records.order_by("pk").filter(pk__in=keys))
    return total


def _delete(batch: QuerySet) -> int:
    return batch.order_by().delete()[1].get(batch.model._meta.label, 0)


def _delete_people(batch: QuerySet[Subscriber]) -> int:
    """Lock people first, so that one who confirms at this moment is not deleted."""
    keys = [subscriber.pk for subscriber in batch.select_for_update()]
    return _delete(Subscriber.objects.filter(pk__in=keys))
