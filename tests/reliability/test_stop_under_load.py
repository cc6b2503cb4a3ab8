"""SIGTERM while sign-ups pour in: what was accepted is answered and kept, and all is over within 25 seconds."""

import itertools
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.reliability.databases import LONG_AGO
from tests.reliability.processes import OF_DATABASE, STOP_SECONDS, Dropped, Site, accepted, until

pytestmark = OF_DATABASE

CLIENTS = 12
# Seconds that they pour before the signal, and after the end.
BEFORE, AFTER = 3.0, 1.0


@dataclass
class Pour:
    """Visitors who sign up one after another, each with a connection of its own, until told to stop."""

    site: Site
    thanked: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self._threads = [threading.Thread(target=self._visit) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(60)

    def _visit(self) -> None:
        while not self.over.is_set():
            email = f"person{next(self._numbers)}@example.org"
            try:
                answer = self.site.sign_up(email)
            except ConnectionRefusedError:
                self.ends["refused"] += 1
                time.sleep(0.02)
            except Dropped as error:
                self.ends[f"dropped: {error}"] += 1
            else:
                self.ends[str(answer.status)] += 1
                if answer.status == 303:
                    self.thanked.append(email)


def test_web_and_worker_stop_while_sign_ups_pour_in(site: Site) -> None:
    web, worker = site.start_web(), site.start_worker()
    until(lambda: "worker started" in worker.printed, 30, "the worker's start")
    pour = Pour(site)
    try:
        time.sleep(BEFORE)
        ending = [threading.Thread(target=running.process.terminate) for running in (web, worker)]
        began = time.monotonic()
        for thread in ending:
            thread.start()
        for running in (web, worker):
            running.process.wait(STOP_SECONDS + 10)
        seconds = time.monotonic() - began
        time.sleep(AFTER)
    finally:
        pour.stop()
    print(f"{dict(pour.ends)}, ended within {seconds:.1f} s")
    assert (web.process.returncode, worker.process.returncode) == (0, 0)
    assert seconds <= STOP_SECONDS
    assert len(pour.thanked) > 20 and pour.ends["refused"]  # it poured, before and after
    assert set(pour.ends) == {"303", "refused"}
    assert set(pour.thanked) <= site.subscribers()

    site.start_worker()
    until(lambda: site.open_entries() == 0, 50, "the delivery of all")
    assert {contact["email_address"] for contact in site.mailchimp.contacts} == site.subscribers()


@pytest.mark.skipif(sys.platform != "linux", reason="counts accepted connections in /proc")
def test_requests_under_way_when_told_to_stop_are_answered_in_full(site: Site) -> None:
    """Every thread of the web server, and a queue behind them, waits for the database when the signal comes."""
    web = site.start_web()
    answers: list[int | str] = []

    def visit(number: int) -> None:
        try:
            answers.append(site.sign_up(f"waiting{number}@example.org").status)
        except (Dropped, ConnectionRefusedError) as error:
            answers.append(repr(error))

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(24)]
    with site.database.locked():
        for visitor in visitors:
            visitor.start()
        until(lambda: accepted(site.port) >= len(visitors), 10, "the arrival of all")
        web.process.terminate()
        time.sleep(1.5)
        assert web.is_running and answers == []
    began = time.monotonic()
    for visitor in visitors:
        visitor.join(60)
    web.process.wait(STOP_SECONDS)
    print(f"ended {time.monotonic() - began:.1f} s after the database was free")
    assert answers == [303] * len(visitors)
    assert site.open_entries() == len(visitors)
    assert web.process.returncode == 0


@pytest.mark.parametrize("fault", [{"kind": "hang"}, {"kind": "drip", "seconds": 60}], ids=["hangs", "drips"])
def test_a_worker_stops_in_time_while_mailchimp_does_not_answer(site: Site, fault: dict[str, Any]) -> None:
    web = site.start_web()
    emails = {f"hanging{number}@example.org" for number in range(3)}
    held = site.mailchimp.fail(**fault, method="PUT")
    for email in sorted(emails):
        assert site.sign_up(email).status == 303
    worker = site.start_worker()
    until(lambda: held.hits, 30, "the call")
    seconds = worker.stop()
    print(f"the worker ended within {seconds:.1f} s")
    assert seconds <= STOP_SECONDS
    assert web.is_running and site.open_entries() == 3

    site.mailchimp.clear_faults()
    site.end_leases()
    site.database.rows("UPDATE newsletter_outboxentry SET due_at = ?", LONG_AGO)
    site.start_worker()
    until(lambda: site.open_entries() == 0, 40, "the delivery of all")
    assert {contact["email_address"] for contact in site.mailchimp.contacts} == emails
    assert [site.mailchimp.confirmation_mails(email) for email in emails] == [1, 1, 1]
