"""The decision table, row by row: a changed row fails its test."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.decisions import Put, Settle, decide, state_of
from newsletter.states import State

SIGNED_UP = datetime(2026, 11, 21, 12, tzinfo=UTC)
BEFORE, AFTER = SIGNED_UP - timedelta(days=1), SIGNED_UP + timedelta(seconds=1)

TABLE = [
    # status at Mailchimp, changed there, double opt-in -> what to do
    (None, None, True, Put(status_if_new="pending")),
    (None, None, False, Put(status_if_new="subscribed")),
    ("pending", BEFORE, True, Put(status_if_new="pending")),
    ("pending", BEFORE, False, Put(status_if_new="pending")),
    ("pending", AFTER, True, Put(status_if_new="pending")),
    ("subscribed", BEFORE, True, Put(status_if_new="pending", keep_names=True)),
    ("subscribed", AFTER, True, Put(status_if_new="pending", keep_names=True)),
    ("subscribed", BEFORE, False, Put(status_if_new="subscribed", keep_names=True)),
    ("unsubscribed", BEFORE, True, Put(status="pending")),
    ("unsubscribed", BEFORE, False, Put(status="pending")),
    ("unsubscribed", SIGNED_UP, True, Put(status="pending")),
    ("unsubscribed", None, True, Put(status="pending")),
    ("unsubscribed", AFTER, True, State.UNSUBSCRIBED),
    ("unsubscribed", AFTER, False, State.UNSUBSCRIBED),
    ("archived", BEFORE, True, Put(status="pending")),
    ("archived", BEFORE, False, Put(status="subscribed")),
    ("archived", AFTER, True, State.UNSUBSCRIBED),
    ("archived", AFTER, False, State.UNSUBSCRIBED),
    ("transactional", BEFORE, True, Put(status="pending")),
    ("transactional", BEFORE, False, Put(status="subscribed")),
    ("cleaned", BEFORE, True, State.BOUNCED),
    ("cleaned", BEFORE, False, State.BOUNCED),
    ("cleaned", AFTER, True, State.BOUNCED),
    ("something new", BEFORE, True, State.NEEDS_ATTENTION),
    ("something new", BEFORE, False, State.NEEDS_ATTENTION),
]


@pytest.mark.parametrize(("status", "changed_at", "double_opt_in", "expected"), TABLE)
def test_the_decision_table(
    status: str | None, changed_at: datetime | None, double_opt_in: bool, expected: Put | State
) -> None:
    found = decide(status, double_opt_in=double_opt_in, changed_at=changed_at, signed_up_at=SIGNED_UP)
    if isinstance(expected, State):
        assert isinstance(found, Settle)
        assert found.state == expected
        assert found.reason
    else:
        assert found == expected


STATUSES = [None, "pending", "subscribed", "unsubscribed", "archived", "transactional", "cleaned", "new"]


@pytest.mark.parametrize("double_opt_in", [True, False])
@pytest.mark.parametrize("changed_at", [None, BEFORE, AFTER])
def test_no_live_subscriber_is_ever_demoted(changed_at: datetime | None, double_opt_in: bool) -> None:
    found = decide("subscribed", double_opt_in=double_opt_in, changed_at=changed_at, signed_up_at=SIGNED_UP)
    assert isinstance(found, Put)
    assert found.status == ""


@pytest.mark.parametrize("double_opt_in", [True, False])
@pytest.mark.parametrize("changed_at", [None, BEFORE, AFTER])
def test_nobody_who_left_returns_without_confirming(changed_at: datetime | None, double_opt_in: bool) -> None:
    found = decide("unsubscribed", double_opt_in=double_opt_in, changed_at=changed_at, signed_up_at=SIGNED_UP)
    assert not isinstance(found, Put) or found.status == "pending"


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("changed_at", [None, BEFORE, AFTER])
def test_with_double_opt_in_nothing_is_ever_subscribed_outright(
    status: str | None, changed_at: datetime | None
) -> None:
    found = decide(status, double_opt_in=True, changed_at=changed_at, signed_up_at=SIGNED_UP)
    assert not isinstance(found, Put) or "subscribed" not in (found.status, found.status_if_new)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("subscribed", State.SUBSCRIBED),
        ("pending", State.AWAITING_CONFIRMATION),
        ("unsubscribed", State.UNSUBSCRIBED),
        ("cleaned", State.BOUNCED),
        ("archived", State.UNSUBSCRIBED),
        ("transactional", State.UNSUBSCRIBED),
        ("something new", State.NEEDS_ATTENTION),
    ],
)
def test_the_state_of_each_status(status: str, state: State) -> None:
    found, reason = state_of(status)
    assert found == state
    assert bool(reason) is (state != State.SUBSCRIBED)
