"""What is kept, and for how long."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.worker import stopping
from newsletter import retention
from newsletter.looks import NEVER_CONFIRMED
from newsletter.models import Consent, OutboxEntry, SignUpTrace, Subscriber, Transition, WebhookEvent
from newsletter.retention import apply_retention
from newsletter.states import State

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: Any) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)


def signed_up(sign_up_as: SignUpAs, name: str, state: State, ago: timedelta, reason: str = "") -> Subscriber:
    subscriber = sign_up_as(f"{name}@example.org")
    moment = timezone.now() - ago
    Subscriber.objects.filter(pk=subscriber.pk).update(state=state, signed_up_at=moment, reason=reason)
    return subscriber


def names() -> set[str]:
    return {email.split("@")[0] for email in Subscriber.objects.values_list("email", flat=True)}


def test_who_never_confirmed_goes_after_sixty_days_and_nobody_else(sign_up_as: SignUpAs) -> None:
    for n in range(5):
        signed_up(sign_up_as, f"late{n}", State.AWAITING_CONFIRMATION, 60 * DAY + HOUR)
    signed_up(sign_up_as, "dropped", State.UNSUBSCRIBED, 60 * DAY + HOUR, NEVER_CONFIRMED)
    signed_up(sign_up_as, "soon", State.AWAITING_CONFIRMATION, 60 * DAY - HOUR)
    for state in set(State) - {State.AWAITING_CONFIRMATION}:
        signed_up(sign_up_as, state, state, 900 * DAY, "Left.")
    assert apply_retention()["unconfirmed sign-ups deleted"] == 6
    assert names() == {"soon", *(set(State) - {State.AWAITING_CONFIRMATION})}
    assert Consent.objects.count() == Transition.objects.count() == len(names())


def test_someone_who_confirms_at_this_moment_stays(sign_up_as: SignUpAs, monkeypatch: Any) -> None:
    person = signed_up(sign_up_as, "late", State.AWAITING_CONFIRMATION, 61 * DAY)
    delete_people = retention._delete_people

    def confirmed_meanwhile(batch: Any) -> int:
        Subscriber.objects.filter(pk=person.pk).update(state=State.SUBSCRIBED)
        return delete_people(batch)

    monkeypatch.setattr(retention, "_delete_people", confirmed_meanwhile)
    assert retention.delete_unconfirmed() == 0
    assert names() == {"late"}


def test_ip_addresses_go_after_thirty_days_and_the_evidence_stays(sign_up_as: SignUpAs) -> None:
    for n in range(5):
        sign_up_as(f"person{n}@example.org", ip="198.51.100.7")
    old = timezone.now() - 30 * DAY - HOUR
    for consent in Consent.objects.order_by("pk")[:3]:
        _set_given_at(consent.pk, old)
    assert apply_retention()["IP addresses removed"] == 3
    assert Consent.objects.count() == 5
    assert Consent.objects.filter(ip__isnull=False, given_at__gt=old).count() == 2
    assert not Consent.objects.filter(ip__isnull=False, given_at=old).exists()


def _set_given_at(pk: int, moment: Any) -> None:
    """Past the model, which refuses: evidence is not changed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE newsletter_consent SET given_at = %s WHERE id = %s", [moment, pk])


def test_messages_go_after_thirty_days_and_traces_after_one(db: None) -> None:
    now = timezone.now()
    for n, ago in enumerate((HOUR, 29 * DAY, 30 * DAY + HOUR, 31 * DAY, 99 * DAY)):
        WebhookEvent.objects.create(fingerprint=str(n), kind="profile", body="", received_at=now - ago)
    for ago in (HOUR, DAY - HOUR, DAY + HOUR, 2 * DAY, 3 * DAY):
        SignUpTrace.objects.create(network_hash="n", address_hash="a", at=now - ago)
    counts = apply_retention()
    assert (counts["messages from Mailchimp deleted"], counts["traces of forms deleted"]) == (3, 3)
    assert (WebhookEvent.objects.count(), SignUpTrace.objects.count()) == (2, 2)


def test_old_deliveries_go_after_a_year_but_for_the_latest_of_each(sign_up_as: SignUpAs) -> None:
    now = timezone.now()
    person, other = sign_up_as("person@example.org"), sign_up_as("other@example.org")
    OutboxEntry.objects.all().delete()
    for subscriber, ago in ((person, 800), (person, 700), (person, 600), (other, 500), (other, 10)):
        OutboxEntry.objects.create(subscriber=subscriber, done_at=now - ago * DAY, error="Busy.")
    OutboxEntry.objects.create(subscriber=person, created_at=now - 900 * DAY, error="Busy.")
    counts = apply_retention()
    assert counts["old deliveries deleted"] == 4
    left = [(entry.subscriber, entry.error) for entry in OutboxEntry.objects.order_by("pk")]
    assert left == [(other, "Busy."), (person, "Busy.")]


def test_the_error_text_of_an_old_delivery_that_is_kept_goes(sign_up_as: SignUpAs) -> None:
    sign_up_as()
    OutboxEntry.objects.update(done_at=timezone.now() - 366 * DAY, error="Busy.")
    assert apply_retention()["error texts of old deliveries removed"] == 1
    assert OutboxEntry.objects.get().error == ""
    assert not any(apply_retention().values())


def test_it_stops_between_batches_when_the_worker_stops(db: None, monkeypatch: Any) -> None:
    for _ in range(5):
        SignUpTrace.objects.create(network_hash="n", address_hash="a", at=timezone.now() - 2 * DAY)
    delete = retention._delete

    def stops(batch: Any) -> int:
        stopping.set()
        return delete(batch)

    monkeypatch.setattr(retention, "_delete", stops)
    try:
        assert retention.delete_traces() == 2
    finally:
        stopping.clear()
    assert SignUpTrace.objects.count() == 3


def test_the_command_prints_counts(db: None) -> None:
    SignUpTrace.objects.create(network_hash="n", address_hash="a", at=timezone.now() - 2 * DAY)
    out = io.StringIO()
    call_command("newsletter_retention", stdout=out)
    assert "       1  traces of forms deleted" in out.getvalue().splitlines()
    assert not SignUpTrace.objects.exists()


def test_the_worker_does_it_daily() -> None:
    from core.worker.jobs import all_jobs

    jobs = {job.run: job.every for job in all_jobs()}
    assert jobs[retention.apply_retention] == DAY
    assert jobs[retention.delete_traces] == HOUR
