"""Periodic jobs: run when due, by one worker, whatever happens to the others."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from core import leases
from core.models import Lease
from core.worker import jobs, stopping
from core.worker.clock import Clock, tick_time
from core.worker.jobs import Job, all_jobs
from core.worker.presence import LEASE_SECONDS, Presence

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("keep_the_connection")


@pytest.fixture
def clock_time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as coordinates:
        yield coordinates


def make_clock(*listed: Job) -> Clock:
    return Clock(list(listed), Presence())


@pytest.mark.django_db
def test_a_job_runs_once_in_its_time_over_all_workers(clock_time: time_machine.Traveller) -> None:
    runs: list[str] = []
    job = Job("hourly", timedelta(hours=1), lambda: runs.append("run"))
    workers = make_clock(job), make_clock(job)

    for minutes in (0, 20, 40):
        clock_time.move_to(NOON + timedelta(minutes=minutes))
        for worker in workers:
            worker.tick(job)
    assert len(runs) == 1

    clock_time.move_to(NOON + timedelta(hours=1))
    for worker in workers:
        worker.tick(job)
    assert len(runs) == 2


@pytest.mark.django_db
def test_a_restart_neither_forgets_nor_repeats_a_daily_job(clock_time: time_machine.Traveller) -> None:
    runs: list[str] = []
    job = Job("daily", timedelta(days=1), lambda: runs.append("run"))
    for hours in range(0, 49, 4):
        clock_time.move_to(NOON + timedelta(hours=hours))
        make_clock(job).tick(job)  # a worker started just now
    assert len(runs) == 3


@pytest.mark.django_db
def test_a_running_job_is_kept_from_others_however_long_it_takes(clock_time: time_machine.Traveller) -> None:
    other, runs = make_clock(), []

    def run() -> None:
        runs.append("run")
        for _ in range(20):
            clock_time.shift(LEASE_SECONDS - 1)
            worker.beat()
            other.tick(job)

    job = Job("long", timedelta(seconds=5), run)
    worker = make_clock(job)
    worker.tick(job)
    assert len(runs) == 1
    assert worker.running() == []


@pytest.mark.django_db
def test_the_job_of_a_killed_worker_is_taken_up_within_a_minute(clock_time: time_machine.Traveller) -> None:
    class Killed(BaseException):
        """Stands for SIGKILL: nothing after it is done."""

    def be_killed() -> None:
        raise Killed

    job = Job("daily", timedelta(days=1), be_killed)
    victim = make_clock(job)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(leases.HeldLease, "keep_until", lambda *_: pytest.fail("a killed worker writes nothing"))
        victim.tick(job)

    runs: list[str] = []
    again = Job("daily", timedelta(days=1), lambda: runs.append("run"))
    survivor = make_clock(again)
    survivor.tick(again)
    assert runs == []
    clock_time.shift(60 - tick_time(again).total_seconds())
    survivor.tick(again)
    assert runs == ["run"]


@pytest.mark.django_db
def test_a_job_that_raises_is_logged_and_tried_again_soon(
    clock_time: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[str] = []

    def fail() -> None:
        attempts.append("attempt")
        raise RuntimeError("broken")

    failing = Job("failing", timedelta(days=1), fail)
    fine = Job("fine", timedelta(days=1), lambda: attempts.append("fine"))
    worker = make_clock(failing, fine)
    with caplog.at_level(logging.ERROR):
        worker.tick(failing)
        worker.tick(fine)
    assert attempts == ["attempt", "fine"]
    assert [record.__dict__["job"] for record in caplog.records] == ["failing"]

    clock_time.shift(timedelta(minutes=5))
    worker.tick(failing)
    assert attempts.count("attempt") == 2


@pytest.mark.django_db
def test_a_database_that_is_away_ends_no_tick_with_a_traceback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(leases, "acquire", away)
    job = Job("hourly", timedelta(hours=1), lambda: pytest.fail("must not run"))
    make_clock(job).tick(job)
    assert [record.exc_info for record in caplog.records if record.name == "core.worker.clock"] == [None]


@pytest.mark.django_db
def test_a_stopping_worker_begins_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "is_set", lambda: True)
    job = Job("hourly", timedelta(hours=1), lambda: pytest.fail("must not run"))
    make_clock(job).tick(job)
    assert not Lease.objects.exists()


def test_every_app_lists_its_jobs_and_no_two_share_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [job.name for job in all_jobs()]
    assert {"core/publish-scheduled", "core/recover", "core/prune-task-results", "core/clear-sessions"} <= set(names)

    same = Job("core/recover", timedelta(hours=1), lambda: None)
    monkeypatch.setattr("core.jobs.JOBS", [same, same])
    with pytest.raises(ImproperlyConfigured, match="core/recover"):
        jobs.all_jobs()


def test_a_job_is_looked_at_often_enough_to_be_at_most_a_quarter_late() -> None:
    assert tick_time(Job("short", timedelta(seconds=4), lambda: None)) == timedelta(seconds=1)
    assert tick_time(Job("long", timedelta(days=1), lambda: None)) == timedelta(seconds=10)
