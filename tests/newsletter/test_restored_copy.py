"""A restored copy does not know who has left since: it delivers nothing until the whole list has been compared."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core.backup.make import rules_for
from newsletter import queue
from newsletter.admin.notices import current_notices, why_waiting
from newsletter.checkup import check_queue
from newsletter.delivery import Report
from newsletter.models import OutboxEntry, QueueState, Reconciliation, Subscriber
from newsletter.reconcile import keep_up, reconcile
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def restored() -> Callable[[], None]:
    """Do to this database what is done to every copy."""

    def run() -> None:
        statements, told = rules_for(datetime.now(UTC))
        assert len(told) == 1 and told[0].startswith("Deliveries to Mailchimp wait")
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return run


def test_who_left_since_the_backup_is_not_subscribed_again(
    mailchimp: Sandbox, sign_up_as: Any, deliver: Callable[[], Report], restored: Callable[[], None]
) -> None:
    mailchimp.double_optin = False
    leaver = sign_up_as("leaver@example.org")
    stayer = sign_up_as("stayer@example.org")
    # As at the site that is gone: both were delivered after the backup, and one has left since.
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Subscriber.objects.update(signed_up_at=an_hour_ago)
    OutboxEntry.objects.update(requested_at=an_hour_ago)
    mailchimp.put_contact("leaver@example.org", "subscribed")
    mailchimp.unsubscribe("leaver@example.org")
    restored()

    report = deliver()
    assert "restored from a backup" in report.stopped
    assert mailchimp.contact("stayer@example.org") is None

    keep_up()
    assert Reconciliation.objects.get().extent == Reconciliation.Extent.FULL
    assert QueueState.load().copied_at is None
    deliver()
    leaver.refresh_from_db()
    stayer.refresh_from_db()
    assert (leaver.state, stayer.state) == (State.UNSUBSCRIBED, State.SUBSCRIBED)
    assert [contact["status"] for contact in mailchimp.contacts] == ["unsubscribed", "subscribed"]


def test_a_comparison_that_was_under_way_is_not_gone_on_with(mailchimp: Sandbox, restored: Callable[[], None]) -> None:
    old = Reconciliation.objects.create(
        extent=Reconciliation.Extent.FULL, cursor=timezone.now() - timedelta(hours=1), at_archived=True
    )
    QueueState.objects.create(pk=1, reconciled_until=timezone.now(), audience_name="Kept")
    restored()
    run = reconcile()
    assert run is not None and run.pk != old.pk and not run.error
    assert QueueState.load().audience_name == "Kept"


def test_changes_alone_do_not_end_the_wait(mailchimp: Sandbox, restored: Callable[[], None]) -> None:
    restored()
    QueueState.objects.update(reconciled_until=timezone.now())
    run = reconcile()
    assert run is not None and run.extent == Reconciliation.Extent.CHANGES and not run.error
    assert queue.held_as_copy()


def test_the_admin_and_the_doctor_say_so(
    mailchimp: Sandbox, sign_up_as: Callable[..., Subscriber], restored: Callable[[], None]
) -> None:
    sign_up_as()
    OutboxEntry.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert current_notices() == [] and why_waiting() == ""
    restored()
    assert [notice.weight for notice in current_notices()] == ["warning"]
    assert why_waiting().startswith("This site was restored from a backup of")
    findings = list(check_queue())
    assert "restored from a backup" in findings[0].text
    assert "bad" not in {finding.level for finding in findings}  # nobody has to do anything
