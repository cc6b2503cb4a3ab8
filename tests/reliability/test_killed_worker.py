"""A worker killed at any step (SIGKILL, 20 times): the next one delivers, and nothing happens twice.

Each step is reached by the stand-in holding the right call open, not by luck. One test waits for the leases of the
killed worker on the real clock; the others move their end in the database.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.mailchimp_sandbox import Sandbox
from tests.reliability.databases import LONG_AGO, POSTGRES
from tests.reliability.processes import OF_DATABASE, Running, Site, until

pytestmark = OF_DATABASE

# A worker that is killed is replaced at once; what it had in hand is taken up within this time.
RECOVERY_SECONDS = 60
# Time for a worker to start and to deliver one entry, on a machine with other things to do.
SECONDS = 40

AUDIENCE, CONTACT, TAGS = r"/lists/[^/]+$", r"/members/", r"/tags$"


@pytest.fixture(scope="module")
def mailchimp() -> Iterator[Sandbox]:
    with Sandbox(double_optin=True) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def served(new_site: Callable[..., Site], mailchimp: Sandbox) -> Site:
    """A site whose web server runs, and which has delivered before."""
    site = new_site(mailchimp, WEB_CONCURRENCY="1")
    site.start_web()
    assert site.sign_up("first@example.org").status == 303
    site.start_worker()
    until(lambda: site.open_entries() == 0, SECONDS, "the first delivery")
    return site


@pytest.fixture
def site(served: Site, mailchimp: Sandbox) -> Iterator[Site]:
    """The site without a worker, all quiet."""
    served.end_workers()
    mailchimp.reset()
    # What a test that failed has left.
    served.database.rows("DELETE FROM newsletter_outboxentry WHERE done_at IS NULL")
    served.database.rows("UPDATE newsletter_queuestate SET paused_since = NULL, outage_since = NULL, probe_at = NULL")
    yield served
    served.end_workers()


# Signs the address up while a worker runs, or starts one that finds it waiting; gives the worker.
Begin = Callable[[], Running]


@dataclass(frozen=True)
class Step:
    """A place to be killed at.

    Attributes:
        reach: brings a worker there with this address's sign-up, and kills it.
        kills: how many workers are killed there, one after another.
        fresh: whether only a worker that has just started comes there.
    """

    name: str
    reach: Callable[[Site, Begin, str], None]
    kills: int
    fresh: bool = False


def held_at(**call: Any) -> Callable[[Site, Begin, str], None]:
    """Kill the worker while the stand-in leaves a call without an answer."""

    def reach(site: Site, begin: Begin, email: str) -> None:
        # Only this sign-up's calls: the worker also looks at earlier people, who have not confirmed.
        about = {} if call.get("path") == AUDIENCE else {"email": email}
        held = site.mailchimp.fail("hang", times=1, **call, **about)
        worker = begin()
        until(lambda: held.hits, SECONDS, "the call")
        worker.kill()

    return reach


def calls_about(site: Site, email: str) -> list[tuple[str, int | None]]:
    """Method and status of the calls about one contact so far."""
    return [(record.method, record.status) for record in site.mailchimp.requests_for(email)]


def before_the_claim(site: Site, begin: Begin, email: str) -> None:
    """During a pause a run begins with a probe, before it takes an entry."""
    held = site.mailchimp.fail("hang", times=1, path="/ping")
    site.database.rows("UPDATE newsletter_queuestate SET paused_since = ?, probe_at = ?", LONG_AGO, LONG_AGO)
    worker = begin()
    until(lambda: held.hits, SECONDS, "the probe")
    worker.kill()
    assert site.claimed_entries() == 0
    site.database.rows("UPDATE newsletter_queuestate SET probe_at = ?", LONG_AGO)


def after_reading(site: Site, begin: Begin, email: str) -> None:
    """The contact was read, but the worker is stopped before it sees the answer, and then killed."""
    held = site.mailchimp.fail("delay", times=1, method="GET", path=CONTACT, email=email)
    worker = begin()
    until(lambda: held.hits, SECONDS, "the call")
    os.killpg(worker.process.pid, signal.SIGSTOP)
    site.mailchimp.clear_faults()
    until(lambda: calls_about(site, email) == [("GET", 404)], SECONDS, "the answer")
    worker.kill()
    assert calls_about(site, email) == [("GET", 404)]


def before_the_write_back(site: Site, begin: Begin, email: str) -> None:
    """Mailchimp has said yes, but the database lets nobody write it down."""
    held = site.mailchimp.fail("delay", times=1, method="PUT", email=email)
    worker = begin()
    until(lambda: held.hits, SECONDS, "the call")
    with site.database.locked():
        site.mailchimp.clear_faults()
        until(lambda: ("PUT", 200) in calls_about(site, email), SECONDS, "the answer")
        time.sleep(0.2)  # so that it is waiting for the lock
        worker.kill()
    assert site.state_of(email) == "waiting"


def between_two(site: Site, begin: Begin, email: str) -> None:
    """One of two entries is written back; the other has just been taken."""
    first = site.mailchimp.fail("delay", times=1, method="GET", path=CONTACT, email=email)
    worker = begin()
    until(lambda: first.hits, SECONDS, "the first entry's call")
    second = site.mailchimp.fail("hang", times=1, email=f"other.{email}")
    assert site.sign_up(f"other.{email}").status == 303
    site.mailchimp.service.faults.release()
    until(lambda: second.hits, SECONDS, "the second entry's call")
    worker.kill()
    assert (site.state_of(email), site.state_of(f"other.{email}")) == ("awaiting_confirmation", "waiting")


STEPS = [
    Step("before the claim", before_the_claim, kills=2),
    Step("after the claim, before any call", held_at(method="GET", path=AUDIENCE), kills=2, fresh=True),
    Step("while reading the contact", held_at(method="GET", path=CONTACT), kills=2),
    Step("after reading the contact", after_reading, kills=2),
    Step("during the write, before it took effect", held_at(method="PUT"), kills=3),
    Step("during the write, after it took effect", held_at(method="PUT", work_done=True), kills=3),
    Step("after the write, before its tags", held_at(method="POST", path=TAGS), kills=2),
    Step("after the write, before it is noted here", before_the_write_back, kills=2),
    Step("between two entries", between_two, kills=2),
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_killed_at_every_step_the_next_worker_delivers_once(site: Site, step: Step) -> None:
    next_worker = None
    for number in range(1 if POSTGRES else step.kills):
        email = f"step{STEPS.index(step)}.{number}@example.org"
        if step.fresh:
            site.end_workers()
            next_worker = None
        step.reach(site, beginner(site, next_worker, email), email)
        assert site.open_entries() == 1
        site.mailchimp.clear_faults()
        site.end_leases()
        next_worker = site.start_worker()
        until(lambda: site.open_entries() == 0, SECONDS, "the delivery by the next worker")
        assert_delivered_once(site, email)
        if step.reach is between_two:
            assert_delivered_once(site, f"other.{email}")


def beginner(site: Site, worker: Running | None, email: str) -> Begin:
    """Make the function that lets a worker, the running one or a new one, meet a sign-up."""

    def begin() -> Running:
        assert site.sign_up(email, page="/news/").status == 303
        return worker or site.start_worker()

    return begin


def test_twenty_workers_are_killed() -> None:
    assert sum(step.kills for step in STEPS) == 20


@pytest.mark.slow
def test_the_next_worker_recovers_within_a_minute_by_the_clock(site: Site) -> None:
    """Nothing is moved here: the killed worker's leases end by themselves."""
    worker = site.start_worker()
    held = site.mailchimp.fail("hang", times=1, method="PUT", work_done=True)
    assert site.sign_up("clock@example.org").status == 303
    until(lambda: held.hits, SECONDS, "the call")
    worker.kill()
    killed = time.monotonic()
    site.start_worker()
    until(lambda: site.open_entries() == 0, RECOVERY_SECONDS + 30, "the delivery by the next worker")
    seconds = time.monotonic() - killed
    print(f"recovered {seconds:.1f} s after SIGKILL")
    assert seconds <= RECOVERY_SECONDS
    assert_delivered_once(site, "clock@example.org")


def assert_delivered_once(site: Site, email: str) -> None:
    """One subscriber, one entry, one contact, one mail, and both sides say the same."""
    contact = site.mailchimp.contact(email)
    assert contact is not None and contact["status"] == "pending"
    assert site.mailchimp.confirmation_mails(email) == 1
    assert site.state_of(email) == "awaiting_confirmation"
    outcomes = site.database.rows(
        "SELECT o.outcome FROM newsletter_outboxentry o JOIN newsletter_subscriber s ON s.id = o.subscriber_id"
        " WHERE s.email_key = ?",
        email,
    )
    assert outcomes == [("delivered",)]
    assert len([contact for contact in site.mailchimp.contacts if contact["email_address"] == email]) == 1
