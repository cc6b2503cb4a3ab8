"""Any one process is killed while people sign up: the others go on, and the checks tell the truth meanwhile."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.databases import Database
from tests.reliability.processes import OF_DATABASE, Dropped, Running, Site, free_port, until

pytestmark = [*OF_DATABASE, pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")]

# A light load: between two sign-ups.
PAUSE = 0.05


def children(running: Running) -> set[int]:
    """The processes that the web server's first one has started."""
    pid = running.process.pid
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


class Visitors:
    """Two people after another who sign up, and what they were told."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.thanked: list[str] = []
        self.answers: Counter[str] = Counter()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._visit, args=(name,)) for name in ("ada", "grace")]

    def _visit(self, name: str) -> None:
        number = 0
        while not self._over.wait(PAUSE):
            number += 1
            email = f"{name}{number}@example.org"
            try:
                status = self.site.sign_up(email).status
            except (ConnectionRefusedError, Dropped) as error:
                self.answers[type(error).__name__] += 1
            else:
                self.answers[str(status)] += 1
                if status == 303:
                    self.thanked.append(email)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        self.wait_for_thanks()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def wait_for_thanks(self) -> None:
        """Until ten more have been thanked than now."""
        enough = len(self.thanked) + 10
        until(lambda: len(self.thanked) >= enough, 30, "ten sign-ups")


@contextlib.contextmanager
def visitors(site: Site) -> Iterator[Visitors]:
    """People who sign up for the length of a `with` block. Afterwards nobody who was thanked is missing."""
    coming = Visitors(site)
    coming.start()
    try:
        yield coming
    finally:
        coming.stop()
    assert set(coming.thanked) <= site.subscribers()


def test_a_killed_web_process_is_replaced_and_the_others_answer_meanwhile(site: Site) -> None:
    web = site.start_web()
    with visitors(site) as coming:
        before = children(web)
        for victim in before:
            others = children(web) - {victim}
            began = time.monotonic()
            os.kill(victim, signal.SIGKILL)
            until(lambda: len(children(web) - others) == 1, 10, "another process")  # noqa: B023 (used at once)
            print(f"replaced after {time.monotonic() - began:.2f} s")
            assert others <= children(web)
            coming.wait_for_thanks()
    print(dict(coming.answers))
    # Whoever the killed processes had in hand has no answer: at most both visitors each time.
    assert set(coming.answers) <= {"303", "Dropped"} and coming.answers["Dropped"] <= 2 * len(before)


def test_when_the_web_server_is_killed_its_processes_end_and_another_takes_the_port(site: Site) -> None:
    web, worker = site.start_web(), site.start_worker()
    until(lambda: "worker started" in worker.printed, 30, "the worker's start")
    with visitors(site) as coming:
        orphans = children(web)
        web.process.kill()
        web.process.wait()
        began = time.monotonic()
        until(lambda: not any(map(is_there, orphans)), 20, "the end of its processes")
        print(f"they ended within {time.monotonic() - began:.1f} s")
        assert worker.is_running
        site.start_web()
        coming.wait_for_thanks()
    print(dict(coming.answers))
    assert set(coming.answers) <= {"303", "Dropped", "ConnectionRefusedError"}
    until(lambda: site.open_entries() == 0, 50, "the delivery of all")


def test_when_the_worker_is_killed_people_go_on_and_the_check_says_so(site: Site) -> None:
    site.start_web()
    worker = site.start_worker()
    until(lambda: '"worker": "ok"' in site.get("/health/ready/").body, 30, "the worker's first sign")
    with visitors(site) as coming:
        worker.kill()
        coming.wait_for_thanks()
        site.end_leases()  # what a worker says of itself holds for a while: that time is not waited for here
        answer = site.get("/health/ready/")
        assert (answer.status, '"worker": "not heard of' in answer.body) == (200, True)
    assert set(coming.answers) == {"303"}
    site.start_worker()
    until(lambda: '"worker": "ok"' in site.get("/health/ready/").body, 30, "the next worker's first sign")
    until(lambda: site.open_entries() == 0, 50, "the delivery of all")


def test_the_check_says_when_the_database_is_gone_and_when_it_is_back(site: Site) -> None:
    if site.database.is_sqlite:
        pytest.skip("a file cannot be away from the one machine that it is on")
    site.start_web()
    assert site.get("/health/ready/").status == 200
    server, _, name = site.database.url.rpartition("/")
    away = f"{name}_{free_port()}"
    elsewhere = Database(f"{server}/postgres")
    leave = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?"
    elsewhere.rows(leave, name)
    elsewhere.rows(f'ALTER DATABASE "{name}" RENAME TO "{away}"')
    try:
        answer = site.get("/health/ready/")
        assert (answer.status, '"database": "unreachable"' in answer.body) == (503, True)
        assert site.get("/health/live/").status == 200
        assert site.sign_up("ada@example.org").status == 503
    finally:
        elsewhere.rows(f'ALTER DATABASE "{away}" RENAME TO "{name}"')
    until(lambda: site.get("/health/ready/").status == 200, 30, "the database's return")
    assert site.sign_up("ada@example.org").status == 303
