"""Many messages from Mailchimp at once: `python tests/benchmarks/webhooks.py`.

Starts gunicorn and a worker as in production, on a SQLite file of their own, with a stand-in for Mailchimp in this
process. 300 people unsubscribe within a second, 3,000 within five minutes (`--seconds` compresses them), and each
unsubscribing is a signed message to the site. Requests are sent when their time has come whether earlier ones were
answered or not, and a time is counted from when the request was due. The same rate of requests to /health/live/, a
bare view behind the same server, gives the ratio. Ends with code 1 when an answer at p99 took longer than a second,
was a 5xx, or when anybody's state is not right afterwards.
"""

import argparse
import http.client
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
BURST, MANY = 300, 3000
CLIENTS = 150
LIMIT_SECONDS = 1.0
SIGNING_SECRET = secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Load:
    """What a load saw: seconds of each answer, and how many there were of each status (0: none)."""

    seconds: list[float]
    statuses: Counter[int]

    def percentile(self, number: int) -> float:
        """In milliseconds."""
        return statistics.quantiles(self.seconds, n=100)[number - 1] * 1000

    @property
    def failed(self) -> int:
        """Answers that are no 2xx."""
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 300)

    def line(self, name: str) -> str:
        statuses = ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))
        return f"{name:28} p50 {self.percentile(50):6.1f} ms   p99 {self.percentile(99):6.1f} ms   {statuses}"


def send(port: int, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> int:
    """Make one request over a connection of its own, as Mailchimp does. Returns the status, 0 for no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("GET" if body is None else "POST", path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        connection.close()


def run_load(requests: list[Callable[[], int]], within: float) -> Load:
    """Send requests evenly within so many seconds."""
    start = time.perf_counter() + 0.2

    def one(number: int) -> tuple[float, int]:
        due = start + within * number / len(requests)
        time.sleep(max(0.0, due - time.perf_counter()))
        status = requests[number]()
        return time.perf_counter() - due, status

    with ThreadPoolExecutor(CLIENTS) as pool:
        results = list(pool.map(one, range(len(requests))))
    return Load([seconds for seconds, _ in results], Counter(status for _, status in results))


def prepare(folder: str, port: int, mailchimp: Any) -> None:
    """Set Django up on a database in a folder of its own, with subscribers both here and at Mailchimp."""
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    os.environ |= {
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "LOG_LEVEL": "WARNING",
        "PORT": str(port),
        "ENV_FILE": os.devnull,
        "MAILCHIMP_API_KEY": mailchimp.api_key,
        "MAILCHIMP_AUDIENCE_ID": mailchimp.audience_id,
        "MAILCHIMP_BASE_URL": mailchimp.base_url,
        "MAILCHIMP_WEBHOOK_SIGNING_SECRET": SIGNING_SECRET,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from newsletter.models import QueueState, Subscriber
    from newsletter.states import State

    emails = [f"person{number}@example.org" for number in range(BURST + MANY)]
    for email in emails:
        mailchimp.put_contact(email, "subscribed")
    Subscriber.objects.bulk_create(
        Subscriber(email=email, email_key=email, state=State.SUBSCRIBED, mailchimp_status="subscribed")
        for email in emails
    )
    # As after an hour of quiet: the first comparison is done.
    from django.utils import timezone

    QueueState.objects.update_or_create(pk=QueueState.PK, defaults={"reconciled_until": timezone.now()})


@contextmanager
def site(port: int) -> Iterator[None]:
    """gunicorn and a worker, as the Procfile starts them."""
    commands = ([sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"], ["manage.py", "worker"])
    commands[1].insert(0, sys.executable)
    processes = [subprocess.Popen(command, cwd=ROOT) for command in commands]
    try:
        deadline = time.monotonic() + 60
        while send(port, "/health/ready/") != 200:
            if time.monotonic() > deadline:
                raise TimeoutError("the site did not answer")
            time.sleep(0.2)
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def unsubscribing(port: int, path: str, mailchimp: Any, email: str) -> Callable[[], int]:
    """Somebody leaves at Mailchimp, which then sends a signed message."""
    from tests.mailchimp_sandbox.webhook_events import event_fields, signature

    def leave() -> int:
        contact = mailchimp.service.audience.find(email)
        mailchimp.unsubscribe(email)
        fields = event_fields("unsubscribe", contact, mailchimp.audience_id, {"action": "unsub", "reason": "manual"})
        body = urlencode(fields).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Mailchimp-Signature": signature(SIGNING_SECRET, body),
        }
        return send(port, path, body, headers)

    return leave


def wait_until_done(seconds: float) -> float:
    """Wait until the worker has acted on every message. Returns how long it took."""
    from newsletter.models import WebhookEvent

    began = time.monotonic()
    while WebhookEvent.objects.filter(done_at__isnull=True).exists() and time.monotonic() - began < seconds:
        time.sleep(0.2)
    return time.monotonic() - began


def measure(port: int, mailchimp: Any, seconds: float) -> bool:
    """Run the loads and print what was seen. Returns whether all limits were kept."""
    from newsletter.models import Subscriber, WebhookEvent
    from newsletter.states import State
    from newsletter.webhook import path as webhook_path

    path = webhook_path()
    run_load([lambda: send(port, "/health/live/")] * 100, 1)  # warm-up
    kept = True
    for name, first, count, within in (("burst", 0, BURST, 1.0), ("campaign", BURST, MANY, seconds)):
        people = [f"person{number}@example.org" for number in range(first, first + count)]
        bare = run_load([lambda: send(port, "/health/live/")] * min(count, 300), min(count, 300) * within / count)
        calls_before = len(mailchimp.requests)
        load = run_load([unsubscribing(port, path, mailchimp, email) for email in people], within)
        drained = wait_until_done(300)
        calls = len(mailchimp.requests) - calls_before
        stored = WebhookEvent.objects.count()
        right = Subscriber.objects.filter(email_key__in=people, state=State.UNSUBSCRIBED).count()
        print(load.line(f"{name}: {count} in {within:.0f} s"))
        print(bare.line("  bare view, same rate"))
        print(f"  ratio at the median: {load.percentile(50) / bare.percentile(50):.1f}; at p99: ", end="")
        print(f"{load.percentile(99) / bare.percentile(99):.1f}")
        print(f"  {stored} stored; the last one acted on {drained:.1f} s after; {calls} calls; right: {right}/{count}")
        kept &= not load.failed and load.percentile(99) <= LIMIT_SECONDS * 1000 and right == count
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300, help="for the 3,000 (default: %(default).0f)")
    arguments = parser.parse_args()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    sys.path.insert(0, str(ROOT))
    from tests.mailchimp_sandbox import Sandbox

    with tempfile.TemporaryDirectory(prefix="webhook-benchmark-") as folder, Sandbox() as mailchimp:
        prepare(folder, port, mailchimp)
        with site(port):
            kept = measure(port, mailchimp, arguments.seconds)
    print(f"limit {LIMIT_SECONDS:.0f} s at p99, no 5xx, every state right: {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
