"""How long a migration keeps people waiting: `python -m tests.benchmarks.migrations`.

Makes 100,000 pages, each with a revision, an entry of the log and one of the search, and 1,000,000 people on the list,
each with a consent, a delivery and a history; on SQLite, or on the server of TEST_DATABASE_URL=postgres://... Then
takes back each migration of our own, the last first, and applies it again, while one program writes what a sign-up
writes and another reads what a page reads, every 20 ms, as the release before does. Prints the longest wait of each,
beside the longest without a migration. Ends with code 1 when a migration, while it was applied, kept one of them
waiting for more than the limit, or made it fail. Those of the first release meet an empty database, so of them it is
only told (tests.ops.migration_rules).

A migration that began an app is left out: it made tables that nobody used. So is one that cannot be taken back without
such a beginning; it is named. What runs after every migrate (the first filling of the search) is no migration.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.million_subscribers import fill as fill_subscribers
from tests.benchmarks.probes import Probe, reader, writer
from tests.ops.migration_rules import is_later
from tests.reliability.databases import Database, new_database, removed
from tests.reliability.processes import ROOT, free_port

LIMIT_SECONDS = 2.0
# How long the waits are looked at without a migration.
QUIET_SECONDS = 3.0
BATCH = 1000
Key = tuple[str, str]


# --- The full site -------------------------------------------------------------------------------------


def prepare(database: Database, folder: str) -> None:
    """Set Django up on the database, with all migrations and the starting content."""
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    os.environ |= {
        "DATA_DIR": folder,
        "DATABASE_URL": database.url,
        "SITE_URL": "http://testserver",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill(database: Database, pages: int, people: int) -> None:
    """Make pages with what belongs to them, and people with what belongs to them."""
    from django.db import connection
    from wagtail.models import Page

    from newsletter.models.consent import FALLBACK_WORDING
    from newsletter.service import SignUp, sign_up
    from tests.benchmarks.sitemap import make_pages

    make_pages(pages)
    keys = list(Page.objects.filter(slug__startswith="a-page-with-a-title").order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        _write_what_belongs(keys[start : start + BATCH])
    sign_up(SignUp(email="one@example.org", wording=FALLBACK_WORDING))
    connection.close()
    fill_subscribers(database, people)


def _write_what_belongs(keys: list[int]) -> None:
    """A revision of each page, an entry of the log, and one of the search."""
    from django.utils import timezone
    from wagtail.models import Page, PageLogEntry, Revision

    from core.models import SearchEntry

    pages = list(Page.objects.filter(pk__in=keys))
    now, words = timezone.now(), "Some words that a page has. " * 40
    Revision.objects.bulk_create(
        Revision(
            content_type=page.content_type,
            base_content_type=page.cached_content_type,
            object_id=str(page.pk),
            created_at=now,
            object_str=page.title,
            content={"title": page.title, "body": words},
        )
        for page in pages
    )
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            page_id=page.pk, content_type=page.content_type, label=page.title, action="wagtail.edit", timestamp=now
        )
        for page in pages
    )
    there = set(SearchEntry.objects.filter(page__in=keys).values_list("page_id", flat=True))
    SearchEntry.objects.bulk_create(
        SearchEntry(id=page.pk + 10**12, page_id=page.pk, kind="news", title=page.title, body=words)
        for page in pages
        if page.pk not in there
    )


# --- Migrations ----------------------------------------------------------------------------------------


def ours() -> list[Key]:
    """Our migrations that no app began with, the last first."""
    from core.checks import OWN_APPS

    executor = fresh_executor()
    leaves = executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(leaves, clean_start=True)
    found = [(migration.app_label, migration.name) for migration, _ in plan if not migration.initial]
    return [key for key in reversed(found) if key[0] in OWN_APPS]


def fresh_executor() -> Any:
    """What migrates, with what is applied by now."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    return MigrationExecutor(connection)


def before(key: Key) -> Key:
    """The migration of the same app that one follows."""
    executor = fresh_executor()
    (parent,) = [found.key for found in executor.loader.graph.node_map[key].parents if found.key[0] == key[0]]
    return parent


def stands_alone(key: Key) -> bool:
    """Whether a migration can be taken back without another one."""
    return len(fresh_executor().migration_plan([before(key)])) == 1


def migrate(to: Key) -> float:
    """Go to a migration, and tell how many seconds it took."""
    executor = fresh_executor()
    began = time.perf_counter()
    executor.migrate([to])
    return time.perf_counter() - began


@dataclass(frozen=True)
class Waits:
    """Of one migration in one direction: its own seconds, and the longest that others waited."""

    took: float
    write: float
    read: float
    failure: str

    def __str__(self) -> str:
        said = f"{self.took:7.2f} s, a write waited {self.write:5.2f} s, a read {self.read:5.2f} s"
        return f"{said}  FAILED: {self.failure}" if self.failure else said

    @property
    def is_kept(self) -> bool:
        return not self.failure and max(self.write, self.read) <= LIMIT_SECONDS


@contextlib.contextmanager
def probed(database: Database) -> Iterator[list[Probe]]:
    """Let one write and one read for the length of a `with` block."""
    with writer(database) as writing, reader(database) as reading:
        yield [writing, reading]


def waits_of(database: Database, to: Key | None) -> Waits:
    """Migrate, or only wait for a while, and see how long others waited."""
    with probed(database) as probes:
        time.sleep(0.3)
        if to:
            took = migrate(to)
        else:
            time.sleep(took := QUIET_SECONDS)
        time.sleep(0.3)
    failure = next((probe.failure for probe in probes if probe.failure), "")
    return Waits(took, probes[0].longest, probes[1].longest, failure)


def report(database: Database) -> bool:
    """Measure and print; tell whether every limit was kept."""
    print(f"machine: {os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")
    print(f"{'without a migration':52} {waits_of(database, None)}", flush=True)
    exceeded, stopped = list[Key](), set[str]()
    for key in ours():
        name = ".".join(key)
        if key[0] in stopped or not stands_alone(key):
            stopped.add(key[0])
            print(f"{name:44} cannot be taken back without the beginning of another app")
            continue
        parent = before(key)
        try:
            back = waits_of(database, parent)
        except Exception as error:
            stopped.add(key[0])
            print(f"{name:44} cannot be taken back: {type(error).__name__}: {str(error).splitlines()[0]}")
            continue
        forth = waits_of(database, key)
        print(f"{name:44} back    {back}\n{'':44} applied {forth}", flush=True)
        exceeded += [] if forth.is_kept else [key]
        migrate(parent)
    later = [key for key in exceeded if is_later(key)]
    print(f"limit: {LIMIT_SECONDS:.0f} s of waiting while one is applied: {'EXCEEDED' if later else 'kept'}")
    if first := [".".join(key) for key in exceeded if key not in later]:
        print(f"over it, but of the first release, which finds an empty database: {', '.join(first)}")
    return not later


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000, help="default: %(default)s")
    parser.add_argument("--people", type=int, default=1_000_000, help="default: %(default)s")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="migrations-") as folder:
        server = os.environ.get("TEST_DATABASE_URL", "")
        database = new_database(f"migrations_{free_port()}", Path(folder), server)
        try:
            prepare(database, folder)
            began = time.monotonic()
            fill(database, asked.pages, asked.people)
            what = "SQLite" if database.is_sqlite else "PostgreSQL"
            print(f"{what}: {asked.pages:,} pages, {asked.people:,} people, made in {time.monotonic() - began:.0f} s")
            return 0 if report(database) else 1
        finally:
            removed(database)


if __name__ == "__main__":
    sys.exit(main())
