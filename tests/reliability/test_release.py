"""A release whose migration fails: the release step ends with an error, and the one before goes on serving."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.processes import OF_DATABASE, ROOT, Site

pytestmark = OF_DATABASE

SETTINGS = """
from config.settings.production import *
INSTALLED_APPS = [*INSTALLED_APPS, "next_release"]
"""
MIGRATION = """
from django.db import migrations

def fail(apps, schema_editor):
    raise RuntimeError("this release is broken")

class Migration(migrations.Migration):
    dependencies = [("newsletter", "0001_initial")]
    operations = [
        migrations.RunSQL("ALTER TABLE newsletter_subscriber ADD COLUMN half_done integer"),
        migrations.RunSQL("DELETE FROM newsletter_consentwording"),
        migrations.RunPython(fail),
    ]
"""


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """A folder with a release that has an app more, whose migration fails half way."""
    folder = tmp_path / "next_release" / "migrations"
    folder.mkdir(parents=True)
    for path in (folder / "__init__.py", folder.parent / "__init__.py"):
        path.touch()
    (folder / "0001_initial.py").write_text(MIGRATION)
    (tmp_path / "next_settings.py").write_text(SETTINGS)
    return tmp_path


def release_step(site: Site, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the Procfile's release step as a platform does."""
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    path = os.pathsep.join((str(Path(sys.executable).parent), site.environment["PATH"]))
    environment = site.environment | {
        "PATH": path,
        "PYTHONPATH": str(folder),
        "DJANGO_SETTINGS_MODULE": "next_settings",
    }
    command = ["sh", "-c", lines["release"]]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_failed_release_leaves_the_old_one_serving(site: Site, next_release: Path) -> None:
    site.start_web()
    wordings = site.database.value("SELECT count(*) FROM newsletter_consentwording")
    assert site.sign_up("before@example.org").status == 303

    result = release_step(site, next_release)
    assert result.returncode != 0
    assert "this release is broken" in result.stderr

    assert site.get("/health/ready/").status == 200
    assert site.sign_up("after@example.org").status == 303
    assert site.subscribers() == {"before@example.org", "after@example.org"}
    assert site.database.value("SELECT count(*) FROM newsletter_consentwording") == wordings
    with pytest.raises(Exception, match="half_done"):
        site.database.value("SELECT half_done FROM newsletter_subscriber")
