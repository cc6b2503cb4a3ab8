"""Counts by day and week, from which nobody can be told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from newsletter import statistics
from newsletter.models import Consent, DailyCount, Subscriber
from newsletter.states import State
from newsletter.statistics import Week, count, count_sign_ups, sign_ups_by_week, totals
from tests.newsletter.conftest import EMAIL

pytestmark = pytest.mark.django_db
Kind = DailyCount.Kind
THURSDAY = date(2026, 11, 19)


@pytest.fixture
def today(monkeypatch: Any) -> Any:
    """Sets the day."""

    def run(day: date) -> None:
        monkeypatch.setattr(statistics, "_today", lambda: day)

    run(THURSDAY)
    return run


def consent(subscriber: Subscriber, *moment: int) -> None:
    Consent(
        subscriber=subscriber,
        email=EMAIL,
        wording="",
        wording_version=0,
        opt_in_mode="double",
        given_at=datetime(*moment, tzinfo=UTC),
    ).save()


@pytest.fixture
def subscriber() -> Subscriber:
    return Subscriber.objects.create(email=EMAIL, email_key=EMAIL.lower())


def test_the_form_counts_robots_held_sign_ups_and_other_websites(pages: Any, settings: Any) -> None:
    client = Client()
    for _ in range(2):
        client.post("/newsletter/", {"email": EMAIL, "website": "x"})
    client.post("/newsletter/", {"email": "good@example.org"})
    settings.SIGNUP_LIMIT_PER_IP = 1
    client.post("/newsletter/", {"email": EMAIL})
    client.post("/newsletter/", {"email": EMAIL}, headers={"Sec-Fetch-Site": "cross-site"})
    client.post("/newsletter/", {"email": "bad"})
    assert totals() == {Kind.SIGN_UP: 0, Kind.TRAPPED: 2, Kind.HELD: 1, Kind.FROM_ELSEWHERE: 1}


def test_a_count_that_cannot_be_written_costs_no_sign_up(pages: Any, settings: Any, monkeypatch: Any) -> None:
    settings.SIGNUP_LIMIT_PER_IP = 1
    Client().post("/newsletter/", {"email": "first@example.org"})

    def locked(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(DailyCount.objects, "filter", locked)
    assert Client().post("/newsletter/", {"email": EMAIL}).status_code == 303
    assert Subscriber.objects.filter(state=State.HELD).count() == 1


def test_totals_look_back_so_many_days(today: Any) -> None:
    for days in (0, 6, 7):
        DailyCount.objects.create(day=THURSDAY - timedelta(days=days), kind=Kind.HELD, count=days + 1)
    assert totals(7)[Kind.HELD] == 8
    assert totals(8)[Kind.HELD] == 16
    count(Kind.HELD, 5)
    assert totals(1)[Kind.HELD] == 6


def test_sign_ups_are_counted_by_utc_day_and_shown_by_week(today: Any, subscriber: Subscriber) -> None:
    consent(subscriber, 2026, 11, 15, 23, 59, 59)  # a Sunday
    consent(subscriber, 2026, 11, 16, 0, 0, 0)
    consent(subscriber, 2026, 11, 19, 12, 0, 0)
    count_sign_ups()
    weeks = sign_ups_by_week(3)
    assert weeks == [Week(date(2026, 11, 2), 0), Week(date(2026, 11, 9), 1), Week(date(2026, 11, 16), 2)]
    assert totals(7)[Kind.SIGN_UP] == 3
    assert len(sign_ups_by_week()) == 12


def test_counting_again_takes_what_came_since_and_forgets_nobody_who_was_erased(
    today: Any, subscriber: Subscriber
) -> None:
    consent(subscriber, 2026, 11, 18, 9)
    consent(subscriber, 2026, 11, 19, 9)
    count_sign_ups()
    consent(subscriber, 2026, 11, 19, 23, 59)
    today(THURSDAY + timedelta(days=2))
    count_sign_ups()
    assert totals(3)[Kind.SIGN_UP] == 2
    assert totals(4)[Kind.SIGN_UP] == 3
    subscriber.delete()
    today(THURSDAY + timedelta(days=3))
    count_sign_ups()
    assert totals(5)[Kind.SIGN_UP] == 3


def test_a_recount_takes_few_queries(today: Any, django_assert_max_num_queries: Any) -> None:
    count_sign_ups()
    with django_assert_max_num_queries(8):
        count_sign_ups()
