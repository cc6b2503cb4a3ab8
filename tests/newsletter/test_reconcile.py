"""Comparing the list here with Mailchimp's: what messages did not tell is found and mended."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from newsletter import delivery, reconcile
from newsletter.models import OutboxEntry, Outcome, QueueState, Reconciliation, Subscriber, Transition
from newsletter.reconcile import ask_for_full, keep_up
from newsletter.rights import erase
from newsletter.states import Origin, Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]
Extent = Reconciliation.Extent


def compare(full: bool = False) -> Reconciliation:
    """Run a comparison that comes to its end."""
    run = reconcile.reconcile(full=full)
    assert run is not None
    assert (run.error, run.finished_at is not None) == ("", True)
    return run


def lists(mailchimp: Sandbox) -> list[Any]:
    """The calls for lists of contacts so far."""
    return [record for record in mailchimp.requests if record.path.endswith("/members") and record.method == "GET"]


def known(email: str, state: State = State.SUBSCRIBED, status: str = "subscribed") -> Subscriber:
    """A row that was seen at Mailchimp yesterday."""
    yesterday = timezone.now() - timedelta(days=1)
    return Subscriber.objects.create(
        email=email, email_key=email.lower(), state=state, mailchimp_status=status, mailchimp_seen_at=yesterday
    )


def test_the_first_connection_imports_the_whole_audience(mailchimp: Sandbox) -> None:
    statuses = ("subscribed", "unsubscribed", "cleaned", "pending")
    for number in range(2500):
        mailchimp.put_contact(f"Person{number}@example.org", statuses[number % 4], merge_fields={"FNAME": f"N{number}"})
    mailchimp.put_contact("archived@example.org", "archived")
    mailchimp.put_contact("buyer@example.org", "transactional")
    run = compare()
    assert run.extent == Extent.FULL
    assert (run.imported, run.seen, run.changed, run.missing) == (2500, 2502, 0, 0)
    assert Subscriber.objects.count() == Transition.objects.count() == 2500
    person = Subscriber.objects.get(email_key="person1@example.org")
    assert (person.email, person.first_name, person.state) == ("Person1@example.org", "N1", State.UNSUBSCRIBED)
    assert (person.origin, person.mailchimp_status) == (Origin.MAILCHIMP, "unsubscribed")
    assert state_of("person2@example.org") == State.BOUNCED
    assert Subscriber.objects.get(email_key="person3@example.org").next_look_at is not None
    assert QueueState.load().reconciled_until == run.started_at
    assert OutboxEntry.objects.count() == 0  # knowing somebody is no reason to write to Mailchimp
    again = compare(full=True)
    assert (again.imported, again.changed, again.missing) == (0, 0, 0)
    assert Transition.objects.count() == 2500


def test_a_page_costs_few_queries(mailchimp: Sandbox, django_assert_max_num_queries: Any) -> None:
    for number in range(1000):
        mailchimp.put_contact(f"person{number}@example.org", "subscribed")
    compare()
    with django_assert_max_num_queries(10 * 4 + 40):  # for each hundred: rows, entries, and that they were seen
        compare(full=True)


def test_answers_stay_small_and_hold_only_what_is_needed(mailchimp: Sandbox) -> None:
    mailchimp.put_contact(EMAIL, "subscribed")
    compare()
    for record in lists(mailchimp):
        assert record.query["count"] == "1000"
        assert (record.query["sort_field"], record.query["sort_dir"]) == ("last_changed", "ASC")
        assert "members.merge_fields.FNAME" in record.query["fields"]
        assert "_links" not in record.query["fields"]
    assert [record.query.get("status") for record in lists(mailchimp)] == [None, "archived"]


def test_webhooks_lost_for_three_days_are_made_good(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> None:
    """Quality A 12: every kind of change, none of which was told."""
    start = datetime(2026, 3, 1, 9, tzinfo=UTC)
    mailchimp.double_optin = False
    people = {
        name: f"{name}@example.org" for name in ("left", "bounced", "archived", "renamed", "deleted", "named", "same")
    }
    with time_machine.travel(start, tick=True):
        for email in people.values():
            sign_up_as(email)
        deliver()
        mailchimp.double_optin = True
        cache.clear()
        sign_up_as("confirms@example.org")
        deliver()
        compare()
    mailchimp.lose_webhooks = True
    with time_machine.travel(start + timedelta(days=1), tick=True):
        mailchimp.unsubscribe(people["left"])
        mailchimp.clean(people["bounced"])
        mailchimp.archive(people["archived"])
        mailchimp.change_address(people["renamed"], "new@example.org")
        mailchimp.change_profile(people["named"], FNAME="Ada")
        mailchimp.confirm("confirms@example.org")
        mailchimp.put_contact("hosted@example.org", "subscribed", last_changed="2026-03-02T09:00:00+00:00")
        mailchimp.remove_contact(people["deleted"])
    with time_machine.travel(start + timedelta(days=3), tick=True):
        keep_up()
        run = Reconciliation.objects.first()
        assert (run.extent, run.imported) == (Extent.CHANGES, 2)
        assert state_of(people["left"]) == State.UNSUBSCRIBED
        assert state_of(people["bounced"]) == State.BOUNCED
        assert state_of(people["archived"]) == State.UNSUBSCRIBED
        assert state_of("new@example.org") == state_of("hosted@example.org") == State.SUBSCRIBED
        assert state_of("confirms@example.org") == State.SUBSCRIBED
        assert state_of(people["same"]) == State.SUBSCRIBED
        assert Subscriber.objects.get(email_key=people["named"]).first_name == "Ada"
        compare(full=True)  # what leaves no trace at Mailchimp takes a look at everything
        for gone in ("deleted", "renamed"):
            assert state_of(people[gone]) == State.UNSUBSCRIBED
        assert Subscriber.objects.get(email_key=people["deleted"]).reason == "No longer at Mailchimp."
    for email in people.values():
        contact = mailchimp.contact(email)
        assert contact is None or contact["status"] != "pending"
    assert OutboxEntry.objects.open().count() == 0


def test_an_hourly_one_reads_only_what_changed(mailchimp: Sandbox) -> None:
    long_ago = "2026-01-01T00:00:00+00:00"
    for number in range(30):
        mailchimp.put_contact(f"person{number}@example.org", "subscribed", last_changed=long_ago)
    compare()
    mailchimp.unsubscribe("person7@example.org")
    run = compare()
    assert (run.extent, run.seen, run.changed) == (Extent.CHANGES, 1, 1)
    assert lists(mailchimp)[-2].query["since_last_changed"] == (run.since).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    assert run.since == Reconciliation.objects.last().started_at - timedelta(minutes=10)


def test_the_clock_compares_once_an_hour(mailchimp: Sandbox) -> None:
    now = timezone.now()
    for minutes, runs in ((0, 1), (1, 1), (59, 1), (61, 2), (62, 2), (125, 3)):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            keep_up()
            assert Reconciliation.objects.count() == runs
    with time_machine.travel(now + timedelta(minutes=126)):
        ask_for_full()
        keep_up()
        assert Reconciliation.objects.first().extent == Extent.FULL


def test_who_is_here_and_not_there_is_off_the_list_and_never_subscribed_again(mailchimp: Sandbox) -> None:
    rows = [
        known("a@example.org"),
        known("b@example.org", State.AWAITING_CONFIRMATION, "pending"),
        known("c@example.org", State.BOUNCED, "cleaned"),
        known("d@example.org", State.UNSUBSCRIBED, "unsubscribed"),
        known("e@example.org", State.REFUSED, ""),
    ]
    archived = known("f@example.org", State.UNSUBSCRIBED, "archived")
    mailchimp.put_contact("f@example.org", "archived")
    run = compare(full=True)
    assert run.missing == 4
    reasons = list(Subscriber.objects.filter(state=State.UNSUBSCRIBED).values_list("reason", flat=True))
    assert reasons.count("No longer at Mailchimp.") == 4
    archived.refresh_from_db()
    assert archived.mailchimp_status == "archived"
    assert state_of("e@example.org") == State.REFUSED
    assert len(rows) == 5
    assert OutboxEntry.objects.count() == 0
    assert [contact["email_address"] for contact in mailchimp.contacts] == ["f@example.org"]
    assert compare(full=True).missing == 0


def test_a_contact_that_slipped_through_is_read_by_itself(mailchimp: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    known(EMAIL)
    mailchimp.put_contact(EMAIL, "subscribed")
    page = reconcile.read_page

    def without(*args: Any, **options: Any) -> Any:
        found = page(*args, **options)
        return type(found)([], 0, None)

    monkeypatch.setattr(reconcile, "read_page", without)
    assert compare(full=True).missing == 0
    assert state_of() == State.SUBSCRIBED


def test_who_waits_without_an_entry_is_put_back_into_the_outbox(mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    signed_up = sign_up_as()
    OutboxEntry.objects.all().delete()
    sign_up_as("held@example.org", held="Many came.")
    run = compare()
    assert run.sent_again == 1
    entry = OutboxEntry.objects.get(subscriber=signed_up)
    assert entry.requested_at == Subscriber.objects.get(pk=signed_up.pk).signed_up_at  # who left since then stays away


def test_an_erased_person_is_not_imported(mailchimp: Sandbox, sign_up_as: SignUpAs, settings: Any) -> None:
    erase(sign_up_as(), source=Source.EDITOR)
    mailchimp.put_contact(EMAIL, "subscribed")
    assert compare().imported == 0
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key forgets nobody"
    assert compare(full=True).imported == 0
    assert not Subscriber.objects.exclude(state=State.ERASED).exists()


def test_unsubscribed_while_a_sign_up_waits_cancels_it_unless_it_is_newer(
    mailchimp: Sandbox, sign_up_as: SignUpAs
) -> None:
    for email, minutes in (("older@example.org", -5), ("newer@example.org", 5)):
        mailchimp.put_contact(email, "unsubscribed")
        subscriber = sign_up_as(email)
        moment = timezone.now() + timedelta(minutes=minutes)
        OutboxEntry.objects.filter(subscriber=subscriber).update(requested_at=moment)
    compare()
    assert (state_of("older@example.org"), state_of("newer@example.org")) == (State.UNSUBSCRIBED, State.WAITING)
    assert OutboxEntry.objects.open().get().subscriber.email == "newer@example.org"
    assert OutboxEntry.objects.get(outcome=Outcome.SETTLED).subscriber.email == "older@example.org"


def test_a_sign_up_in_hand_is_left_to_its_delivery_and_looked_at_next_time(
    mailchimp: Sandbox, sign_up_as: SignUpAs
) -> None:
    compare()
    sign_up_as()
    assert delivery.claim() is not None
    mailchimp.put_contact(EMAIL, "subscribed", last_changed="2026-01-01T00:00:00+00:00")
    QueueState.objects.update(reconciled_until=datetime(2025, 12, 31, 12, tzinfo=UTC))
    compare()
    assert state_of() == State.WAITING
    assert QueueState.load().reconciled_until == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_break_is_gone_on_with(mailchimp: Sandbox) -> None:
    for number in range(2500):
        changed = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number // 3)
        mailchimp.put_contact(f"person{number}@example.org", "subscribed", last_changed=changed.isoformat())
    mailchimp.fail("html", path="/members", times=1)
    first = reconcile.reconcile()
    assert (first.finished_at, bool(first.error)) == (None, True)
    mailchimp.clear_faults()

    def break_off(run: Reconciliation) -> None:
        mailchimp.stop()

    second = reconcile.reconcile(progress=break_off)
    assert second.pk == first.pk
    assert (second.seen, second.finished_at) == (1000, None)
    mailchimp.start()
    mailchimp.unsubscribe("person3@example.org")  # done already; it moves to the end and comes again
    third = compare()
    assert third.pk == first.pk
    assert third.imported == Subscriber.objects.count() == 2500
    assert state_of("person3@example.org") == State.UNSUBSCRIBED


def test_more_than_a_page_of_the_same_second(mailchimp: Sandbox) -> None:
    for number in range(2300):
        mailchimp.put_contact(f"person{number}@example.org", "subscribed", last_changed="2026-01-01T00:00:00+00:00")
    run = compare()
    assert (run.imported, run.seen) == (2300, 2300)


def test_one_runs_at_a_time_and_stops_with_the_worker(mailchimp: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from core import leases
    from core.worker import stopping

    with leases.hold("newsletter/reconcile", 60):
        assert reconcile.reconcile() is None
    stopping.set()
    try:
        run = reconcile.reconcile()
    finally:
        stopping.clear()
    assert run.finished_at is None
    assert "told to stop" in run.error
    compare()


def test_a_revoked_key_pauses(mailchimp: Sandbox) -> None:
    mailchimp.api_key = "f" * 32 + "-us1"
    run = reconcile.reconcile()
    assert run.finished_at is None
    assert "refuses the API key" in QueueState.load().paused_reason
    assert reconcile.reconcile() is None  # paused: no call


def test_nothing_is_compared_without_a_key(db: None) -> None:
    assert reconcile.reconcile() is None
    assert Reconciliation.objects.count() == 0


def test_a_state_of_the_sites_own_stays_while_nothing_changes_there(mailchimp: Sandbox) -> None:
    row = known(EMAIL, State.REFUSED, "unsubscribed")
    Subscriber.objects.update(reason="They complained.")
    mailchimp.put_contact(EMAIL, "unsubscribed")
    compare()
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.REFUSED, "They complained.")
    mailchimp.sign_up(EMAIL)
    compare()
    assert state_of() == State.AWAITING_CONFIRMATION
