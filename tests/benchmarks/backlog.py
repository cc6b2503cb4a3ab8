"""How fast a backlog drains: `python tests/benchmarks/backlog.py --count 100000`.

Puts new sign-ups into the outbox of an empty SQLite file, as an outage leaves them, and delivers them to the
stand-in for Mailchimp, which runs as a process of its own. Then sends the very same bodies again, to the stand-in
emptied, with nothing but `requests`, so that both saw the same machine. Prints calls per 500 sign-ups, rates and
their ratio. Ends with code 1 when there were more calls than the limit, or when a sign-up was not delivered.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
LIMIT_CALLS_PER_500 = 1.05


@contextmanager
def stand_in() -> Iterator[dict[str, str]]:
    """Run the stand-in. Gives the environment that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.mailchimp_sandbox", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(4)]
        yield dict(line.split("=", 1) for line in lines if line.startswith("MAILCHIMP_"))
    finally:
        process.terminate()
        process.communicate()


def prepare(folder: str, mailchimp: dict[str, str]) -> None:
    """Set Django up on an empty database in a folder of its own."""
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    os.environ |= mailchimp | {
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "SITE_URL": "http://testserver",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill(count: int) -> None:
    """Write sign-ups as the form does, each with its consent, history and outbox entry."""
    from newsletter.models import Consent, OptInMode, OutboxEntry, Subscriber, Transition
    from newsletter.states import Source, State

    for start in range(0, count, 5000):
        numbers = range(start, min(start + 5000, count))
        people = Subscriber.objects.bulk_create(
            Subscriber(email=address, email_key=address, first_name="Ada", source_page="/newsletter/")
            for address in (f"person{number}@example.org" for number in numbers)
        )
        words = {"wording": "I agree.", "wording_version": 1, "opt_in_mode": OptInMode.DOUBLE}
        Consent.objects.bulk_create(Consent(subscriber=person, email=person.email, **words) for person in people)
        Transition.objects.bulk_create(
            Transition(subscriber=person, to_state=State.WAITING, source=Source.FORM) for person in people
        )
        OutboxEntry.objects.bulk_create(OutboxEntry(subscriber=person) for person in people)


def drain() -> float:
    """Deliver all that waits, in runs as the worker's clock makes them. Returns seconds."""
    from newsletter.delivery import deliver_due

    began = time.perf_counter()
    while True:
        report = deliver_due()
        if report.stopped:
            raise SystemExit(f"deliveries stopped: {report.stopped}")
        if not report.counts:
            return time.perf_counter() - began


def bare_posts(mailchimp: dict[str, str], count: int) -> float:
    """Send the same contacts with nothing around the calls. Returns seconds."""
    from newsletter import payload
    from newsletter.decisions import PENDING
    from newsletter.models import OutboxEntry

    root = mailchimp["MAILCHIMP_BASE_URL"]
    address = f"{root}/lists/{mailchimp['MAILCHIMP_AUDIENCE_ID']}"
    entries = OutboxEntry.objects.select_related("subscriber").order_by("pk")
    seconds = 0.0
    for start in range(0, count, 500):
        some = entries.prefetch_related("subscriber__consents", "subscriber__interests")[start : start + 500]
        members = [payload.member(entry.subscriber, PENDING, entry.requested_at, set()) for entry in some]
        body = {"members": members, "update_existing": False}
        began = time.perf_counter()
        answer = requests.post(address, json=body, auth=("user", mailchimp["MAILCHIMP_API_KEY"]), timeout=60)
        seconds += time.perf_counter() - began
        if answer.json()["total_created"] != len(members):
            raise SystemExit("the reference was not accepted")
    return seconds


def control(mailchimp: dict[str, str], method: str, name: str) -> Any:
    """Ask the stand-in itself."""
    root = mailchimp["MAILCHIMP_BASE_URL"].removesuffix("/3.0")
    return requests.request(method, f"{root}/_sandbox/{name}", json={} if method == "POST" else None, timeout=60).json()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000, help="how many sign-ups wait (default: %(default)s)")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory(prefix="backlog-benchmark-") as folder, stand_in() as mailchimp:
        prepare(folder, mailchimp)
        fill(count)
        took = drain()
        calls = control(mailchimp, "GET", "state")["requests"]
        from newsletter.models import OutboxEntry, Subscriber
        from newsletter.states import State

        delivered = Subscriber.objects.filter(state=State.AWAITING_CONFIRMATION).count()
        left = OutboxEntry.objects.open().count()
        control(mailchimp, "POST", "reset")
        bare = bare_posts(mailchimp, count)
    per_500 = calls / (count / 500)
    print(f"delivered:     {delivered} of {count}, {left} left")
    print(f"calls:         {calls}, which is {per_500:.3f} per 500 (limit: {LIMIT_CALLS_PER_500})")
    print(f"took:          {took:.1f} s, {count / took:.0f} a second")
    print(f"bare requests: {bare:.1f} s, {count / bare:.0f} a second")
    print(f"ratio:         {took / bare:.2f}")
    return 0 if delivered == count and not left and per_500 <= LIMIT_CALLS_PER_500 else 1


if __name__ == "__main__":
    sys.exit(main())
