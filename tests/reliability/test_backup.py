"""A backup made while sign-ups pour in, brought back elsewhere: whoever was thanked before it began is in it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mailchimp_sandbox import Sandbox
from tests.reliability.databases import POSTGRES, Database, new_database, removed
from tests.reliability.processes import OF_DATABASE, ROOT, Site, free_port, until
from tests.reliability.test_stop_under_load import Pour

pytestmark = OF_DATABASE

KEY = "a key for the tests, long enough"


def refused(site: Site, *arguments: str) -> str:
    """Run a command that does not do what it is asked, and give its one line why."""
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=site.environment, capture_output=True, text=True
    )
    assert result.returncode == 1
    return result.stderr


def counts(database: Database) -> tuple[int, ...]:
    tables = ("newsletter_subscriber", "newsletter_consent", "newsletter_outboxentry", "newsletter_transition")
    return tuple(database.value(f"SELECT count(*) FROM {table}") for table in tables)  # noqa: S608 - our own names


@pytest.fixture
def elsewhere(tmp_path: Path, mailchimp: Sandbox):
    """A host with nothing on it."""
    database = new_database(f"restored_{free_port()}", tmp_path, POSTGRES)
    yield Site(database, tmp_path, mailchimp, BACKUP_KEY=KEY)
    removed(database)


def test_nobody_thanked_before_it_began_is_missing(
    new_site: Callable[..., Site], mailchimp: Sandbox, elsewhere: Site, tmp_path: Path
) -> None:
    site = new_site(mailchimp, BACKUP_KEY=KEY)
    site.start_web()
    picture = site.folder / "media" / "original_images" / "map.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture" * 100_000)
    pour = Pour(site)
    try:
        until(lambda: len(pour.thanked) > 20, 30, "the pouring")
        before = list(pour.thanked)
        site.manage("backup", "--to", str(tmp_path / "backups"))
        until(lambda: len(pour.thanked) > len(before) + 20, 30, "the pouring afterwards")
    finally:
        pour.stop()
    [backup] = (tmp_path / "backups").glob("backup-*.tar.sealed")
    assert b"@example.org" not in backup.read_bytes() and b"a picture" not in backup.read_bytes()
    before_refusal = counts(site.database)
    assert "There is a site here already" in refused(site, "restore", str(backup))
    assert counts(site.database) == before_refusal

    said = elsewhere.manage("restore", str(backup))
    assert "Deliveries to Mailchimp wait" in said and "SECRET_KEY" not in said
    restored = elsewhere.subscribers()
    print(f"{len(before)} thanked before, {len(restored)} in the copy, {len(pour.thanked)} thanked in all")
    assert set(before) <= restored <= set(site.subscribers())
    assert elsewhere.open_entries() == len(restored) == counts(elsewhere.database)[1]
    assert (elsewhere.folder / "media" / "original_images" / "map.jpg").read_bytes() == picture.read_bytes()
    assert elsewhere.database.value("SELECT count(*) FROM newsletter_queuestate WHERE copied_at IS NOT NULL") == 1

    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refused(elsewhere, "restore", "--replace", str(backup))
    assert elsewhere.subscribers() == restored
    assert picture.name in {path.name for path in (elsewhere.folder / "media" / "original_images").iterdir()}

    # Over the site that has gone on: everything since is lost, as was asked for.
    backup.write_bytes(whole)
    site.manage("restore", "--replace", str(backup))
    assert site.subscribers() == restored
    assert site.sign_up("afterwards@example.org").status == 303
    assert "afterwards@example.org" in site.subscribers()
