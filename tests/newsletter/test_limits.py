"""Limits on sign-ups: over one a sign-up is held or adds nothing, and the answer is the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsletter import limits
from newsletter.limits import MANY_FROM_ALL, MANY_FROM_NETWORK, reason_to_hold, trace
from newsletter.models import Consent, OutboxEntry, SignUpTrace, Subscriber
from newsletter.releases import release_held
from newsletter.rights import erase
from newsletter.states import Source, State
from tests.newsletter.conftest import EMAIL

pytestmark = pytest.mark.django_db
ADDRESS = "198.51.100.7"


@pytest.fixture
def send() -> Callable[..., Any]:
    """Send the form from a network."""

    def run(email: str = EMAIL, ip: str = ADDRESS, **fields: str) -> Any:
        return Client(REMOTE_ADDR=ip).post("/newsletter/", {"email": email} | fields)

    return run


def answer(response: Any) -> tuple[Any, ...]:
    return response.status_code, sorted(response.items()), response.content


def state_of(email: str = EMAIL) -> str:
    return Subscriber.objects.get(email_key=email.lower()).state


def age_everything(by: timedelta) -> None:
    """Let time pass for what the limits look at."""
    for left in SignUpTrace.objects.all():
        SignUpTrace.objects.filter(pk=left.pk).update(at=left.at - by)
    for subscriber in Subscriber.objects.all():
        Subscriber.objects.filter(pk=subscriber.pk).update(signed_up_at=subscriber.signed_up_at - by)


@pytest.mark.parametrize(
    ("setting", "ips", "reason"),
    [
        ("SIGNUP_LIMIT_PER_IP", [ADDRESS] * 3, MANY_FROM_NETWORK),
        ("SIGNUP_LIMIT_GLOBAL", ["192.0.2.1", "192.0.2.2", "192.0.2.3"], MANY_FROM_ALL),
    ],
)
def test_over_a_limit_a_sign_up_is_held_with_the_reason_and_answered_alike(
    pages: Any, send: Callable[..., Any], settings: Any, setting: str, ips: list[str], reason: str
) -> None:
    setattr(settings, setting, 2)
    answers = [answer(send(f"person{n}@example.org", ip)) for n, ip in enumerate(ips)]
    assert answers[0] == answers[1] == answers[2]
    found = list(Subscriber.objects.order_by("pk").values_list("state", "reason"))
    assert found == [(State.WAITING, ""), (State.WAITING, ""), (State.HELD, reason)]
    assert OutboxEntry.objects.open().get(held_at__isnull=False).subscriber.email == "person2@example.org"


def test_after_an_hour_a_limit_begins_anew(settings: Any) -> None:
    settings.SIGNUP_LIMIT_PER_IP = 2
    for n in range(2):
        assert reason_to_hold(ADDRESS) == ""
        trace(ADDRESS, f"person{n}@example.org").save()
    assert reason_to_hold(ADDRESS) == MANY_FROM_NETWORK
    age_everything(timedelta(minutes=61))
    assert reason_to_hold(ADDRESS) == ""


def test_no_limit_when_set_to_nought(settings: Any, send: Callable[..., Any]) -> None:
    settings.SIGNUP_LIMIT_PER_IP = settings.SIGNUP_LIMIT_GLOBAL = settings.SIGNUP_LIMIT_PER_ADDRESS = 0
    for _ in range(5):
        send()
    assert state_of() == State.WAITING
    assert Consent.objects.count() == 5


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "nonsense", True),
    ],
)
def test_networks_that_count_together(settings: Any, one: str, other: str, together: bool) -> None:
    settings.SIGNUP_LIMIT_PER_IP = 1
    trace(one, EMAIL).save()
    assert bool(reason_to_hold(other)) is together


def test_traces_hold_no_address_and_change_with_the_secret_key(settings: Any) -> None:
    trace(ADDRESS, EMAIL).save()
    left = SignUpTrace.objects.get()
    assert "198" not in left.network_hash[:3]
    assert not {ADDRESS, EMAIL, EMAIL.lower()} & {left.network_hash, left.address_hash}
    settings.SECRET_KEY = "another"
    assert limits.network_hash(ADDRESS) != left.network_hash
    assert limits.address_hash(EMAIL) != left.address_hash


def test_the_same_address_again_and_again_adds_no_more_evidence_and_no_renewal(
    pages: Any, send: Callable[..., Any], settings: Any
) -> None:
    settings.SIGNUP_LIMIT_PER_ADDRESS = 3
    answers = [answer(send(EMAIL.upper() if n % 2 else EMAIL, f"192.0.2.{n}")) for n in range(6)]
    assert all(each == answers[0] for each in answers)
    assert Consent.objects.count() == SignUpTrace.objects.count() == 3
    assert OutboxEntry.objects.get().sequence == 3
    age_everything(timedelta(minutes=61))
    send()
    assert Consent.objects.count() == 4


@pytest.mark.parametrize("gone", ["left", "erased"])
def test_someone_who_is_gone_can_sign_up_again_whatever_the_limit(
    send: Callable[..., Any], settings: Any, gone: str
) -> None:
    settings.SIGNUP_LIMIT_PER_ADDRESS = 2
    for _ in range(3):
        send()
    subscriber = Subscriber.objects.get()
    if gone == "erased":
        erase(subscriber, Source.EDITOR)
    else:
        OutboxEntry.objects.all().delete()
        subscriber.settle(State.UNSUBSCRIBED, Source.WEBHOOK)
    send()
    assert state_of() == State.WAITING
    assert OutboxEntry.objects.open().filter(subscriber__email=EMAIL).count() == 1


@pytest.mark.parametrize(
    ("took", "held"),
    [("0", True), ("1999", True), ("2000", False), ("86400000", False), ("", False)]
    + [(nonsense, False) for nonsense in ("-5", "1.5", "soon", "9" * 30, "１５", "\0", " ")],
)
def test_the_eleventh_quick_form_of_a_network_is_held_and_never_refused(
    pages: Any, send: Callable[..., Any], took: str, held: bool
) -> None:
    for n in range(limits.QUICK_ONES):
        send(f"quick{n}@example.org", took="300")
    assert not Subscriber.objects.filter(state=State.HELD).exists()  # one form is no evidence, nor are ten
    quick, slow = send(took=took), send("other@example.org", took="9000")
    assert answer(quick) == answer(slow)
    assert state_of() == (State.HELD if held else State.WAITING)
    assert state_of("other@example.org") == State.WAITING
    assert Subscriber.objects.get(email=EMAIL).reason == (limits.QUICK_FROM_NETWORK if held else "")
    assert OutboxEntry.objects.open().count() == limits.QUICK_ONES + 2


def test_quick_forms_of_other_networks_and_earlier_hours_do_not_count(send: Callable[..., Any]) -> None:
    for n in range(limits.QUICK_ONES):
        send(f"quick{n}@example.org", took="300")
    send("elsewhere@example.org", "192.0.2.77", took="300")
    assert state_of("elsewhere@example.org") == State.WAITING
    age_everything(timedelta(minutes=61))
    send(took="300")
    assert state_of() == State.WAITING


def test_the_limits_are_asked_by_index_however_many_traces_there_are(settings: Any) -> None:
    network, address = limits.network_hash(ADDRESS), limits.address_hash(EMAIL)
    SignUpTrace.objects.bulk_create(SignUpTrace(network_hash=network, address_hash=address) for _ in range(2500))
    settings.SIGNUP_LIMIT_PER_IP = 5000
    with CaptureQueriesContext(connection) as captured:
        assert reason_to_hold(ADDRESS) == MANY_FROM_ALL
        assert limits.repeated_too_often([limits.address_hash(EMAIL)])
    assert len(captured) == 3
    if connection.vendor == "sqlite":
        for query in captured:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plan = " ".join(str(row) for row in cursor.fetchall())
            assert "USING INDEX trace_" in plan or "USING COVERING INDEX trace_" in plan
            assert "TEMP B-TREE" not in plan


def hold_a_rush(send: Callable[..., Any], number: int, ip: str = ADDRESS) -> None:
    for n in range(number):
        send(f"person{n}@example.org", ip)


def test_a_rush_of_people_is_let_go_once_it_is_over(send: Callable[..., Any], settings: Any) -> None:
    settings.SIGNUP_LIMIT_PER_IP = 2
    hold_a_rush(send, 6)
    assert Subscriber.objects.filter(state=State.HELD).count() == 4
    assert release_held() == 0  # it may still go on
    age_everything(timedelta(minutes=61))
    assert release_held() == 4
    assert not Subscriber.objects.exclude(state=State.WAITING).exists()
    assert OutboxEntry.objects.due().count() == 6
    assert release_held() == 0


def test_a_flood_stays_held(send: Callable[..., Any], settings: Any) -> None:
    settings.SIGNUP_LIMIT_PER_IP = 2
    hold_a_rush(send, 7)  # more than three times the limit in a day
    age_everything(timedelta(minutes=61))
    assert release_held() == 0
    assert Subscriber.objects.filter(state=State.HELD).count() == 5


def test_a_rush_that_goes_on_stays_held(send: Callable[..., Any], settings: Any) -> None:
    settings.SIGNUP_LIMIT_PER_IP = 2
    hold_a_rush(send, 3)
    age_everything(timedelta(minutes=61))
    for n in range(3):
        trace(ADDRESS, f"later{n}@example.org").save()
    assert release_held() == 0


def test_what_came_too_fast_or_a_day_ago_is_left_to_editors(send: Callable[..., Any], settings: Any) -> None:
    settings.SIGNUP_LIMIT_PER_IP = limits.QUICK_ONES + 1
    for n in range(limits.QUICK_ONES):
        send(f"quick{n}@example.org", took="5")
    send("fast@example.org", took="5")
    send("rush@example.org")
    age_everything(timedelta(hours=25))
    assert release_held() == 0
    age_everything(-timedelta(hours=23))
    assert release_held() == 1
    assert (state_of("fast@example.org"), state_of("rush@example.org")) == (State.HELD, State.WAITING)


def test_the_trace_is_written_with_the_sign_up_or_not_at_all(
    send: Callable[..., Any], monkeypatch: Any, pages: Any
) -> None:
    from django.db import OperationalError

    def fails(*args: Any, **options: Any) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(SignUpTrace.objects, "bulk_create", fails)
    assert send().status_code == 503
    assert not Subscriber.objects.exists()
