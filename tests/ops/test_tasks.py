"""The task queue: each task runs, also when its worker or the database does not live to see it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from core.models import Lease
from core.worker import tasks
from core.worker.presence import FORGET_AFTER, LEASE_SECONDS, Presence, forget_the_dead, living_workers
from core.worker.tasks import MAX_WORKERS_PER_TASK, TaskQueue, recover_tasks
from tests.ops import background_tasks
from tests.ops.background_tasks import fail, note

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keep_the_connection")]


@pytest.fixture(autouse=True)
def no_traces() -> Iterator[None]:
    yield
    background_tasks.ran.clear()


@pytest.fixture
def presence() -> Presence:
    presence = Presence()
    presence.beat()
    return presence


@pytest.fixture
def clock_time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as coordinates:
        yield coordinates


def claim(presence: Presence) -> DBTaskResult:
    """Take the next task and do no more, as a worker that is killed right then."""
    task = TaskQueue(presence)._claim()
    assert task is not None
    return task


def test_tasks_run_in_the_order_they_came(presence: Presence) -> None:
    note.enqueue("first")
    note.enqueue("second")
    queue = TaskQueue(presence)
    assert queue.run_next() and queue.run_next() and not queue.run_next()
    assert background_tasks.ran == ["first", "second"]
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {TaskResultStatus.SUCCESSFUL}


def test_a_task_that_raises_is_recorded_and_the_next_one_runs(presence: Presence) -> None:
    fail.enqueue()
    note.enqueue("after")
    queue = TaskQueue(presence)
    assert queue.run_next() and queue.run_next()
    assert background_tasks.ran == ["after"]
    assert DBTaskResult.objects.get(status=TaskResultStatus.FAILED).exception_class_path == "builtins.RuntimeError"


def test_a_task_of_a_killed_worker_runs_again_and_that_of_a_living_one_does_not(
    clock_time: time_machine.Traveller,
) -> None:
    victim, survivor = Presence(), Presence()
    victim.beat()
    note.enqueue("mine")
    claim(victim)
    survivor.beat()
    assert recover_tasks() == 0

    clock_time.shift(LEASE_SECONDS)
    survivor.beat()
    assert living_workers() == {survivor.worker_id}
    assert recover_tasks() == 1
    assert TaskQueue(survivor).run_next()
    assert background_tasks.ran == ["mine"]
    assert recover_tasks() == 0


def test_a_task_that_ends_every_worker_is_given_up(clock_time: time_machine.Traveller) -> None:
    note.enqueue("deadly")
    for _ in range(MAX_WORKERS_PER_TASK):
        victim = Presence()
        victim.beat()
        claim(victim)
        clock_time.shift(LEASE_SECONDS)
        recover_tasks()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert not TaskQueue(Presence()).run_next()


def test_a_task_whose_outcome_could_not_be_written_runs_again(
    presence: Presence, monkeypatch: pytest.MonkeyPatch, clock_time: time_machine.Traveller
) -> None:
    presence.beat()
    first_id = presence.worker_id
    note.enqueue("twice")
    queue = TaskQueue(presence)

    def away(*_: object) -> None:
        raise OperationalError("connection lost")

    stop = threading.Event()
    monkeypatch.setattr(tasks, "stopping", stop)
    monkeypatch.setattr(stop, "wait", lambda _: stop.set())
    with monkeypatch.context() as patch:
        patch.setattr(DBTaskResult, "set_successful", away)
        patch.setattr(DBTaskResult, "set_failed", away)
        queue.run()  # returns: the database was away, and the pause after it is where the test says stop

    assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING
    assert presence.worker_id == queue.worker_id != first_id
    clock_time.shift(LEASE_SECONDS)
    presence.beat()
    assert recover_tasks() == 1
    assert queue.run_next()
    assert background_tasks.ran == ["twice", "twice"]


def test_an_idle_queue_only_reads(presence: Presence, django_assert_num_queries) -> None:
    queue = TaskQueue(presence)
    with django_assert_num_queries(1) as captured:
        assert not queue.run_next()
    assert captured.captured_queries[0]["sql"].startswith("SELECT")


def test_traces_of_the_dead_are_forgotten_after_a_while(clock_time: time_machine.Traveller) -> None:
    Presence().beat()
    clock_time.shift(FORGET_AFTER)
    assert forget_the_dead() == 0
    clock_time.shift(timedelta(seconds=LEASE_SECONDS + 1))
    assert forget_the_dead() == 1
    assert not Lease.objects.exists()


def test_a_worker_that_ends_in_order_is_gone_at_once(presence: Presence) -> None:
    assert living_workers() == {presence.worker_id}
    presence.leave()
    assert living_workers() == set()
