"""What a full table costs: `python -m tests.benchmarks.million_subscribers [--database postgres://user@host/name]`.

Makes two sites: one empty, and one with a million people on the list, each with a consent, a delivered entry and a
history (copies of one real sign-up). Sign-ups go to both in turn, so that both see the same machine. Then the
admin's list and exports of the full one are asked for, over HTTP, by one web process whose memory is watched
(Linux). What this version of the site does not have is named and left out. Ends with code 1 above a limit.
"""

import argparse
import contextlib
import http.client
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.mailchimp_sandbox import Sandbox
from tests.reliability.databases import Database, copied, new_database, removed
from tests.reliability.processes import Running, Site, free_port, until

SIGN_UP_RATIO, LIST_SECONDS, EXPORT_MEGABYTES = 1.2, 1.0, 256.0
MISSING = "not in this version"

# What makes each copy a person of its own; everything else is as in the row that is copied.
OWN = {
    "newsletter_subscriber": {
        "id": "1000 + i",
        "email": "'Person' || i || '@example.org'",
        "email_key": "'person' || i || '@example.org'",
        "first_name": "'Ada' || (i % 5000)",
        "state": "CASE WHEN i % 20 = 0 THEN 'unsubscribed' WHEN i % 20 = 1 THEN 'bounced' ELSE 'subscribed' END",
        "signed_up_at": "{moment}",
        "state_changed_at": "{moment}",
        "source_page": "'/news/article-' || (i % 300) || '/'",
        "next_look_at": "NULL",
    },
    "newsletter_consent": {
        "id": "1000 + i",
        "subscriber_id": "1000 + i",
        "email": "'Person' || i || '@example.org'",
        "given_at": "{moment}",
    },
    "newsletter_outboxentry": {"id": "1000 + i", "subscriber_id": "1000 + i", "requested_at": "{moment}"},
    "newsletter_transition": {"id": "1000 + i", "subscriber_id": "1000 + i", "at": "{moment}"},
}
MOMENT = {
    True: "strftime('%Y-%m-%d %H:%M:%S.000000', 1500000000 + i * 200, 'unixepoch')",
    False: "to_timestamp(1500000000 + i * 200)",
}
# Makes a user who may do everything, logs them in, and says where things are.
LOG_IN = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.urls import NoReverseMatch, reverse
user = get_user_model()._default_manager.create_superuser("benchmark", password="only for a benchmark")
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
session.save()
print("cookie", f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
for name, arguments in {"index": [], "search": [], "csv": ["csv"], "xlsx": ["xlsx"]}.items():
    action = name if name in ("index", "search") else "export"
    try:
        print(name, reverse(f"newsletter_subscriber_modeladmin_{action}", args=arguments))
    except NoReverseMatch:
        pass
"""


def fill(database: Database, people: int) -> None:
    """Copy the one sign-up that is there until there are so many."""
    moment = MOMENT[database.is_sqlite]
    series = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n"
    with contextlib.closing(database.connect()) as connection:
        if database.is_sqlite:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-400000")
        connection.execute("CREATE TEMPORARY TABLE numbers (i BIGINT)")
        connection.execute("INSERT INTO numbers " + series.replace("?", str(people)))
        for table, own in OWN.items():
            # The names are those of our own tables and columns.
            names = [column[0] for column in connection.execute(f"SELECT * FROM {table} LIMIT 0").description]  # noqa: S608
            values = ", ".join(own.get(name, f"one.{name}").replace("{moment}", moment) for name in names)
            quoted = ", ".join(f'"{name}"' for name in names)
            one = f"(SELECT * FROM {table} ORDER BY id DESC LIMIT 1) AS one"  # noqa: S608
            connection.execute(f"INSERT INTO {table} ({quoted}) SELECT {values} FROM numbers, {one}")  # noqa: S608
            if not database.is_sqlite:
                sequence = f"pg_get_serial_sequence('{table}', 'id')"
                connection.execute(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))")  # noqa: S608
        connection.execute("ANALYZE")


def compare_sign_ups(empty: Site, full: Site, number: int) -> tuple[list[float], list[float]]:
    """Times of sign-ups at both sites, in turn, in milliseconds; the first few are for warming up."""
    times: tuple[list[float], list[float]] = ([], [])
    for count in range(number + 30):
        for site, found in zip((empty, full), times, strict=True):
            answer = site.sign_up(f"newcomer{count}@example.net", first_name="Grace")
            if answer.status != 303:
                raise SystemExit(f"a sign-up was answered with {answer.status}")
            if count >= 30:
                found.append(answer.seconds * 1000)
    return times


@dataclass
class Admin:
    """The admin of a site, as a user who may do everything sees it. `places` are its addresses, by name."""

    site: Site
    web: Running
    cookie: str
    places: dict[str, str]

    @classmethod
    def of(cls, site: Site, web: Running) -> "Admin":
        said = dict(line.split(" ", 1) for line in site.manage("shell", "-c", LOG_IN).splitlines() if " " in line)
        return cls(site, web, said.pop("cookie"), said)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str, float]:
        """Status, address to go on to, the first megabyte, and the seconds to the last byte."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=280)
        token = "a" * 32
        headers = {"Cookie": f"{self.cookie}; csrftoken={token}", "Origin": f"http://127.0.0.1:{self.site.port}"}
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", path, urlencode(form | {"csrfmiddlewaretoken": token}), headers)
        answer = connection.getresponse()
        body = answer.read(1_000_000).decode(errors="replace")
        while answer.read(1_000_000):
            pass
        connection.close()
        return answer.status, answer.headers.get("Location", ""), body, time.monotonic() - began

    def timed(self, what: str, path: str) -> float:
        """Seconds of the middle of three answers."""
        answers = [self.ask(path) for _ in range(3)]
        if {status for status, *_ in answers} != {200}:
            raise SystemExit(f"{what}: answered with {[status for status, *_ in answers]}")
        return statistics.median(seconds for *_, seconds in answers)

    def looks(self) -> Iterator[tuple[str, float]]:
        """Each way to look at the list, and its seconds."""
        index = self.places["index"]
        yield "first page", self.timed("first page", index)
        yield "filtered by state", self.timed("filtered", f"{index}?state=bounced")
        last = max(map(int, re.findall(r"[?&]p=(\d+)", self.ask(index)[2])), default=1)
        yield f"last page ({last})", self.timed("last page", f"{index}?p={last}")
        for what, term in {"search, one person": "person777777@", "search, a thousand": "son77777"}.items():
            if "search" in self.places:
                status, found, _, seconds = self.ask(self.places["search"], {"term": term})
                if status != 302:
                    raise SystemExit(f"{what}: answered with {status}")
                yield what, seconds + self.timed(what, found)
            else:
                yield what, self.timed(what, f"{index}?q={term}")

    def export(self, kind: str) -> tuple[float, float]:
        """Peak memory of the web process in megabytes while it exports, and the seconds."""
        process = int(Path(f"/proc/{self.web.process.pid}/task/{self.web.process.pid}/children").read_text().split()[0])
        Path(f"/proc/{process}/clear_refs").write_text("5")  # forget the peak so far: proc(5)
        status, _, _, seconds = self.ask(self.places[kind], {})
        if status != 200:
            raise SystemExit(f"{kind}: answered with {status}")
        peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
        assert peak is not None
        return int(peak[1]) / 1024, seconds


@contextlib.contextmanager
def two_sites(server: str, people: int) -> Iterator[tuple[Site, Site]]:
    """An empty site and a full one, their web servers not started."""
    with tempfile.TemporaryDirectory(prefix="million-") as name, Sandbox(double_optin=False) as mailchimp:
        folders = [Path(name) / which for which in ("empty", "full")]
        for folder in folders:
            folder.mkdir()
        settings = {"WEB_CONCURRENCY": "1", "LOG_LEVEL": "WARNING"}
        empty = Site(new_database(f"empty_{free_port()}", folders[0], server), folders[0], mailchimp, **settings)
        made = [empty.database]
        try:
            empty.manage("migrate", "--no-input", "--verbosity", "0")
            made.append(copied(empty.database, f"full_{free_port()}", folders[1]))
            full = Site(made[1], folders[1], mailchimp, **settings)
            yield empty, full
        finally:
            for database in made:
                removed(database)


def prepare(full: Site, people: int) -> Running:
    """Start the full site's web server, have one real person signed up and delivered, and make the others."""
    web = full.start_web()
    full.sign_up("first@example.org", first_name="Ada", page="/news/")
    worker = full.start_worker()
    until(lambda: full.open_entries() == 0, 60, "the first delivery")
    worker.stop()
    began = time.monotonic()
    fill(full.database, people)
    print(f"{people:,} people made in {time.monotonic() - began:.0f} s", flush=True)
    return web


def report(empty: Site, full: Site, people: int, sign_ups: int) -> bool:
    """Measure, print, and tell whether every limit was kept."""
    web = prepare(full, people)
    empty.start_web()
    none, many = compare_sign_ups(empty, full, sign_ups)
    p99 = [statistics.quantiles(times, n=100)[98] for times in (none, many)]
    print(f"machine:   {os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")
    for which, times, high in (("empty", none, p99[0]), ("full", many, p99[1])):
        print(f"sign-up, {which}: median {statistics.median(times):.1f} ms, p99 {high:.1f} ms")
    kept = [p99[1] / p99[0] <= SIGN_UP_RATIO]
    print(f"ratio:     {p99[1] / p99[0]:.2f} of p99, limit {SIGN_UP_RATIO}: {'kept' if kept[0] else 'EXCEEDED'}")
    admin = Admin.of(full, web)
    for what, seconds in admin.looks():
        kept.append(seconds <= LIST_SECONDS)
        print(f"list:      {what} {seconds:.2f} s, limit {LIST_SECONDS:.0f} s: {'kept' if kept[-1] else 'EXCEEDED'}")
    for kind in ("csv", "xlsx"):
        if kind not in admin.places:
            print(f"export:    {kind} {MISSING}")
            continue
        megabytes, seconds = admin.export(kind)
        kept.append(megabytes <= EXPORT_MEGABYTES)
        verdict = "kept" if kept[-1] else "EXCEEDED"
        print(f"export:    {kind} {megabytes:.0f} MB, {seconds:.0f} s, limit {EXPORT_MEGABYTES:.0f} MB: {verdict}")
    return all(kept)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="sqlite (the default) or the URL of a PostgreSQL database")
    parser.add_argument("--people", type=int, default=1_000_000, help="default: %(default)s")
    parser.add_argument("--sign-ups", type=int, default=1000, help="to each of the two sites (default: %(default)s)")
    asked = parser.parse_args()
    with two_sites("" if asked.database in ("", "sqlite") else asked.database, asked.people) as (empty, full):
        try:
            return 0 if report(empty, full, asked.people, asked.sign_ups) else 1
        finally:
            empty.end_all()
            full.end_all()


if __name__ == "__main__":
    sys.exit(main())
