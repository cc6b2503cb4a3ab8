"""A lease is held by one at a time, and ends by itself."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connections

from core import leases
from core.models import Lease

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_held_lease_is_refused_to_others_and_to_its_own_holder() -> None:
    assert leases.acquire("reconcile", seconds=60) is not None
    assert leases.acquire("reconcile", seconds=60) is None
    assert leases.acquire("retention", seconds=60) is not None


@pytest.mark.django_db
def test_a_lease_ends_by_itself_and_its_old_holder_cannot_extend_or_release_it() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        lost = leases.acquire("reconcile", seconds=60)
        clock.shift(timedelta(seconds=59))
        assert leases.acquire("reconcile", seconds=60) is None
        clock.shift(timedelta(seconds=1))
        taken = leases.acquire("reconcile", seconds=60)
        assert lost is not None and taken is not None

        assert not lost.extend(600)
        lost.release()
        assert leases.is_held("reconcile")
        assert taken.extend(600)
        assert Lease.objects.get().expires_at == NOON + timedelta(seconds=660)


@pytest.mark.django_db
def test_a_released_lease_is_free_at_once() -> None:
    with leases.hold("reconcile", seconds=60) as lease:
        assert lease is not None
        with leases.hold("reconcile", seconds=60) as second:
            assert second is None
        assert leases.is_held("recon")
    assert not leases.is_held("recon")
    assert leases.acquire("reconcile", seconds=60) is not None


@pytest.mark.django_db
def test_a_lease_is_given_back_when_its_block_raises() -> None:
    with pytest.raises(ValueError, match="broken"), leases.hold("reconcile", seconds=60):
        raise ValueError("broken")
    assert not leases.is_held("reconcile")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ["never held", "held long ago"])
def test_of_several_threads_that_ask_at_once_exactly_one_gets_it(before: str) -> None:
    rounds, askers = 10, 4
    for number in range(rounds):
        name = f"round/{number}"
        if before == "held long ago":
            Lease.objects.create(name=name, holder="gone", expires_at=NOON - timedelta(days=1000))
        assert len(_winners(name, askers)) == 1


def _winners(name: str, askers: int) -> list[leases.HeldLease]:
    winners: list[leases.HeldLease] = []
    start = threading.Barrier(askers)

    def ask() -> None:
        try:
            start.wait(10)
            lease = leases.acquire(name, seconds=60)
            if lease is not None:
                winners.append(lease)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return winners
