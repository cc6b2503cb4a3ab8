"""The decision table: complete, each situation in one row, and a changed row fails its test."""

from collections.abc import Iterator
from itertools import product

import pytest

from newsletter.decisions import Details, Erase, Postpone, Put, Settle, Standing, Unsubscribe, decide, state_of
from newsletter.models import Desired
from newsletter.states import State

YES, NO, EITHER = (True,), (False,), (True, False)
EVERY = tuple(Standing)
DOUBLE, SINGLE = YES, NO  # in the column of double opt-in
FORM_ONLY = True
FILL, REPLACE = Details.FILL, Details.REPLACE
LIVE = (Standing.PENDING, Standing.SUBSCRIBED, Standing.ADDED)
NOT_LIVE = tuple(standing for standing in Standing if standing not in LIVE)
THERE = tuple(standing for standing in Standing if standing != Standing.NONE)

# (standing at Mailchimp, double opt-in, changed there since, asked lately) -> what to do
SIGN_UP = [
    ((Standing.NONE,), DOUBLE, EITHER, NO, Put(status_if_new="pending")),
    ((Standing.NONE,), DOUBLE, EITHER, YES, Postpone()),
    ((Standing.NONE,), SINGLE, EITHER, EITHER, Put(status_if_new="subscribed")),
    ((Standing.PENDING,), EITHER, EITHER, EITHER, Put(status_if_new="pending")),
    ((Standing.ADDED,), DOUBLE, EITHER, EITHER, Put(status_if_new="pending")),
    ((Standing.ADDED,), SINGLE, EITHER, EITHER, Put(status_if_new="subscribed")),
    ((Standing.SUBSCRIBED,), DOUBLE, EITHER, EITHER, Put(status_if_new="pending", details=FILL)),
    ((Standing.SUBSCRIBED,), SINGLE, EITHER, EITHER, Put(status_if_new="subscribed", details=FILL)),
    ((Standing.UNSUBSCRIBED,), EITHER, NO, NO, Put(status="pending")),
    ((Standing.UNSUBSCRIBED,), EITHER, NO, YES, Postpone()),
    ((Standing.UNSUBSCRIBED,), EITHER, YES, EITHER, (State.UNSUBSCRIBED, not FORM_ONLY, "after signing up")),
    ((Standing.COMPLAINED,), EITHER, NO, EITHER, (State.REFUSED, FORM_ONLY, "complained")),
    ((Standing.COMPLAINED,), EITHER, YES, EITHER, (State.UNSUBSCRIBED, FORM_ONLY, "complained")),
    ((Standing.ARCHIVED,), DOUBLE, NO, NO, Put(status="pending")),
    ((Standing.ARCHIVED,), DOUBLE, NO, YES, Postpone()),
    ((Standing.ARCHIVED,), SINGLE, NO, EITHER, Put(status="subscribed")),
    ((Standing.ARCHIVED,), EITHER, YES, EITHER, (State.UNSUBSCRIBED, not FORM_ONLY, "after signing up")),
    ((Standing.TRANSACTIONAL,), DOUBLE, EITHER, NO, Put(status="pending")),
    ((Standing.TRANSACTIONAL,), DOUBLE, EITHER, YES, Postpone()),
    ((Standing.TRANSACTIONAL,), SINGLE, EITHER, EITHER, Put(status="subscribed")),
    ((Standing.CLEANED,), EITHER, EITHER, EITHER, (State.BOUNCED, FORM_ONLY, "bounced")),
    ((Standing.UNKNOWN,), EITHER, EITHER, EITHER, (State.NEEDS_ATTENTION, not FORM_ONLY, "does not know")),
]
PROFILE = [
    ((Standing.NONE,), EITHER, EITHER, EITHER, (State.UNSUBSCRIBED, not FORM_ONLY, "any more")),
    (THERE, EITHER, EITHER, EITHER, Put(details=REPLACE)),
]
UNSUBSCRIBED = [
    (LIVE, EITHER, EITHER, EITHER, Unsubscribe()),
    (NOT_LIVE, EITHER, EITHER, EITHER, (State.UNSUBSCRIBED, not FORM_ONLY, "left on this site")),
]
ERASED = [(EVERY, EITHER, EITHER, EITHER, Erase())]
TABLE = [
    (desired, *row)
    for desired, rows in (
        (Desired.SUBSCRIBED, SIGN_UP),
        (Desired.PROFILE, PROFILE),
        (Desired.UNSUBSCRIBED, UNSUBSCRIBED),
        (Desired.ERASED, ERASED),
    )
    for row in rows
]
Situation = tuple[Desired, Standing, bool, bool, bool]


def situations(row: tuple) -> Iterator[Situation]:
    """Every situation that a row speaks of."""
    desired, standings, double_opt_in, left_since, asked_lately, _ = row
    for standing, *rest in product(standings, double_opt_in, left_since, asked_lately):
        yield (desired, standing, *rest)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0].value}: {row[1][0].value}")
def test_the_decision_table(row: tuple) -> None:
    expected = row[-1]
    for desired, standing, double_opt_in, left_since, asked_lately in situations(row):
        found = decide(standing, desired, double_opt_in=double_opt_in, left_since=left_since, asked_lately=asked_lately)
        if isinstance(expected, tuple):
            state, only_form, words = expected
            assert isinstance(found, Settle)
            assert (found.state, found.only_form) == (state, only_form)
            assert words in found.reason
        else:
            assert found == expected


def test_the_table_has_each_situation_in_one_row() -> None:
    listed = [situation for row in TABLE for situation in situations(row)]
    everything = set(product(Desired, Standing, EITHER, EITHER, EITHER))
    assert len(listed) == len(set(listed)) == len(everything) == 4 * 10 * 8
    assert set(listed) == everything


def all_decisions(*standings: Standing, desired: Desired = Desired.SUBSCRIBED, **known: bool) -> list:
    names = ("double_opt_in", "left_since", "asked_lately")
    return [
        decide(standing, desired, **dict(zip(names, values, strict=True)) | known)
        for standing in standings or EVERY
        for values in product(EITHER, repeat=3)
    ]


@pytest.mark.parametrize("desired", [Desired.SUBSCRIBED, Desired.PROFILE])
def test_no_live_subscriber_is_ever_demoted(desired: Desired) -> None:
    for found in all_decisions(Standing.SUBSCRIBED, Standing.ADDED, desired=desired):
        assert isinstance(found, Put)
        assert found.status == ""


def test_nobody_who_left_returns_without_confirming() -> None:
    for found in all_decisions(Standing.UNSUBSCRIBED, Standing.COMPLAINED):
        assert not isinstance(found, Put) or found == Put(status="pending")


def test_with_double_opt_in_nothing_is_ever_subscribed_outright() -> None:
    for found in all_decisions(double_opt_in=True):
        assert not isinstance(found, Put) or "subscribed" not in (found.status, found.status_if_new)


def test_whoever_was_asked_lately_is_not_asked_again() -> None:
    """`pending` for a contact that is pending, or for a live one as "status if new", sends no mail."""
    for found in all_decisions(*NOT_LIVE, asked_lately=True):
        assert not isinstance(found, Put) or "pending" not in (found.status, found.status_if_new)


def test_only_a_sign_up_puts_anybody_onto_the_list() -> None:
    for desired in set(Desired) - {Desired.SUBSCRIBED}:
        for found in all_decisions(desired=desired):
            assert not isinstance(found, Put) or (found.status, found.status_if_new) == ("", "")


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
