"""Sign-ups pouring in: `python -m tests.benchmarks.load_sign_up [--database postgres://user@host/name]`.

Starts gunicorn and the worker as the Procfile does, and the stand-in for Mailchimp beside them, and has visitors
arrive on schedule, however slow the answers are: each time is counted from the moment the visitor was due. Before
that, a bare WSGI function behind the same gunicorn gets the same visitors, so that a slow machine can be told from
a slow site. Ends with code 1 when a sign-up is lost, any answer is a 5xx, or the 99th percentile is over the limit.

With PostgreSQL a database of its own is made on the server, and dropped in the end.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.mailchimp_sandbox.service import DEFAULT_AUDIENCE, DEFAULT_KEY
from tests.reliability.databases import new_database, removed
from tests.reliability.processes import Running, Site, free_port, until

LIMIT_MILLISECONDS = 500.0
DELIVERY_SECONDS = 200
BARE = "tests.benchmarks.load_sign_up:bare"


def bare(environ: dict[str, object], start_response: object) -> list[bytes]:
    """The least that a web application can do with a form: read it and answer."""
    environ["wsgi.input"].read()
    start_response("303 See Other", [("Location", "/newsletter/thank-you/"), ("Content-Length", "0")])
    return [b""]


@dataclass
class Load:
    """What visitors met.

    Attributes:
        milliseconds: from the moment a visitor was due to the last byte of the answer.
        ends: how many met which status, or which error.
    """

    milliseconds: list[float] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)

    def percentile(self, number: int) -> float:
        return statistics.quantiles(self.milliseconds, n=100)[number - 1]

    def __str__(self) -> str:
        times = ", ".join(f"p{number} {self.percentile(number):.0f} ms" for number in (50, 95, 99))
        return f"{dict(self.ends)}, {times}, slowest {max(self.milliseconds):.0f} ms"


@dataclass
class StandIn:
    """The stand-in for Mailchimp as a process of its own."""

    port: int
    api_key: str = DEFAULT_KEY
    audience_id: str = DEFAULT_AUDIENCE

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/3.0"

    def state(self) -> dict[str, int]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_sandbox/state") as answer:
            return json.load(answer)


async def visit(port: int, number: int, due: float, load: Load) -> None:
    """One visitor, with a connection of their own."""
    body = urlencode({"email": f"person{number}@example.org", "first_name": "Ada", "page": "/news/"})
    head = [
        "POST /newsletter/ HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Sec-Fetch-Site: same-origin",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())
        answer = await reader.read()
        writer.close()
        load.ends[answer.split(b" ", 2)[1].decode() if answer else "no answer"] += 1
    except OSError as error:
        load.ends[type(error).__name__] += 1
    load.milliseconds.append((time.monotonic() - due) * 1000)


async def pour(port: int, rate: float, seconds: float) -> Load:
    """Let visitors arrive on schedule, and wait for the last answer."""
    load, start = Load(), time.monotonic()
    async with asyncio.TaskGroup() as visitors:
        for number in range(int(rate * seconds)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            visitors.create_task(visit(port, number, due, load))
    return load


@contextmanager
def running_site(database_url: str) -> Iterator[Site]:
    """A migrated site with the stand-in, nothing else running yet."""
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        folder = Path(name)
        database = new_database(f"load_{free_port()}", folder, database_url)
        stand_in = StandIn(free_port())
        # Warnings only: a log line for each request is work that production does elsewhere.
        site = Site(database, folder, stand_in, LOG_LEVEL="WARNING")
        command = [sys.executable, "-m", "tests.mailchimp_sandbox", "--quiet", "--port", str(stand_in.port)]
        mailchimp = Running("stand-in", command, dict(os.environ), folder / "stand-in.log")
        try:
            site.manage("migrate", "--no-input", "--verbosity", "0")
            yield site
        finally:
            site.end_all()
            mailchimp.kill()
            removed(database)


def reference(site: Site, rate: float, seconds: float) -> Load:
    """The same visitors at a bare WSGI function behind the same gunicorn."""
    web = site.start_web(BARE, ready=303)
    load = asyncio.run(pour(site.port, rate, seconds))
    web.stop()
    return load


def measure(site: Site, rate: float, seconds: float) -> tuple[Load, float | None]:
    """Sign-ups with all processes running; also the seconds until all were delivered, None when they were not."""
    site.start_web()
    site.start_worker()
    time.sleep(5)
    load = asyncio.run(pour(site.port, rate, seconds))
    began = time.monotonic()
    print(f"sign-up:       {load}", flush=True)
    print(f"               {site.open_entries()} not delivered yet when the last was answered", flush=True)
    try:
        until(lambda: site.open_entries() == 0, DELIVERY_SECONDS, "the delivery of all", pause=1)
    except AssertionError:
        return load, None
    return load, time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="sqlite (the default) or the URL of a PostgreSQL database")
    parser.add_argument("--rate", type=float, default=100, help="sign-ups a second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="for how long (default: %(default)s)")
    asked = parser.parse_args()
    with running_site("" if asked.database in ("", "sqlite") else asked.database) as site:
        plain = reference(site, asked.rate, min(10, asked.seconds))
        print(f"bare function: {plain}", flush=True)
        load, delivery = measure(site, asked.rate, asked.seconds)
        kept, waiting, contacts = len(site.subscribers()), site.open_entries(), site.mailchimp.state()["contacts"]
    print(f"machine:       {os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")
    ratio = load.percentile(99) / plain.percentile(99)
    print(f"ratio of p50:  {load.percentile(50) / plain.percentile(50):.1f}, of p99: {ratio:.1f}")
    print(f"kept:          {kept} of {load.ends.total()}, at Mailchimp {contacts}, waiting {waiting}")
    print("delivered:     " + ("NOT ALL" if delivery is None else f"all, {delivery:.0f} s after the last sign-up"))
    is_whole = set(load.ends) == {"303"} and kept == contacts == load.ends.total() and delivery is not None
    is_fast = load.percentile(99) <= LIMIT_MILLISECONDS
    print(f"limit:         p99 {LIMIT_MILLISECONDS:.0f} ms {'kept' if is_fast else 'EXCEEDED'}")
    return 0 if is_whole and is_fast else 1


if __name__ == "__main__":
    sys.exit(main())
